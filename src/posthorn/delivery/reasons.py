"""Why a delivery is on hold, in people's words; a docs page is generated from here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation.trans_null import gettext_noop as _  # needs no settings


class Hold(StrEnum):
    """Why a delivery is on hold."""

    MISSING_ADDRESS = "missing_address"
    EXTENSION_OFF = "extension_off"
    CONNECTION_PAUSED = "connection_paused"
    CONNECTION_ATTENTION = "connection_attention"
    CONNECTOR_MISSING = "connector_missing"
    INTEGRATION_PAUSED = "integration_paused"
    INTEGRATION_REMOVED = "integration_removed"
    UNVERIFIED = "unverified"
    UNDECIDED = "undecided"
    CLIENT_PAUSED = "client_paused"
    CLIENT_LEFT = "client_left"
    NOT_SHARED = "not_shared"
    BY_HAND = "by_hand"
    UNKNOWN_THRICE = "unknown_thrice"
    ASK_ME = "ask_me"
    MISCONFIGURED = "misconfigured"
    INTERNAL_ERROR = "internal_error"
    FILE_DAMAGED = "file_damaged"
    WITHDRAWN = "withdrawn"
    KEY_MISSING = "key_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldMeaning:
    """A reason in people's words; an automatic one lifts by itself once its cause is gone."""

    why: str
    who: str
    is_automatic: bool


def _automatic(why: str, who: str) -> HoldMeaning:
    return HoldMeaning(why=why, who=who, is_automatic=True)


def _decided(why: str, who: str) -> HoldMeaning:
    return HoldMeaning(why=why, who=who, is_automatic=False)


HOLDS: dict[Hold, HoldMeaning] = {
    Hold.MISSING_ADDRESS: _automatic(
        _("The client has no address for this kind of document."),
        _("The file manager fills in the address."),
    ),
    Hold.EXTENSION_OFF: _automatic(
        _("The accounting package is switched off."), _("An administrator switches it on again.")
    ),
    Hold.CONNECTION_PAUSED: _automatic(
        _("The accounting package is paused."), _("An administrator releases the pause.")
    ),
    Hold.CONNECTION_ATTENTION: _automatic(
        _("The accounting package refuses us until a setting is corrected."),
        _("An administrator corrects the setting and saves it."),
    ),
    Hold.CONNECTOR_MISSING: _automatic(
        _("The extension is not loaded on this installation."),
        _("The operator installs or repairs it."),
    ),
    Hold.INTEGRATION_PAUSED: _automatic(
        _("The client's integration is paused."), _("The file manager releases it.")
    ),
    Hold.INTEGRATION_REMOVED: _decided(
        _("The client's integration was removed before it went."),
        _("The file manager cancels it or adds the integration."),
    ),
    Hold.UNVERIFIED: _automatic(
        _("Where it goes in the accounting package is not verified yet."),
        _("Nobody: Posthorn asks the package again by itself, and sends it then."),
    ),
    Hold.UNDECIDED: _automatic(
        _("Somebody must say where it goes in the accounting package."),
        _("The file manager chooses it under the client's integrations."),
    ),
    Hold.CLIENT_PAUSED: _automatic(
        _("The client is paused."), _("The file manager releases the client.")
    ),
    Hold.CLIENT_LEFT: _decided(
        _("The client is no longer active with the firm."),
        _("An administrator cancels it, or makes the client active again."),
    ),
    Hold.NOT_SHARED: _decided(
        _("The client no longer shares its documents."),
        _("The file manager cancels it, or releases it once the client shares again."),
    ),
    Hold.BY_HAND: _decided(_("Somebody put it on hold."), _("The file manager releases it.")),
    Hold.UNKNOWN_THRICE: _decided(
        _("It was sent three times and no answer came back."),
        _("The file manager looks in the package, then decides."),
    ),
    Hold.ASK_ME: _decided(
        _("It was sent and no answer came back; the firm wants to be asked."),
        _("The file manager looks in the package, then decides."),
    ),
    Hold.MISCONFIGURED: _automatic(
        _("A setting of the client does not work for this document."),
        _("The file manager corrects the setting; then it goes by itself."),
    ),
    Hold.INTERNAL_ERROR: _decided(
        _("The extension failed on this document."), _("The operator looks at the log.")
    ),
    Hold.WITHDRAWN: _decided(
        _("The document was moved to another client while it was on its way."),
        _("The file manager looks in the package, then cancels it."),
    ),
    Hold.KEY_MISSING: _decided(
        _("The key that protects a stored password is missing."),
        _("The operator puts the key back into the keyring, then releases it."),
    ),
    Hold.FILE_DAMAGED: _decided(
        _("The stored file is missing or does not match its checksum."),
        _("The operator restores the file."),
    ),
}

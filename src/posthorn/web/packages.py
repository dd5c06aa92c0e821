"""Words and forms of accounting packages that several screens share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from posthorn.connections.errors import (
    AddressInUseError,
    BothNeededError,
    ConnectionsError,
    PlaceTakenError,
    SettingsError,
)
from posthorn.connections.services import NAME_MAX_CHARS
from posthorn.delivery.queries.overview import read_connections
from posthorn.delivery.states import HOLDS, Hold
from posthorn.web import wording
from posthorn.web.labels import kind_name
from posthorn.web.wording import Tone, Words, words_of_trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from posthorn.connections.errors import Use
    from posthorn.sdk.languages import Words as Languages
    from posthorn.web.rows import Binding, Package

_REFUSALS = {
    "bad_name": _("Give the accounting package a name of 1 to %(most)s letters."),
    "name_taken": _("Another accounting package has this name: choose another."),
    "connector_missing": _("Its extension is not loaded here: ask this platform's operator."),
    "not_found": _("It is not there any more."),
    "integration_exists": _("The client has this accounting package already."),
    "client_over": _("The client was archived or has left: take it back first."),
    "access_changed": _("The extension was updated meanwhile: read again what it asks for."),
    "same_person": _("Somebody else must confirm: you changed this address yourself."),
    "change_decided": _("The change was decided meanwhile."),
    "access_not_confirmed": _("Confirm what the extension asks for first."),
    "sign_in_not_offered": _("Signing in is not set up on this platform: ask its operator."),
    "sign_in_over": _("This sign-in is over. Begin again."),
    "place_changed": _("The choices have changed meanwhile: look at them again."),
    "settings_invalid": _("Correct the marked fields."),
}
_CONNECTED = Words(
    word=_("Connected"), why=_("The last check went well."), who=_("Nobody."), tone=Tone.GOOD
)
_READY = Words(
    word=_("Ready"),
    why=_("It was saved and takes documents; it was not checked yet."),
    who=_("Nobody."),
    tone=Tone.GOOD,
)
_PAUSED = Words(
    word=_("Paused"),
    why=_("Documents of this client wait on hold until the pause is released."),
    who=_("Whoever paused it releases it."),
    tone=Tone.IDLE,
)
_UNRESOLVED = {
    "unverified": Words(
        word=_("To be verified"),
        why=HOLDS[Hold.UNVERIFIED].why,
        who=HOLDS[Hold.UNVERIFIED].who,
        tone=Tone.WAIT,
    ),
    "undecided": Words(
        word=_("Needs attention"),
        why=HOLDS[Hold.UNDECIDED].why,
        who=HOLDS[Hold.UNDECIDED].who,
        tone=Tone.BAD,
    ),
}
_ACTIVE = Words(word=_("Active"), why="", who="", tone=Tone.GOOD)


def words_of_unresolved(unresolved: str) -> Words:
    """Say what an integration waits for before anything goes there."""
    return wording.translated(_UNRESOLVED[unresolved])


def refusal_of(error: ConnectionsError) -> str:
    """Say in the language of the page why something was refused."""
    if isinstance(error, BothNeededError):
        return gettext("%(packages)s takes the same documents of this client: %(kinds)s.") % {
            "packages": ", ".join(error.others),
            "kinds": ", ".join(kind_name(kind) for kind in error.kinds),
        }
    if isinstance(error, AddressInUseError):
        return ""  # the notice beside the reason says it
    if isinstance(error, PlaceTakenError):
        taken = gettext("%(place)s belongs to client %(client)s already: choose another.")
        return taken % {"place": error.place, "client": error.client}
    return _told(error.code, str(error))


def refusal_told(kept: Mapping[str, Any]) -> str:
    """Say the same of a refusal that was kept as its code and its parts."""
    if kept["code"] == PlaceTakenError.code:
        return refusal_of(PlaceTakenError(kept["place"], kept["client"]))
    if kept["code"] == BothNeededError.code:
        return refusal_of(BothNeededError(kept["others"], kept["kinds"]))
    return _told(kept["code"], kept["said"])


def _told(code: str, said: str) -> str:
    if code not in _REFUSALS:
        return said
    return gettext(_REFUSALS[code]) % {"most": NAME_MAX_CHARS}


def codes_of(error: ConnectionsError | None) -> dict[str, str]:
    """Give the fields that are wrong, each with its code."""
    return error.codes if isinstance(error, SettingsError) else {}


def reasons_of(error: ConnectionsError | None) -> dict[str, Languages]:
    """Give the fields that a choice forbids, each with the reason in every language."""
    return error.reasons if isinstance(error, SettingsError) else {}


def uses_of(error: ConnectionsError | None) -> tuple[Use, ...]:
    """Give the addresses that other clients have; the form asks why both may."""
    return error.uses if isinstance(error, AddressInUseError) else ()


def attempt(action: Callable[[], object]) -> ConnectionsError | None:
    """Do something whole or not at all; gives why not."""
    try:
        with transaction.atomic():
            action()
    except ConnectionsError as refused:
        return refused
    return None


def words_of_packages(firm: UUID) -> Callable[[Package], Words]:
    """Give what says how a connection of the firm stands; one query for all of them."""
    troubled = {one.id: words_of_trouble(one) for one in read_connections(firm).trouble}

    def words(connection: Package) -> Words:
        fine = _CONNECTED if connection.checked_at else _READY
        return troubled.get(connection.id) or wording.translated(fine)

    return words


def words_of_integration(integration: Binding, package: Words) -> Words:
    """Say how one client's integration stands: its own pause comes before its package's state."""
    if integration.paused_at:
        return wording.translated(_PAUSED)
    if integration.unresolved and package.tone is Tone.GOOD:
        return words_of_unresolved(integration.unresolved)
    return wording.translated(_ACTIVE) if package.tone is Tone.GOOD else package

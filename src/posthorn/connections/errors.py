"""Why a change to a connection or an integration was refused; each with a stable code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from posthorn.connections.texts import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from posthorn.sdk.languages import Words


class ConnectionsError(Exception):
    """Show the message to the person: it says what to do."""

    code: ClassVar[str] = "connections_error"


class NotFoundError(ConnectionsError):
    """Look again: the firm has no such accounting package, integration or client."""

    code = "not_found"


class ConnectorMissingError(ConnectionsError):
    """Install or repair the extension, or let POSTHORN_CONNECTORS allow it."""

    code = "connector_missing"

    def __init__(self, connector_id: str) -> None:
        self.connector_id = connector_id
        super().__init__(
            f"The extension {connector_id!r} is not loaded here; `posthorn doctor` says why."
        )


class BadNameError(ConnectionsError):
    """Give the accounting package a name of 1 to 100 characters."""

    code = "bad_name"


class NameTakenError(ConnectionsError):
    """Choose another name: another accounting package of the firm has this one."""

    code = "name_taken"


class SettingsError(ConnectionsError):
    """Correct the fields: `codes` and `fields` map each to its code and to its English sentence."""

    code = "settings_invalid"

    def __init__(
        self, codes: Mapping[str, str], reasons: Mapping[str, Words] | None = None
    ) -> None:
        self.codes = dict(codes)
        self.reasons = dict(reasons or {})  # of those that another choice forbids
        self.fields = self.sentences("en")
        super().__init__(" ".join(f"{name}: {text}" for name, text in self.fields.items()))

    def sentences(self, language: str) -> dict[str, str]:
        """Return field → what is wrong and what to do, in one of the four languages."""
        return {
            name: self.reasons[name][language] if name in self.reasons else sentence(code, language)
            for name, code in self.codes.items()
        }


class BothNeededError(ConnectionsError):
    """Ask whether both packages should get these kinds, and say so with `both`."""

    code = "both_needed"

    def __init__(self, others: Iterable[str], kinds: Iterable[str]) -> None:
        self.others = tuple(others)
        self.kinds = tuple(sorted(kinds))
        super().__init__(
            f"{', '.join(self.others)} takes {', '.join(self.kinds)} documents of this client"
            " already. Confirm that both get them, or leave the kind out of one of the two."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An address that another client of the firm has already; `client` as the firm names it."""

    field: str
    address: str
    client: str
    client_id: UUID


class AddressInUseError(ConnectionsError):
    """Ask whether two clients are meant to share it, and say why with `shared_reason`."""

    code = "address_in_use"

    def __init__(self, uses: Sequence[Use]) -> None:
        self.uses = tuple(uses)
        clients = ", ".join(dict.fromkeys(use.client for use in uses))
        addresses = ", ".join(dict.fromkeys(use.address for use in uses))
        super().__init__(
            f"Documents of {clients} go to {addresses} already."
            " Say why both do, or correct the address."
        )


class SamePersonError(ConnectionsError):
    """Let somebody else confirm: whoever changed an address cannot."""

    code = "same_person"


class ChangeDecidedError(ConnectionsError):
    """Look again: the change was confirmed, refused or withdrawn meanwhile."""

    code = "change_decided"


class ReasonMissingError(ConnectionsError):
    """Say why: the reason is kept."""

    code = "empty_reason"


class IntegrationExistsError(ConnectionsError):
    """Change the integration that is there: the client has this accounting package already."""

    code = "integration_exists"


class ClientOverError(ConnectionsError):
    """Take the client back first: it is archived or lost."""

    code = "client_over"


class AccessChangedError(ConnectionsError):
    """Read again what the extension asks for: it is another version than the one shown."""

    code = "access_changed"


class PlaceTakenError(ConnectionsError):
    """Choose another: the place in the package belongs to another client of the firm."""

    code = "place_taken"

    def __init__(self, place: str, client: str) -> None:
        self.place = place
        self.client = client
        super().__init__(f"{place} belongs to client {client} already: choose another.")


class PlaceChangedError(ConnectionsError):
    """Look at the choices again: they have changed meanwhile."""

    code = "place_changed"


class AccessNotConfirmedError(ConnectionsError):
    """Confirm what the extension asks for first."""

    code = "access_not_confirmed"


class SignInNotOfferedError(ConnectionsError):
    """Set POSTHORN_PUBLIC_URL, and register this installation in POSTHORN_SITES."""

    code = "sign_in_not_offered"


class SignInOverError(ConnectionsError):
    """Begin again: the sign-in was used, took too long, or belongs to somebody else."""

    code = "sign_in_over"


class SignInRefusedError(ConnectionsError):
    """Begin again; `detail` holds the package's own words, redacted."""

    code = "sign_in_refused"

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(f"The package gave no access: {detail}" if detail else "No access given.")

"""Refuses import addresses that another client of the firm has, or that are Posthorn's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection as database

from posthorn.connections import guarded
from posthorn.connections.change_models import AddressChange, Standing
from posthorn.connections.errors import AddressInUseError, SettingsError, Use
from posthorn.connections.models import Connection, Integration
from posthorn.connections.registry import registry
from posthorn.connections.return_path import bounce_domain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from posthorn.connections.registry import Loaded

_ADDRESSES_LOCK = 7_401_004


def demand_free(
    integration: Integration, loaded: Loaded, added: Mapping[str, str], *, reason: str
) -> list[Use]:
    """Refuse addresses that another client has, unless there is a reason; gives those shared.

    `added` is guarded field → value that was not there before. Two that save at once wait for each
    other until the transaction ends. Raises AddressInUseError, SettingsError for our own addresses.
    """
    wanted = {name: value for name, value in added.items() if value}
    if not wanted:
        return []
    _refuse_own(integration.firm_id, loaded, wanted)
    with database.cursor() as cursor:
        firm = str(integration.firm_id)
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_ADDRESSES_LOCK, firm])
    uses = _uses(integration, loaded, wanted)
    if uses and not reason.strip():
        raise AddressInUseError(uses)
    return uses


def _refuse_own(firm: UUID, loaded: Loaded, wanted: Mapping[str, str]) -> None:
    own = own_addresses(firm)
    mails = mail_fields(loaded)
    wrong = {
        name: "own_address"
        for name, value in wanted.items()
        if name in mails and _is_own(value.casefold(), own)
    }
    if wrong:
        raise SettingsError(wrong)


def _is_own(address: str, own: frozenset[str]) -> bool:
    domain = bounce_domain()
    return address in own or (bool(domain) and address.endswith(f"@{domain}"))


def own_addresses(firm: UUID) -> frozenset[str]:
    """Return the addresses from which this installation writes for a firm, casefolded."""
    own = Connection.objects.filter(firm_id=firm, removed_at=None)
    rows = own.values_list("settings", flat=True)
    senders = [row.get("relay_from", "") for row in rows]
    return frozenset(one.casefold() for one in [settings.POSTHORN.mail_from, *senders] if one)


def mail_fields(loaded: Loaded) -> frozenset[str]:
    """Return the ids of the fields that are import addresses."""
    declared = loaded.spec.client_settings
    return frozenset(one.id for one in declared if one.is_guarded and guarded.is_address(one))


def _uses(integration: Integration, loaded: Loaded, wanted: Mapping[str, str]) -> list[Use]:
    mine, uses = _End(loaded=loaded, connection=integration.connection), []
    waiting = _waiting(integration.firm_id)
    for other in _others(integration):
        found = registry().get(other.connection.connector_id)
        if found is None:
            continue
        theirs = _End(loaded=found, connection=other.connection)
        # Where either package takes capitals for the same letter, two could end up in one box.
        is_exact = mine.tells_apart and theirs.tells_apart
        pairs = [*other.settings.items(), *waiting.get(other.id, ())]
        taken = {theirs.place(*pair, is_exact=is_exact) for pair in pairs if pair[0] in theirs.ids}
        uses += [
            Use(field=name, address=value, client=str(other.client), client_id=other.client_id)
            for name, value in wanted.items()
            if mine.place(name, value, is_exact=is_exact) in taken
        ]
    return uses


def _others(integration: Integration) -> Iterator[Integration]:
    rows = Integration.objects.filter(firm_id=integration.firm_id, removed_at=None)
    rows = rows.exclude(client_id=integration.client_id).select_related("client", "connection")
    yield from rows.order_by("client__dossier_number", "id").iterator()


def _waiting(firm: UUID) -> dict[UUID, list[tuple[str, str]]]:
    """Give the values that wait for a second person, by integration: they are spoken for."""
    rows = AddressChange.objects.filter(firm_id=firm, standing=Standing.WAITING)
    return {
        integration: [(name, after) for name, (_, after) in pairs.items()]
        for integration, pairs in rows.values_list("integration_id", "addresses")
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """One side of a comparison: a package and what its fields mean."""

    loaded: Loaded
    connection: Connection

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(one.id for one in self.loaded.spec.client_settings if one.is_guarded)

    @property
    def tells_apart(self) -> bool:
        return self.loaded.connector.tells_case_apart(self.connection.settings)

    def place(self, name: str, value: str, *, is_exact: bool) -> tuple[str, str]:
        """Name a place: an address is the same everywhere, any other value in its package alone."""
        if name in mail_fields(self.loaded):
            return "mail", guarded.folded(value, is_exact=is_exact)
        return f"{self.connection.id}.{name}", value

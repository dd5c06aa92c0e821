"""Reads connections, integrations and what the loaded connectors can do; inside a firm's scope.

A connection that was removed is none of a firm's: only what it delivered still names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.connections.errand_models import Resolution
from posthorn.connections.errors import NotFoundError
from posthorn.connections.models import Connection, Integration, Secret
from posthorn.connections.registry import registry
from posthorn.connections.stages import Stage
from posthorn.sdk.problems import variants_of
from posthorn.tenancy.ids import one_of
from posthorn.tenancy.life import OVER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.connections.registry import Loaded
    from posthorn.sdk.kinds import Kind
    from posthorn.sdk.spec import Capability, Depth, Idempotency


def connections_of(firm: UUID) -> list[Connection]:
    """Return a firm's connections by name."""
    return list(_connections(firm).order_by("name", "id"))


def names_of(firm: UUID) -> list[tuple[str, str]]:
    """Return the connector and the name of each of a firm's connections, by name."""
    rows = _connections(firm).order_by("name", "id")
    return list(rows.values_list("connector_id", "name"))


def connection_of(firm: UUID, name: str) -> Connection:
    """Return a firm's connection by its name, in any case. Raises NotFoundError."""
    try:
        return _connections(firm).get(name__iexact=name)
    except Connection.DoesNotExist:
        raise NotFoundError(f"The firm has no accounting package called {name!r}.") from None


def package_of(firm: UUID, connection_id: UUID) -> Connection:
    """Return a firm's connection by its id. Raises NotFoundError."""
    try:
        return _connections(firm).get(id=connection_id)
    except Connection.DoesNotExist:
        raise NotFoundError("The firm has no such accounting package.") from None


def connections_with(firm: UUID, connector_id: str) -> list[Connection]:
    """Return a firm's connections of one connector, by name."""
    rows = _connections(firm).filter(connector_id=connector_id)
    return list(rows.order_by("name", "id"))


def kept_secrets(
    firm: UUID, connection_id: UUID, integration_id: UUID | None = None
) -> frozenset[str]:
    """Return the ids of a connection's fields, or an integration's, that have a stored secret."""
    rows = Secret.objects.filter(firm_id=firm, connection_id=connection_id)
    if integration_id is None:
        own = rows.filter(integration__isnull=True)
    else:
        own = rows.filter(integration_id=integration_id)
    return frozenset(own.values_list("field", flat=True))


def integrations_of(firm: UUID, client_id: UUID) -> list[Integration]:
    """Return a client's integrations that were not removed, in the order they were made."""
    rows = _integrations(firm).filter(client_id=client_id, removed_at=None)
    return list(rows.order_by("activated_at", "id"))


def integrations_to(firm: UUID, connection_id: UUID) -> list[Integration]:
    """Return the integrations with one connection, by the clients' dossier numbers."""
    rows = _integrations(firm).filter(connection_id=connection_id, removed_at=None)
    return list(rows.order_by("client__dossier_number", "id"))


def integration_of(firm: UUID, integration_id: UUID) -> Integration:
    """Return one integration, a removed one too. Raises NotFoundError."""
    try:
        return _integrations(firm).get(id=integration_id)
    except Integration.DoesNotExist:
        raise NotFoundError("The firm has no such integration.") from None


def places_of(firm: UUID, integrations: Iterable[UUID]) -> dict[UUID, list[Resolution]]:
    """Return what typed texts of these integrations name in their packages, by integration."""
    rows = Resolution.objects.filter(firm_id=firm, integration_id__in=list(integrations))
    found: dict[UUID, list[Resolution]] = {}
    for row in rows.order_by("field"):
        found.setdefault(row.integration_id, []).append(row)
    return found


def lost_places(firm: UUID, clients: Collection[UUID] | None, *, most: int) -> list[Resolution]:
    """Return what was verified once and is gone from its package, of clients that are not over.

    `clients` narrows it to some, None to none; at most `most`, with client and connection.
    """
    rows = Resolution.objects.filter(firm_id=firm, stage=Stage.LOST)
    if clients is not None:
        rows = rows.filter(one_of("client_id", clients))
    live = rows.exclude(client__state__in=[state.value for state in OVER])
    found = live.select_related("client", "connection").only(*_LOST)
    return list(found.order_by("client__dossier_number", "id")[:most])


_LOST = (
    "connector_id",
    "typed",
    "label",
    "facts",
    "code",
    "verified_at",
    "client__name",
    "connection__name",
)


def shared_addresses(
    firm: UUID, client_id: UUID, addresses: Iterable[str]
) -> list[tuple[str, Integration]]:
    """Return which of these addresses another client's documents go to already, and whose."""
    wanted = {address.casefold(): address for address in addresses if address}
    rows = _integrations(firm).filter(removed_at=None).exclude(client_id=client_id)
    return [
        (wanted[value.casefold()], integration)
        for integration in rows.iterator()
        for value in _destinations(integration)
        if value.casefold() in wanted
    ]


def _destinations(integration: Integration) -> set[str]:
    loaded = registry().get(integration.connection.connector_id)
    fields = loaded.spec.client_settings if loaded else ()
    ids = [one.id for one in fields if one.destination_of is not None]
    return {integration.settings[name] for name in ids if integration.settings.get(name)}


def _connections(firm: UUID) -> QuerySet[Connection]:
    return Connection.objects.filter(firm_id=firm, removed_at=None)


def _integrations(firm: UUID) -> QuerySet[Integration]:
    return Integration.objects.filter(firm_id=firm).select_related("connection", "client")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """What a connector does with one kind of document, over all ways of setting it up."""

    connector_id: str
    name: str
    kind: Kind
    formats: tuple[str, ...]
    depth: tuple[Depth, ...]
    idempotency: tuple[Idempotency, ...]
    max_bytes: int
    reports_status: bool


def features() -> list[Feature]:
    """Return the feature table of the loaded connectors, by id and kind."""
    loaded = registry().loaded
    return [one for name in sorted(loaded) for one in features_of(loaded[name])]


def features_of(loaded: Loaded) -> Iterator[Feature]:
    """Give what one connector does, a row for each kind of documents."""
    found: dict[Kind, list[Capability]] = {}
    for variant in variants_of(loaded.spec):
        takes: Mapping[Kind, Capability] = loaded.connector.capabilities(variant)
        for kind, capability in takes.items():
            found.setdefault(kind, []).append(capability)
    for kind in sorted(found):
        every = found[kind]
        yield Feature(
            connector_id=loaded.id,
            name=loaded.spec.name,
            kind=kind,
            formats=tuple(sorted(frozenset().union(*(one.formats for one in every)))),
            depth=tuple(sorted({one.depth for one in every})),
            idempotency=tuple(sorted({one.idempotency for one in every})),
            max_bytes=max(one.max_bytes for one in every),
            reports_status=any(one.reports_status for one in every),
        )

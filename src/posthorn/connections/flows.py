"""Tells what goes where for one client: each kind of documents, its packages and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.connections import routing
from posthorn.connections.registry import registry
from posthorn.connections.routes import NONE, OWN, SAME_AS
from posthorn.sdk.destinations import destination
from posthorn.sdk.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from posthorn.connections.models import Integration
    from posthorn.connections.registry import Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where one kind goes: the package, and the address in it when the package has one."""

    integration: UUID
    package: str
    address: str
    is_missing: bool  # it needs an address and has none
    is_stopped: bool  # paused, or its package switched off


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One kind of documents with all its targets."""

    kind: Kind
    targets: tuple[Target, ...]


def flows_of(integrations: Sequence[Integration]) -> list[Flow]:
    """Give every kind, with the integrations that take it."""
    return [
        Flow(
            kind=kind,
            targets=tuple(
                _target(loaded, one, kind) for one, loaded in _takers(integrations, kind)
            ),
        )
        for kind in Kind
    ]


def _takers(integrations: Sequence[Integration], kind: Kind) -> list[tuple[Integration, Loaded]]:
    pairs = [(one, registry().get(one.connection.connector_id)) for one in integrations]
    return [(one, loaded) for one, loaded in pairs if loaded and kind in kinds_of(loaded, one)]


def kinds_of(loaded: Loaded, integration: Integration) -> frozenset[Kind]:
    """Give the kinds an integration takes."""
    return routing.taken_kinds(loaded, integration)


def _target(loaded: Loaded, integration: Integration, kind: Kind) -> Target:
    settings = routing.effective_settings(loaded, integration)
    goes_to = destination(loaded.spec.client_settings, settings, kind)
    package = integration.connection
    return Target(
        integration=integration.id,
        package=package.name,
        address=goes_to.value if goes_to else "",
        is_missing=bool(routing.missing_address(loaded, integration, kind)),
        is_stopped=bool(integration.paused_at or package.paused_at or not package.is_active),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way a kind can take through an integration."""

    value: str
    kind: Kind | None  # the other kind, when it goes where that one goes
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The ways one kind can take, and who gets it besides."""

    kind: Kind
    ways: tuple[Way, ...]
    others: tuple[str, ...]  # packages of the client that take this kind too
    is_for_both: bool


def choices_of(
    loaded: Loaded, routes: dict[str, str], both: Sequence[str], others: Sequence[Integration]
) -> list[Choice]:
    """Give for each kind the connector can take which ways there are."""
    able = [kind for kind in Kind if kind in loaded.connector.capabilities({})]
    return [
        Choice(
            kind=kind,
            ways=tuple(_ways(loaded, kind, able, routes.get(kind, OWN))),
            others=tuple(one.connection.name for one, _ in _takers(others, kind)),
            is_for_both=kind in both,
        )
        for kind in able
    ]


def _ways(loaded: Loaded, kind: Kind, able: Sequence[Kind], chosen: str) -> list[Way]:
    fields = loaded.spec.client_settings
    placed = [one for one in able if destination(fields, {}, one) is not None]
    follows = [one for one in placed if one is not kind and kind in placed]
    values = [(OWN, None), *((f"{SAME_AS}{one}", one) for one in follows), (NONE, None)]
    return [Way(value=value, kind=other, is_chosen=value == chosen) for value, other in values]

"""Decides where a released document goes; pure, so that the whole cut-off table is one test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from posthorn.delivery.states import Hold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from posthorn.sdk import Kind


class NotPlanned(StrEnum):
    """Why a released document goes nowhere; the document says so."""

    NOT_SHARED = "not_shared"
    NO_INTEGRATION = "no_integration"
    BEFORE_ACTIVATION = "before_activation"
    KIND_NOT_TAKEN = "kind_not_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One integration as the plan sees it: what it takes, since when, what stands in its way."""

    integration_id: UUID
    activated_at: datetime
    takes: frozenset[Kind]
    without_address: frozenset[Kind] = frozenset()
    is_connector_loaded: bool = True
    is_extension_on: bool = True
    needs_attention: bool = False
    is_connection_paused: bool = False
    is_integration_paused: bool = False
    is_client_paused: bool = False
    is_client_live: bool = True
    is_shared: bool = True
    is_unverified: bool = False
    is_undecided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One delivery to create; an empty hold means queued."""

    integration_id: UUID
    hold: Hold | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The deliveries of one document, or the one reason why there are none."""

    deliveries: tuple[Planned, ...] = ()
    not_planned: NotPlanned | None = None


def plan(*, kind: Kind, released_at: datetime, is_shared: bool, routes: Sequence[Route]) -> Plan:
    """Plan one document: one delivery for each integration that was active when it was released."""
    if not is_shared:
        return Plan(not_planned=NotPlanned.NOT_SHARED)
    if not routes:
        return Plan(not_planned=NotPlanned.NO_INTEGRATION)
    active = [route for route in routes if route.activated_at <= released_at]
    if not active:
        return Plan(not_planned=NotPlanned.BEFORE_ACTIVATION)
    deliveries = tuple(
        Planned(integration_id=route.integration_id, hold=hold_of(route, kind))
        for route in active
        # Without its code nobody knows what the package takes: the delivery waits, visibly.
        if kind in route.takes or not route.is_connector_loaded
    )
    if not deliveries:
        return Plan(not_planned=NotPlanned.KIND_NOT_TAKEN)
    return Plan(deliveries=deliveries)


def hold_of(route: Route, kind: Kind) -> Hold | None:
    """Give the first thing that stands in a delivery's way, the one with the widest reach first."""
    obstacles = (
        (not route.is_client_live, Hold.CLIENT_LEFT),
        (not route.is_shared, Hold.NOT_SHARED),
        (not route.is_connector_loaded, Hold.CONNECTOR_MISSING),
        (not route.is_extension_on, Hold.EXTENSION_OFF),
        (route.needs_attention, Hold.CONNECTION_ATTENTION),
        (route.is_connection_paused, Hold.CONNECTION_PAUSED),
        (route.is_client_paused, Hold.CLIENT_PAUSED),
        (route.is_integration_paused, Hold.INTEGRATION_PAUSED),
        (route.is_undecided, Hold.UNDECIDED),
        (route.is_unverified, Hold.UNVERIFIED),
        (kind in route.without_address, Hold.MISSING_ADDRESS),
    )
    return next((hold for stands, hold in obstacles if stands), None)

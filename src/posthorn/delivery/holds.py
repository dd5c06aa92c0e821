"""Puts deliveries on hold when something stands in their way, and lifts it once that is gone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from posthorn.archive.kinds import kind_of
from posthorn.connections.models import Connection, Integration
from posthorn.delivery import moves
from posthorn.delivery.models import Delivery
from posthorn.delivery.plan import hold_of
from posthorn.delivery.routes import route_of
from posthorn.delivery.states import HOLDS, WAITING, Actor, Hold, State
from posthorn.sdk import Kind
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

_AUTOMATIC = [hold for hold, meaning in HOLDS.items() if meaning.is_automatic]


def hold_connection(connection_id: UUID) -> None:
    """Put everything that waits for a connection on hold until its setting is corrected."""
    waiting = Delivery.objects.filter(connection_id=connection_id, state__in=WAITING)
    rows = moves.lock(waiting.values_list("id", flat=True))
    moves.move(rows, State.HELD, by=Actor.ENGINE, actor="engine", hold=Hold.CONNECTION_ATTENTION)


def hold_lane(lane_id: UUID) -> None:
    """Put everything that waits in a lane on hold: a setting of its client does not work."""
    waiting = Delivery.objects.filter(lane_id=lane_id, state__in=WAITING)
    rows = moves.lock(waiting.values_list("id", flat=True))
    moves.move(rows, State.HELD, by=Actor.ENGINE, actor="engine", hold=Hold.MISCONFIGURED)


def hold_blocked(integrations: Iterable[Integration]) -> frozenset[UUID]:
    """Hold what waits for integrations that are no longer open; gives their ids.

    Whoever closes one holds what waits at that moment; this finds what was on its way then. Raises
    OperationalError while somebody is changing one of them: look again later.
    """
    blocked = frozenset(integration.id for integration in integrations if is_blocked(integration))
    if not blocked:
        return blocked
    rows = Integration.objects.select_related("connection", "client").filter(id__in=blocked)
    for integration in rows.order_by("id").select_for_update(nowait=True, no_key=True):
        _reconsider(integration, "engine")
    return blocked


def is_blocked(integration: Integration) -> bool:
    """Tell whether nothing can go to an integration, loaded with its connection and client."""
    # An address is missing for one kind only; that is found when a document is prepared.
    route = replace(route_of(integration), without_address=frozenset())
    return integration.removed_at is not None or hold_of(route, Kind.PURCHASE) is not None


def reconsider_connectors() -> None:
    """Free what waited for an extension that this process has loaded; call it at start."""
    with system("start"):
        missing = Delivery.objects.filter(state=State.HELD, reason=Hold.CONNECTOR_MISSING)
        for firm, connection in set(missing.values_list("firm_id", "connection_id")):
            HoldKeeper().reconsider(firm, connection_ids=[connection], actor="start")


def free_verified() -> int:
    """Free what was planned in the very moment in which its place was verified; gives how many.

    Whoever verifies frees what is held then; this finds what was on its way to being held.
    """
    with system("free verified"):
        stuck = Delivery.objects.filter(
            state=State.HELD,
            reason__in=(Hold.UNVERIFIED, Hold.UNDECIDED),
            integration__unresolved="",
        )
        pairs = set(stuck.values_list("firm_id", "integration_id"))
        for firm, integration in pairs:
            HoldKeeper().reconsider(firm, integration_ids=[integration], actor="engine")
    return len(pairs)


def reconsider_again(connection_id: UUID) -> None:
    """Look again at what was held for a connection that somebody corrected meanwhile."""
    connection = Connection.objects.get(id=connection_id)
    if not connection.attention:
        HoldKeeper().reconsider(connection.firm_id, connection_ids=[connection_id], actor="engine")


class HoldKeeper:
    """Looks again at what waits or is on hold when a connection, integration or client changed."""

    def reconsider(
        self,
        firm: UUID,
        *,
        connection_ids: Collection[UUID] = (),
        integration_ids: Collection[UUID] = (),
        client_ids: Collection[UUID] = (),
        actor: str = "settings",
    ) -> None:
        """Hold what can no longer go, release what can; in the change's own transaction."""
        integrations = Integration.objects.select_related("connection", "client").filter(
            firm_id=firm
        )
        for narrowed, ids in (
            ("connection_id__in", connection_ids),
            ("id__in", integration_ids),
            ("client_id__in", client_ids),
        ):
            if ids:
                integrations = integrations.filter(**{narrowed: list(ids)})
        if connection_ids:
            integrations = integrations.filter(id__in=_affected(firm, connection_ids))
        for integration in integrations:
            _reconsider(integration, actor)


def _affected(firm: UUID, connection_ids: Collection[UUID]) -> set[UUID]:
    """Give the integrations that have anything to look at: of thousands mostly few."""
    rows = Delivery.objects.filter(firm_id=firm, connection_id__in=list(connection_ids))
    # Apart, and with the column of the index: either is answered by the few rows it holds.
    waiting = rows.filter(next_at__isnull=False, state__in=WAITING)
    held = rows.filter(state=State.HELD, reason__in=_AUTOMATIC)
    found = (each.values_list("integration_id", flat=True).distinct() for each in (waiting, held))
    return set().union(*found)


def _reconsider(integration: Integration, actor: str) -> None:
    waiting = Delivery.objects.filter(integration_id=integration.id, state__in=WAITING)
    held = Delivery.objects.filter(
        integration_id=integration.id, state=State.HELD, reason__in=_AUTOMATIC
    )
    rows = moves.lock([*waiting.values_list("id", flat=True), *held.values_list("id", flat=True)])
    if integration.removed_at is not None:
        _move_all(rows, Hold.INTEGRATION_REMOVED, actor)
        return
    route = route_of(integration)
    documents = {delivery.id: delivery.document for delivery in _with_documents(rows)}
    by_hold: dict[Hold | None, list[Delivery]] = {}
    for delivery in rows:
        by_hold.setdefault(hold_of(route, kind_of(documents[delivery.id])), []).append(delivery)
    for hold, deliveries in by_hold.items():
        _move_all(deliveries, hold, actor)


def _with_documents(rows: Iterable[Delivery]) -> Iterable[Delivery]:
    return Delivery.objects.select_related("document").filter(id__in=[row.id for row in rows])


def _move_all(deliveries: Iterable[Delivery], hold: Hold | None, actor: str) -> None:
    if hold is None:
        freed = [delivery for delivery in deliveries if delivery.state == State.HELD]
        moves.move(freed, State.QUEUED, by=Actor.SETTINGS, actor=actor)
        return
    changed = [delivery for delivery in deliveries if delivery.reason != hold]
    moves.move(changed, State.HELD, by=Actor.SETTINGS, actor=actor, hold=hold)

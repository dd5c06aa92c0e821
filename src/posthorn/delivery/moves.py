"""Moves deliveries outside an attempt; the engine's own moves are in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from posthorn.delivery import lanes
from posthorn.delivery.models import Delivery
from posthorn.delivery.states import WAITING, State, check_move
from posthorn.tenancy import audit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from posthorn.delivery.states import Actor, Hold

_MOVE = """
UPDATE delivery_delivery d
SET state = %s, reason = %s, moved_at = clock_timestamp(),
    next_at = CASE WHEN %s THEN clock_timestamp() END
FROM unnest(%s::uuid[], %s::text[]) AS m(id, source)
WHERE d.id = m.id AND d.state = m.source
RETURNING d.id
"""


def lock(deliveries: Iterable[UUID]) -> list[Delivery]:
    """Lock rows in id order, leaving out those that the engine is writing right now."""
    rows = Delivery.objects.filter(id__in=list(deliveries)).order_by("id")
    return list(rows.select_for_update(skip_locked=True, of=("self",)))


def move(
    deliveries: Sequence[Delivery],
    target: State,
    *,
    by: Actor,
    actor: str,
    hold: Hold | None = None,
    note: str = "",
) -> list[UUID]:
    """Move locked rows to one state, with their audit entries. Raises IllegalMoveError."""
    for delivery in deliveries:
        check_move(State(delivery.state), target, by)
    if not deliveries:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            [
                target,
                hold or "",
                target in WAITING,
                [delivery.id for delivery in deliveries],
                [delivery.state for delivery in deliveries],
            ],
        )
        moved = {row for (row,) in cursor.fetchall()}
    done = [delivery for delivery in deliveries if delivery.id in moved]
    detail = {
        name: value for name, value in {"reason": str(hold or ""), "note": note}.items() if value
    }
    audit.record(
        audit.Entry(
            firm=delivery.firm_id,
            actor=actor,
            action=f"delivery.{target}",
            subject_kind="delivery",
            subject_id=delivery.id,
            detail={"from": delivery.state, "client": str(delivery.client_id), **detail},
        )
        for delivery in done
    )
    if target in WAITING:
        lanes.wake(delivery.lane_id for delivery in done)
    return [delivery.id for delivery in done]

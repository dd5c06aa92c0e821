"""Makes, wakes, claims and lets go lanes: the ordered queues of targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from django.db import connection

from posthorn.delivery.models import Lane, TargetKind
from posthorn.delivery.turns import Held

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from posthorn.connections.models import Integration

CHANNEL = "posthorn_lanes"


def lanes_of(integrations: Iterable[Integration]) -> dict[UUID, Lane]:
    """Give the lane of each integration, by integration id; makes those that are missing."""
    wanted = {integration.id: integration for integration in integrations}
    found = _by_target(wanted)
    missing = [
        Lane(
            firm_id=integration.firm_id,
            target_kind=TargetKind.INTEGRATION,
            target_id=integration.id,
            connection_id=integration.connection_id,
        )
        for integration in wanted.values()
        if integration.id not in found
    ]
    if missing:
        Lane.objects.bulk_create(missing, ignore_conflicts=True)
        found = _by_target(wanted)
    return found


def _by_target(wanted: Iterable[UUID]) -> dict[UUID, Lane]:
    rows = Lane.objects.filter(target_kind=TargetKind.INTEGRATION, target_id__in=list(wanted))
    return {lane.target_id: lane for lane in rows}


def wake(lane_ids: Iterable[UUID]) -> None:
    """Make lanes due now and tell every worker at commit; locks the lanes in id order."""
    ids = sorted(set(lane_ids))
    if not ids:
        return
    with connection.cursor() as cursor:
        # NO KEY: two releases that both wrote deliveries hold a share of each lane's key already.
        cursor.execute(
            "SELECT 1 FROM delivery_lane WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids]
        )
        # A connection that backs off is asked at its own time; recovery wakes all its lanes.
        cursor.execute(
            "UPDATE delivery_lane l SET next_at = CASE WHEN c.backoff_step > 0"
            " THEN coalesce(l.next_at, clock_timestamp())"
            " ELSE least(l.next_at, clock_timestamp()) END"
            " FROM connections_connection c WHERE l.id = ANY(%s) AND c.id = l.connection_id",
            [ids],
        )
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


_CLAIM = """
WITH due AS (
    SELECT l.id FROM delivery_lane l
    JOIN connections_connection c ON c.id = l.connection_id
    WHERE l.owner_id IS NULL AND l.next_at <= clock_timestamp()
      AND (c.backoff_step = 0 OR c.probe_lane = l.id)
      AND NOT EXISTS (SELECT 1 FROM delivery_instance WHERE held_reason <> '')
    ORDER BY l.next_at LIMIT %s
    FOR NO KEY UPDATE OF l SKIP LOCKED
)
UPDATE delivery_lane l SET owner_id = %s, fence = l.fence + 1
FROM due, connections_connection c
WHERE l.id = due.id AND c.id = l.connection_id
RETURNING l.id, l.fence, l.firm_id, l.connection_id, c.backoff_step, c.version, l.target_id
"""


# Of a connection that backs off the head is tried again, at its time, before what came after it.
_LET_GO = """
UPDATE delivery_lane l SET owner_id = NULL, next_at = coalesce(
    CASE WHEN c.backoff_step > 0 THEN
        (SELECT min(d.next_at) FROM delivery_delivery d
         WHERE d.lane_id = l.id AND d.next_at IS NOT NULL AND d.state = 'retrying') END,
    (SELECT min(d.next_at) FROM delivery_delivery d
     WHERE d.lane_id = l.id AND d.next_at IS NOT NULL))
FROM unnest(%s::uuid[], %s::bigint[]) AS m(id, fence), connections_connection c
WHERE l.id = m.id AND l.owner_id = %s AND l.fence = m.fence AND c.id = l.connection_id
"""


def claim(owner: UUID, limit: int) -> list[tuple[Held, UUID]]:
    """Take up to `limit` due lanes that nobody holds; gives each with the integration it leads to.

    None while the installation is on hold; of a connection that backs off the probing lane alone.
    """
    with connection.cursor() as cursor:
        if not is_alive(owner):
            return []
        cursor.execute(_CLAIM, [limit, owner])
        return [_held(row) for row in cursor.fetchall()]


_CLAIM_IDLE = """
WITH idle AS (
    SELECT id FROM delivery_lane
    WHERE id = %(lane)s AND owner_id IS NULL AND (next_at IS NULL OR next_at > clock_timestamp())
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE delivery_lane l SET owner_id = %(owner)s, fence = l.fence + 1
FROM idle, connections_connection c
WHERE l.id = idle.id AND c.id = l.connection_id
RETURNING l.id, l.fence, l.firm_id, l.connection_id, c.backoff_step, c.version, l.target_id
"""


def claim_idle(owner: UUID, lane: UUID) -> tuple[Held, UUID] | None:
    """Take a lane in which nothing is due, so that no attempt starts beside what is asked there.

    Gives it with the integration it leads to; None when somebody has it or something is due.
    """
    with connection.cursor() as cursor:
        if not is_alive(owner):
            return None
        cursor.execute(_CLAIM_IDLE, {"lane": lane, "owner": owner})
        found = [_held(row) for row in cursor.fetchall()]
        return found[0] if found else None


def is_wanted(held: Held) -> bool:
    """Tell whether something has become due in a lane since it was taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM delivery_lane WHERE id = %s AND next_at <= clock_timestamp()",
            [held.lane_id],
        )
        return cursor.fetchone() is not None


_Claimed: TypeAlias = tuple["UUID", int, "UUID", "UUID", int, int, "UUID"]


def _held(row: _Claimed) -> tuple[Held, UUID]:
    """Read one row of a claim: its columns are those after RETURNING."""
    lane, fence, firm, target, step, version, integration = row
    held = Held(
        lane_id=lane,
        fence=fence,
        firm_id=firm,
        connection_id=target,
        connection_step=step,
        connection_version=version,
    )
    return held, integration


def is_alive(owner: UUID) -> bool:
    """Tell whether a worker's lease still stands, and keep it so until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM delivery_incarnation WHERE id = %s AND stopped_at IS NULL FOR KEY SHARE",
            [owner],
        )
        return cursor.fetchone() is not None


def let_go(owner: UUID, lanes: Sequence[Held]) -> None:
    """Free lanes and set when they are due again; what was released meanwhile is seen."""
    if not lanes:
        return
    ids = sorted(held.lane_id for held in lanes)
    with connection.cursor() as cursor:
        # Two statements: the second one sees every delivery planned before the lock was ours.
        cursor.execute(
            "SELECT 1 FROM delivery_lane WHERE id = ANY(%s) AND owner_id = %s"
            " ORDER BY id FOR NO KEY UPDATE",
            [ids, owner],
        )
        cursor.execute(
            _LET_GO,
            [[held.lane_id for held in lanes], [held.fence for held in lanes], owner],
        )

"""Finds what a dead worker left behind, wakes idle lanes with due work, counts the overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from posthorn.delivery import lanes
from posthorn.delivery.states import Actor, State, check_move
from posthorn.tenancy import audit
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

_SWEEP_LOCK = 7_401_002
_OVERDUE_S = 60

_LEFT_BEHIND = """
UPDATE delivery_attempt a
SET outcome = 'unknown', code = 'worker_lost', finished_at = clock_timestamp()
WHERE a.incarnation_id = ANY(%s) AND a.outcome = ''
RETURNING a.delivery_id, a.id
"""
_UNKNOWN = """
UPDATE delivery_delivery d
SET state = 'unknown', code = 'worker_lost', unknowns = d.unknowns + 1, spent = d.spent + 1,
    moved_at = clock_timestamp(), next_at = clock_timestamp()
FROM unnest(%s::uuid[], %s::uuid[]) AS m(id, attempt)
WHERE d.id = m.id AND d.attempt_id = m.attempt AND d.state = 'sending'
RETURNING d.firm_id, d.id
"""
_FREE = """
UPDATE delivery_lane SET owner_id = NULL, fence = fence + 1, next_at = clock_timestamp()
WHERE id IN (SELECT id FROM delivery_lane WHERE owner_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
"""
_FORGOTTEN = """
SELECT l.id FROM delivery_lane l
WHERE l.owner_id IS NULL AND (l.next_at IS NULL OR l.next_at > clock_timestamp()) AND EXISTS
    (SELECT 1 FROM delivery_delivery d WHERE d.lane_id = l.id AND d.next_at <= clock_timestamp())
"""
_IDLE_PROBES = """
UPDATE connections_connection c SET probe_lane =
    (SELECT d.lane_id FROM delivery_delivery d
     WHERE d.connection_id = c.id AND d.next_at IS NOT NULL ORDER BY d.next_at, d.position LIMIT 1)
WHERE c.backoff_step > 0 AND NOT EXISTS
    (SELECT 1 FROM delivery_delivery d
     WHERE d.lane_id = c.probe_lane AND (d.next_at IS NOT NULL OR d.state = 'sending'))
"""


def sweep(lease_s: float) -> int:
    """Do one round, unless another worker is at it; gives the number of dead workers found."""
    with system("sweep"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SWEEP_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        dead = _declare_dead(lease_s)
        if dead:
            _rescue(dead)
        cursor.execute(_IDLE_PROBES)
    return len(dead)


def wake_forgotten() -> int:
    """Wake idle lanes that hold due work; a lost wake-up costs this interval and nothing else."""
    with system("sweep"), connection.cursor() as cursor:
        cursor.execute(_FORGOTTEN)
        forgotten = [lane for (lane,) in cursor.fetchall()]
        lanes.wake(forgotten)
    return len(forgotten)


def _declare_dead(lease_s: float) -> list[UUID]:
    with connection.cursor() as cursor:
        # FOR UPDATE waits for the key-share lock under which a worker begins attempts: no attempt
        # can begin after its worker was found dead. A worker in the middle of a commit is skipped.
        cursor.execute(
            "UPDATE delivery_incarnation SET stopped_at = clock_timestamp() WHERE id IN"
            " (SELECT id FROM delivery_incarnation WHERE stopped_at IS NULL"
            " AND heartbeat_at < clock_timestamp() - %s * interval '1 second'"
            " FOR UPDATE SKIP LOCKED)"
            " RETURNING id",
            [lease_s],
        )
        return [incarnation for (incarnation,) in cursor.fetchall()]


def _rescue(dead: Sequence[UUID]) -> None:
    """Turn what dead workers had in flight into unknown; what follows is the engine's policy."""
    check_move(State.SENDING, State.UNKNOWN, Actor.SWEEP)
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_BEHIND, [list(dead)])
        left = cursor.fetchall()
        cursor.execute(_UNKNOWN, [[row[0] for row in left], [row[1] for row in left]])
        moved = cursor.fetchall()
        cursor.execute(_FREE, [list(dead)])
        cursor.execute("SELECT pg_notify(%s, '')", [lanes.CHANNEL])
    audit.record(
        audit.Entry(
            firm=firm,
            actor="sweep",
            action=f"delivery.{State.UNKNOWN}",
            subject_kind="delivery",
            subject_id=delivery,
            detail={"from": "sending", "code": "worker_lost"},
        )
        for firm, delivery in moved
    )


_OVERDUE = """
SELECT
    (SELECT count(*) FROM delivery_delivery d
     JOIN connections_connection c ON c.id = d.connection_id
     JOIN delivery_lane l ON l.id = d.lane_id
     WHERE d.next_at < clock_timestamp() - %(late)s * interval '1 second'
       AND c.backoff_step = 0 AND l.owner_id IS NULL)
  + (SELECT count(*) FROM delivery_attempt a JOIN delivery_incarnation i ON i.id = a.incarnation_id
     WHERE a.outcome = '' AND coalesce(i.stopped_at, i.heartbeat_at)
           < clock_timestamp() - (%(late)s + %(lease)s) * interval '1 second')
"""


def overdue(lease_s: float) -> int:
    """Count deliveries whose next action is overdue by more than 60 s; it must read 0."""
    with system("overdue"), connection.cursor() as cursor:
        cursor.execute(_OVERDUE, {"late": _OVERDUE_S, "lease": lease_s})
        stuck: int = cursor.fetchone()[0]
        return stuck

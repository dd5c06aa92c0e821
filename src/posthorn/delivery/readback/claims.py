"""Finds whose turn it is to be asked, and takes a few questions of one lane for one worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.db.models.functions import Now

from posthorn.connections.registry import registry
from posthorn.delivery import lanes
from posthorn.delivery.readback_models import Readback
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from posthorn.delivery.turns import Held

_CONNECTIONS: Final = 50
SLICE: Final = 5
"""Questions that a lane is kept for before it is let go."""
# Written before anything is asked: a question that kills its worker comes back this late.
_LEASE: Final = timedelta(minutes=15)

# The longest due of each connection, so that a large one takes no more turns than a small one;
# only where no delivery is due, and none of a package that does not answer. Each step is held to
# the index it needs (OFFSET 0, LIMIT), so that old statistics cost no more than new ones.
_TURNS = """
WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS at),
asked AS MATERIALIZED (
    SELECT c.id FROM connections_connection c, moment
    WHERE c.connector_id = ANY(%s) AND c.backoff_step = 0
      AND (SELECT min(next_at) FROM delivery_readback WHERE connection_id = c.id) <= moment.at
      AND NOT EXISTS (SELECT 1 FROM delivery_instance WHERE held_reason <> '')
)
SELECT turn.id FROM asked CROSS JOIN moment CROSS JOIN LATERAL (
    SELECT l.id, due.next_at
    FROM (SELECT id, owner_id, next_at FROM delivery_lane
          WHERE connection_id = asked.id OFFSET 0) AS l
    CROSS JOIN LATERAL (SELECT next_at FROM delivery_readback
                        WHERE lane_id = l.id ORDER BY next_at LIMIT 1) AS due
    WHERE l.owner_id IS NULL AND (l.next_at IS NULL OR l.next_at > moment.at)
      AND due.next_at <= moment.at
    ORDER BY due.next_at LIMIT 1
) AS turn
ORDER BY turn.next_at LIMIT %s
"""
# Materialised: a subquery with a limit may be run for each row it is compared with.
_DUE = """
WITH due AS MATERIALIZED (
    SELECT id FROM delivery_readback
    WHERE lane_id = %s AND next_at <= clock_timestamp() ORDER BY next_at LIMIT %s
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE delivery_readback r SET next_at = clock_timestamp() + %s * interval '1 second'
FROM due WHERE r.id = due.id RETURNING r.id
"""
_LATER = """
UPDATE delivery_readback SET next_at = clock_timestamp() + %(wait)s * interval '1 second'
WHERE id IN (SELECT id FROM delivery_readback
             WHERE {column} = %(owner)s
               AND next_at < clock_timestamp() + %(wait)s * interval '1 second'
             ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A lane that is kept, and what is asked in it; where it leads to is the integration."""

    held: Held
    integration: UUID
    readbacks: tuple[UUID, ...]


def turns() -> Sequence[UUID]:
    """Give the lanes whose turn it is, one of each connection, the longest due first."""
    loaded = sorted(registry().loaded)
    with system("read back"), connection.cursor() as cursor:
        cursor.execute(_TURNS, [loaded, _CONNECTIONS])
        return [lane for (lane,) in cursor.fetchall()]


def take(owner: UUID, lane: UUID) -> Slice | None:
    """Keep a lane and take what is due in it; None when somebody has it or a delivery is due."""
    with system("read back"), connection.cursor() as cursor:
        found = lanes.claim_idle(owner, lane)
        if found is None:
            return None
        cursor.execute(_DUE, [lane, SLICE, _LEASE.total_seconds()])
        taken = tuple(row for (row,) in cursor.fetchall())
    held, integration = found
    return Slice(held=held, integration=integration, readbacks=taken)


def is_wanted(held: Held) -> bool:
    """Tell whether a delivery waits for the lane meanwhile."""
    with system("read back"):
        return lanes.is_wanted(held)


def put_off(taken: Sequence[UUID], wait: timedelta) -> None:
    """Ask these again after so long; whatever was written of them meanwhile is kept."""
    with system("read back"):
        Readback.objects.filter(id__in=taken).update(next_at=Now() + wait)


def put_off_lane(held: Held, wait: timedelta) -> None:
    """Ask nothing about one client's documents for so long."""
    _put_off("lane_id", held.lane_id, wait)


def put_off_connection(held: Held, wait: timedelta) -> None:
    """Ask nothing of a package for so long."""
    _put_off("connection_id", held.connection_id, wait)


def _put_off(column: str, owner: UUID, wait: timedelta) -> None:
    with system("read back"), connection.cursor() as cursor:
        values: dict[str, UUID | float] = {"owner": owner, "wait": wait.total_seconds()}
        cursor.execute(_LATER.format(column=column), values)

"""Begins to ask what became of documents, in the transaction in which they are delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from posthorn.delivery.readback.schedule import WAITS
from posthorn.delivery.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posthorn.delivery.turns import Finish

_WATCH = """
INSERT INTO delivery_readback
    (id, firm_id, delivery_id, lane_id, connection_id, began_at, next_at, looks, failures,
     was_missing)
SELECT gen_random_uuid(), m.firm, m.delivery, m.lane, m.connection, clock_timestamp(),
    clock_timestamp() + %s * interval '1 second', 0, 0, false
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[]) AS m(firm, delivery, lane, connection)
ON CONFLICT (delivery_id) DO NOTHING
"""


def watch(finishes: Sequence[Finish]) -> None:
    """Ask later about what was delivered just now, where the package tells."""
    rows = [
        (one.held.firm_id, one.delivery_id, one.held.lane_id, one.held.connection_id)
        for one in finishes
        if one.is_reported and one.verdict.state is State.DELIVERED
    ]
    if rows:
        with connection.cursor() as cursor:
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(_WATCH, [WAITS[0].total_seconds(), *columns])

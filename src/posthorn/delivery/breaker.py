"""Carries over to connections what attempts found out: back off, probe with one lane, recover."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from posthorn.delivery import holds, lanes
from posthorn.delivery.policy import Effect
from posthorn.tenancy import audit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from posthorn.delivery.turns import Finish, Held

_QUIET = frozenset({Effect.HEALTHY, Effect.NONE})


def lock(finishes: Sequence[Finish]) -> None:
    """Lock the connections that will change, before any delivery: people lock in that order too."""
    changing = {
        finish.held.connection_id
        for finish in finishes
        if finish.held.connection_step or finish.verdict.effect not in _QUIET
    }
    if changing:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM connections_connection WHERE id = ANY(%s)"
                " ORDER BY id FOR NO KEY UPDATE",
                [list(changing)],
            )


def apply(finishes: Sequence[Finish], *, leaving: Sequence[Held] = ()) -> None:
    """Carry over to connections what finished attempts found out.

    `leaving` are the lanes that the same transaction lets go: lanes are locked in one order.
    """
    woken: set[UUID] = set()
    for finish in finishes:
        match finish.verdict.effect:
            case Effect.HEALTHY if finish.held.connection_step:
                woken.update(_recover(finish))
            case Effect.BACK_OFF:
                _back_off(finish)
            case Effect.ATTENTION:
                _need_attention(finish)
            case Effect.CLIENT_WAITS:
                _postpone(finish)
            case Effect.CLIENT_ATTENTION:
                holds.hold_lane(finish.held.lane_id)
            case _:
                pass
    if woken:
        lanes.wake(woken.union(held.lane_id for held in leaving))


def _back_off(finish: Finish) -> None:
    # The step a lane saw at its claim is the fence: of many that failed together one counts.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE connections_connection SET backoff_step = backoff_step + 1, probe_lane = %s,"
            " failing_since = coalesce(failing_since, clock_timestamp())"
            " WHERE id = %s AND backoff_step = %s",
            [finish.held.lane_id, finish.held.connection_id, finish.held.connection_step],
        )
        if cursor.rowcount and not finish.held.connection_step:
            _tell(finish, "connection.backing_off")


def _recover(finish: Finish) -> list[UUID]:
    """Give the lanes to wake."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE connections_connection"
            " SET backoff_step = 0, probe_lane = NULL, failing_since = NULL"
            " WHERE id = %s AND backoff_step > 0",
            [finish.held.connection_id],
        )
        if not cursor.rowcount:
            return []
        # Whoever failed for the connection's sake spent nothing and need not wait any longer.
        cursor.execute(
            "UPDATE delivery_delivery SET next_at = clock_timestamp() WHERE id IN"
            " (SELECT id FROM delivery_delivery WHERE connection_id = %s AND state = 'retrying'"
            " AND next_at > clock_timestamp() AND spent = 0"
            " ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)",
            [finish.held.connection_id],
        )
        cursor.execute(
            "SELECT DISTINCT lane_id FROM delivery_delivery"
            " WHERE connection_id = %s AND next_at IS NOT NULL",
            [finish.held.connection_id],
        )
        waiting = [lane for (lane,) in cursor.fetchall()]
    _tell(finish, "connection.recovered")
    return waiting


def _postpone(finish: Finish) -> None:
    """Let all that waits in the lane wait as long: each try would be a call for nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery SET next_at = %(until)s WHERE id IN"
            " (SELECT id FROM delivery_delivery WHERE lane_id = %(lane)s AND next_at < %(until)s"
            " ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)",
            {"until": finish.verdict.until, "lane": finish.held.lane_id},
        )


def _need_attention(finish: Finish) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE connections_connection"
            " SET attention = %s, attention_field = %s, attention_detail = %s,"
            " attention_since = clock_timestamp()"
            " WHERE id = %s AND attention = '' AND version = %s",
            [
                finish.verdict.code,
                finish.field,
                finish.verdict.detail[:500],
                finish.held.connection_id,
                finish.held.connection_version,  # what was corrected meanwhile is not blamed again
            ],
        )
        is_news = bool(cursor.rowcount)
    if is_news:
        holds.hold_connection(finish.held.connection_id)
        _tell(finish, "connection.needs_attention")
    else:
        holds.reconsider_again(finish.held.connection_id)


def _tell(finish: Finish, action: str) -> None:
    audit.record(
        [
            audit.Entry(
                firm=finish.held.firm_id,
                actor="engine",
                action=action,
                subject_kind="connection",
                subject_id=finish.held.connection_id,
                detail={"code": finish.verdict.code} if finish.verdict.code else {},
            )
        ]
    )

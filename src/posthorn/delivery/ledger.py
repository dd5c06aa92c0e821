"""Writes turns: attempts before the wire, results after it; many threads in one transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import connection

from posthorn.delivery import breaker, lanes, links
from posthorn.delivery.readback import starting
from posthorn.delivery.states import Actor, State, check_move
from posthorn.delivery.turns import Granted
from posthorn.tenancy import audit
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from posthorn.delivery.turns import Begin, Divert, Finish, Recorded, Turn

_BEGIN = """
UPDATE delivery_delivery d
SET state = 'sending', next_at = NULL, attempt_id = m.attempt, attempts = m.number,
    revision = m.revision, moved_at = clock_timestamp()
FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::int[], %s::text[], %s::uuid[], %s::bigint[])
    AS m(id, attempt, number, revision, source, lane, fence)
JOIN delivery_lane l ON l.id = m.lane AND l.fence = m.fence AND l.owner_id = %s
WHERE d.id = m.id AND d.state = m.source
RETURNING d.id
"""
_ATTEMPTS = """
INSERT INTO delivery_attempt
    (id, firm_id, delivery_id, number, revision, incarnation_id, started_at, outcome, code,
     detail, evidence)
SELECT m.id, m.firm, m.delivery, m.number, m.revision, %s, clock_timestamp(), '', '', '', '{}'
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::int[], %s::int[])
    AS m(id, firm, delivery, number, revision)
"""
_REVISIONS = """
INSERT INTO delivery_revision
    (id, firm_id, delivery_id, number, connector_version, settings_version, media_type,
     envelope, summary, skeleton, sha256, size, prepared_at)
SELECT gen_random_uuid(), m.*, clock_timestamp()
FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::text[], %s::text[], %s::text[],
            %s::jsonb[], %s::jsonb[], %s::jsonb[], %s::text[], %s::bigint[]) AS m
"""
_FINISH = """
UPDATE delivery_delivery d
SET state = m.state, reason = m.reason, code = m.code, detail = m.detail,
    next_at = coalesce(m.until, clock_timestamp() + m.wait_s * interval '1 second'),
    spent = d.spent + m.spent, unknowns = d.unknowns + m.unknowns,
    remote_id = m.remote_id, url = m.url, moved_at = clock_timestamp()
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::timestamptz[], %s::float8[], %s::int[], %s::int[], %s::text[], %s::text[])
    AS m(id, attempt, state, reason, code, detail, until, wait_s, spent, unknowns, remote_id, url)
WHERE d.id = m.id AND d.state = 'sending' AND d.attempt_id = m.attempt
RETURNING m.attempt
"""
_RESULTS = """
UPDATE delivery_attempt a
SET finished_at = clock_timestamp(), outcome = m.outcome, code = m.code, detail = m.detail,
    evidence = m.evidence
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::jsonb[])
    AS m(id, outcome, code, detail, evidence)
WHERE a.id = m.id AND a.outcome = ''
"""
_DIVERT = """
UPDATE delivery_delivery d
SET state = m.state, reason = m.reason, code = m.code, detail = m.detail, next_at = NULL,
    moved_at = clock_timestamp()
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS m(id, source, state, reason, code, detail)
WHERE d.id = m.id AND d.state = m.source
RETURNING d.id
"""
_STEPS = """
INSERT INTO delivery_step (id, firm_id, delivery_id, name, remote_id, recorded_at)
SELECT gen_random_uuid(), m.*, clock_timestamp()
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[]) AS m
ON CONFLICT (delivery_id, name) DO NOTHING
"""


def write(owner: UUID, turns: Sequence[Turn]) -> Granted:
    """Commit turns as one transaction; a worker whose lease is gone begins nothing more."""
    with system("delivery engine"):
        alive = lanes.is_alive(owner)
        finishes = [turn.finish for turn in turns if turn.finish]
        breaker.lock(finishes)
        finished = _finish(finishes)
        _divert([turn.divert for turn in turns if turn.divert])
        _record_steps([turn.recorded for turn in turns if turn.recorded])
        begun = (
            _begin(owner, [turn.begin for turn in turns if turn.begin]) if alive else frozenset()
        )
        leaving = [turn.let_go for turn in turns if turn.let_go]
        kept = [finish for finish in finishes if finish.attempt_id in finished]
        starting.watch(kept)
        breaker.apply(kept, leaving=leaving)
        lanes.let_go(owner, leaving)
    return Granted(begun=begun, finished=finished)


def already_written(turns: Sequence[Turn]) -> Granted:
    """Find what an interrupted commit had written after all; the question after a lost database."""
    begins = [turn.begin.attempt_id for turn in turns if turn.begin]
    finishes = [turn.finish.attempt_id for turn in turns if turn.finish]
    with system("delivery engine"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, outcome FROM delivery_attempt WHERE id = ANY(%s)", [[*begins, *finishes]]
        )
        found = dict(cursor.fetchall())
    return Granted(
        begun=frozenset(attempt for attempt in begins if found.get(attempt) == ""),
        finished=frozenset(attempt for attempt in finishes if found.get(attempt)),
    )


def _begin(owner: UUID, begins: Sequence[Begin]) -> frozenset[UUID]:
    if not begins:
        return frozenset()
    for begin in begins:
        check_move(begin.source, State.SENDING, Actor.ENGINE)
    with connection.cursor() as cursor:
        cursor.execute(
            _BEGIN,
            [
                [begin.delivery_id for begin in begins],
                [begin.attempt_id for begin in begins],
                [begin.number for begin in begins],
                [begin.revision for begin in begins],
                [begin.source for begin in begins],
                [begin.held.lane_id for begin in begins],
                [begin.held.fence for begin in begins],
                owner,
            ],
        )
        moved = {delivery for (delivery,) in cursor.fetchall()}
        granted = [begin for begin in begins if begin.delivery_id in moved]
        _insert_revisions([begin for begin in granted if begin.new_revision])
        if granted:
            cursor.execute(
                _ATTEMPTS,
                [
                    owner,
                    [begin.attempt_id for begin in granted],
                    [begin.held.firm_id for begin in granted],
                    [begin.delivery_id for begin in granted],
                    [begin.number for begin in granted],
                    [begin.revision for begin in granted],
                ],
            )
    audit.record(
        _entry(
            begin.held.firm_id, begin.delivery_id, begin.source, State.SENDING, attempt=begin.number
        )
        for begin in granted
    )
    return frozenset(begin.attempt_id for begin in granted)


def _insert_revisions(begins: Sequence[Begin]) -> None:
    rows = [
        (
            begin.held.firm_id,
            begin.delivery_id,
            new.number,
            new.connector_version,
            new.settings_version,
            new.media_type,
            json.dumps(dict(new.envelope)),
            json.dumps(dict(new.summary)),
            json.dumps(new.skeleton),
            new.sha256,
            new.size,
        )
        for begin in begins
        if (new := begin.new_revision)
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_REVISIONS, [list(column) for column in zip(*rows, strict=True)])
        addresses = [(one.delivery_id, one.new_revision) for one in begins if one.new_revision]
        links.open_addresses((id_, token) for id_, new in addresses for token in new.links)


def _finish(finishes: Sequence[Finish]) -> frozenset[UUID]:
    if not finishes:
        return frozenset()
    for finish in finishes:
        check_move(State.SENDING, finish.verdict.state, Actor.ENGINE)
    rows = [_finish_row(finish) for finish in finishes]
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, [list(column) for column in zip(*rows, strict=True)])
        kept = frozenset(attempt for (attempt,) in cursor.fetchall())
        ours = [finish for finish in finishes if finish.attempt_id in kept]
        if ours:
            results = [_result_row(finish) for finish in ours]
            cursor.execute(_RESULTS, [list(column) for column in zip(*results, strict=True)])
    audit.record(
        _entry(
            finish.held.firm_id,
            finish.delivery_id,
            State.SENDING,
            finish.verdict.state,
            code=finish.verdict.code,
            reason=finish.verdict.hold or "",
        )
        for finish in ours
    )
    return kept


def _finish_row(finish: Finish) -> tuple[object, ...]:
    verdict, receipt = finish.verdict, finish.receipt
    return (
        finish.delivery_id,
        finish.attempt_id,
        verdict.state,
        verdict.hold or "",
        verdict.code,
        verdict.detail,
        verdict.until,
        verdict.wait.total_seconds() if verdict.wait is not None else None,
        int(verdict.is_spent),
        int(verdict.is_unknown),
        receipt.remote_id if receipt else "",
        receipt.url if receipt else "",
    )


def _result_row(finish: Finish) -> tuple[object, ...]:
    verdict, receipt = finish.verdict, finish.receipt
    evidence = json.dumps(dict(receipt.evidence) if receipt else {})
    return (finish.attempt_id, verdict.outcome, verdict.code, verdict.detail, evidence)


def _divert(diverts: Sequence[Divert]) -> None:
    if not diverts:
        return
    for divert in diverts:
        check_move(divert.source, divert.target, Actor.ENGINE)
    rows = [
        (one.delivery_id, one.source, one.target, one.hold or "", one.code, one.detail)
        for one in diverts
    ]
    with connection.cursor() as cursor:
        cursor.execute(_DIVERT, [list(column) for column in zip(*rows, strict=True)])
        moved = {delivery for (delivery,) in cursor.fetchall()}
    audit.record(
        _entry(
            one.held.firm_id,
            one.delivery_id,
            one.source,
            one.target,
            code=one.code,
            reason=one.hold or "",
        )
        for one in diverts
        if one.delivery_id in moved
    )


def _record_steps(steps: Iterable[Recorded]) -> None:
    rows = [(step.held.firm_id, step.delivery_id, step.name, step.remote_id) for step in steps]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_STEPS, [list(column) for column in zip(*rows, strict=True)])


def _entry(
    firm: UUID, delivery: UUID, source: State, target: State, **detail: object
) -> audit.Entry:
    told = {name: value for name, value in detail.items() if value != ""}
    return audit.Entry(
        firm=firm,
        actor="engine",
        action=f"delivery.{target}",
        subject_kind="delivery",
        subject_id=delivery,
        detail={"from": str(source), **told},
    )

"""Attempts are written before the wire and results after it, by their owner alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from posthorn.delivery import ledger
from posthorn.delivery.models import Incarnation
from posthorn.delivery.policy import Verdict
from posthorn.delivery.states import Hold, IllegalMoveError, State
from posthorn.delivery.turns import Divert, Granted, Turn
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import system
from tests.db.delivering import ACCEPTED, UNKNOWN, Hand, finish_of, open_desk

pytestmark = pytest.mark.django_db


def test_attempt_stands_open_before_anything_is_sent() -> None:
    desk, hand = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = hand.claim()

    begin = hand.send(held, queued)

    (delivery,), (attempt,) = desk.deliveries(), desk.attempts()
    assert (delivery.state, delivery.attempt_id, delivery.next_at) == (
        "sending",
        begin.attempt_id,
        None,
    )
    assert (attempt.pk, attempt.number, attempt.outcome, attempt.finished_at) == (
        begin.attempt_id,
        1,
        "",
        None,
    )
    assert attempt.incarnation_id == hand.incarnation.pk
    assert desk.trail("delivery.") == ["delivery.planned", "delivery.sending"]


def test_result_is_kept_with_its_evidence_and_begins_the_next_in_one_commit() -> None:
    desk, hand = open_desk(), Hand()
    first, second = desk.queue(count=2)
    (held,) = hand.claim()
    begin = hand.send(held, first)
    following = hand.begin(held, second)

    granted = hand.write(Turn(finish=finish_of(begin), begin=following))

    assert granted == Granted(
        begun=frozenset({following.attempt_id}), finished=frozenset({begin.attempt_id})
    )
    assert desk.states() == ["accepted", "sending"]
    accepted, attempt = desk.deliveries()[0], desk.attempts()[0]
    assert (accepted.remote_id, accepted.spent, accepted.unknowns) == ("<1@kantoor.example>", 0, 0)
    assert (attempt.outcome, attempt.evidence) == ("receipt", {"reply": "250 queued as 1"})
    assert attempt.finished_at is not None


@pytest.mark.parametrize("reason", ["fence", "owner", "state", "dead"])
def test_begin_is_refused_to_whoever_lost_the_right(reason: str) -> None:
    desk, hand = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = hand.claim()
    begin = hand.begin(held, queued)
    if reason == "fence":
        begin = replace(begin, held=replace(held, fence=held.fence - 1))
    elif reason == "owner":
        hand.let_go(held)
    elif reason == "state":
        begin = replace(begin, source=State.RETRYING)
    else:
        with system("test"):
            Incarnation.objects.update(stopped_at=now())

    granted = hand.write(Turn(begin=begin))

    assert granted == Granted(begun=frozenset(), finished=frozenset())
    assert desk.states() == ["queued"]
    assert desk.attempts() == []


def test_late_result_changes_nothing_at_all() -> None:
    desk, hand = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = hand.claim()
    begin = hand.send(held, queued)
    hand.write(Turn(finish=finish_of(begin, UNKNOWN)))
    before, trail = desk.deliveries(), desk.trail()

    granted = hand.write(Turn(finish=finish_of(begin, ACCEPTED)))

    assert granted.finished == frozenset()
    assert [each.__dict__["state"] for each in desk.deliveries()] == ["unknown"]
    assert desk.deliveries()[0].moved_at == before[0].moved_at
    assert desk.attempts()[0].outcome == "unknown"
    assert desk.trail() == trail


def test_one_refused_begin_does_not_take_its_neighbours_along() -> None:
    desk, hand = open_desk(clients=2), Hand()
    first, second = desk.queue(0)[0], desk.queue(1)[-1]
    helds = {held.lane_id: held for held in hand.claim()}
    good = hand.begin(helds[first.lane_id], first)
    stale = hand.begin(replace(helds[second.lane_id], fence=99), second)

    granted = hand.write(Turn(begin=good), Turn(begin=stale))

    assert granted.begun == {good.attempt_id}
    assert desk.states() == ["sending", "queued"]


def test_what_a_lost_commit_had_written_is_found_again() -> None:
    desk, hand = open_desk(), Hand()
    first, second = desk.queue(count=2)
    (held,) = hand.claim()
    begin = hand.send(held, first)
    turns = [Turn(finish=finish_of(begin), begin=hand.begin(held, second))]
    assert ledger.already_written(turns) == Granted(begun=frozenset(), finished=frozenset())

    granted = hand.write(*turns)

    assert ledger.already_written(turns) == granted


def test_retry_waits_by_the_databases_clock_and_counts() -> None:
    desk, hand = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = hand.claim()
    begin = hand.send(held, queued)
    later = Verdict(
        state=State.RETRYING,
        outcome="unavailable",
        code="recipient_deferred",
        detail="451 later",
        wait=timedelta(minutes=1),
        is_spent=True,
    )

    hand.write(Turn(finish=finish_of(begin, later), let_go=held))

    (delivery,) = desk.deliveries()
    assert (delivery.state, delivery.spent, delivery.code, delivery.detail) == (
        "retrying",
        1,
        "recipient_deferred",
        "451 later",
    )
    assert delivery.next_at is not None
    waits = delivery.next_at - delivery.moved_at
    assert abs(waits - timedelta(minutes=1)) < timedelta(milliseconds=10)
    lane = desk.lane()
    assert (lane.owner_id, lane.next_at) == (None, delivery.next_at)


def test_diverted_delivery_says_why_it_waits() -> None:
    desk, hand = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = hand.claim()
    divert = Divert(
        held=held,
        delivery_id=queued.pk,
        source=State.QUEUED,
        target=State.HELD,
        hold=Hold.FILE_DAMAGED,
        detail="restore it",
    )

    hand.write(Turn(divert=divert, let_go=held))

    (delivery,) = desk.deliveries()
    assert (delivery.state, delivery.reason, delivery.detail) == (
        "held",
        "file_damaged",
        "restore it",
    )
    assert desk.lane().next_at is None
    assert desk.trail("delivery.held") == ["delivery.held"]


def test_move_that_the_table_lacks_is_refused_before_anything_is_written() -> None:
    desk, hand = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = hand.claim()
    begin = hand.send(held, queued)
    wrong = Verdict(state=State.CANCELLED, outcome="receipt")

    with pytest.raises(IllegalMoveError, match="from sending to cancelled by engine"):
        hand.write(Turn(finish=finish_of(begin, wrong)))

    assert desk.states() == ["sending"]

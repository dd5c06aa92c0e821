"""What a dead worker leaves behind is found, and what lives is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posthorn.delivery import sweep
from posthorn.delivery.models import Attempt, Delivery, Incarnation, Lane
from posthorn.delivery.policy import Verdict
from posthorn.delivery.states import State
from posthorn.delivery.turns import Turn
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import system
from tests.db.delivering import ACCEPTED, Hand, finish_of, open_desk

pytestmark = pytest.mark.django_db
LEASE_S = 30.0


def fall_silent(hand: Hand, seconds: float = LEASE_S + 1) -> None:
    """Let the last heartbeat of a worker lie so far back."""
    with system("test"):
        Incarnation.objects.filter(pk=hand.incarnation.pk).update(
            heartbeat_at=now() - timedelta(seconds=seconds)
        )


def is_over(hand: Hand) -> bool:
    with system("test"):
        return Incarnation.objects.get(pk=hand.incarnation.pk).stopped_at is not None


def test_what_a_dead_worker_was_sending_is_unknown_and_its_lanes_are_free() -> None:
    desk, dead = open_desk(clients=2), Hand()
    first, second = desk.queue(0)[0], desk.queue(1)[-1]
    helds = {held.lane_id: held for held in dead.claim()}
    dead.send(helds[first.lane_id], first)
    fall_silent(dead)

    assert sweep.sweep(LEASE_S) == 1

    assert desk.states() == ["unknown", "queued"]
    (delivery, _), (attempt,) = desk.deliveries(), desk.attempts()
    assert (delivery.code, delivery.unknowns, delivery.spent) == ("worker_lost", 1, 1)
    assert (attempt.outcome, attempt.code) == ("unknown", "worker_lost")
    assert is_over(dead)
    assert sorted(Hand().due()) == sorted([first.pk, second.pk])
    assert desk.trail("delivery.unknown") == ["delivery.unknown"]
    assert sweep.sweep(LEASE_S) == 0


def test_late_result_of_a_dead_worker_is_refused() -> None:
    desk, dead = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = dead.claim()
    begin = dead.send(held, queued)
    fall_silent(dead)
    sweep.sweep(LEASE_S)

    granted = dead.write(Turn(finish=finish_of(begin, ACCEPTED), let_go=held))

    assert granted.finished == frozenset()
    assert desk.states() == ["unknown"]
    assert dead.claim() == []


def test_worker_whose_heart_beats_is_left_alone() -> None:
    desk, alive = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = alive.claim()
    alive.send(held, queued)
    fall_silent(alive, LEASE_S - 5)

    assert sweep.sweep(LEASE_S) == 0

    assert desk.states() == ["sending"]
    assert not is_over(alive)


def test_delivery_that_went_on_meanwhile_is_not_pulled_back() -> None:
    desk, dead, alive = open_desk(), Hand(), Hand()
    (queued,) = desk.queue()
    (held,) = dead.claim()
    dead.send(held, queued)
    fall_silent(dead)
    sweep.sweep(LEASE_S)
    (taken,) = alive.claim()
    again = alive.send(taken, desk.deliveries()[0])

    assert sweep.sweep(LEASE_S) == 0

    assert desk.states() == ["sending"]
    assert desk.deliveries()[0].attempt_id == again.attempt_id


def test_idle_lane_with_due_work_is_woken_again() -> None:
    desk = open_desk()
    (queued,) = desk.queue()
    with system("test"):
        Lane.objects.update(next_at=None)
    assert Hand().due() == []

    assert sweep.wake_forgotten() == 1

    assert Hand().due() == [queued.pk]
    assert sweep.wake_forgotten() == 0


def test_connection_whose_probing_lane_has_nothing_left_gets_another() -> None:
    desk = open_desk(clients=2)
    desk.queue(1)
    desk.set_package(backoff_step=2, probe_lane=None)
    assert Hand().due() == []

    sweep.sweep(LEASE_S)

    assert desk.package().probe_lane == desk.lane(1).pk
    assert Hand().due() == [desk.deliveries()[0].pk]


def make_overdue(seconds: float) -> None:
    with system("test"):
        Delivery.objects.exclude(next_at=None).update(next_at=now() - timedelta(seconds=seconds))


def test_overdue_counts_what_nobody_takes_up() -> None:
    desk = open_desk()
    desk.queue(count=2)
    make_overdue(59)
    assert sweep.overdue(LEASE_S) == 0

    make_overdue(61)
    assert sweep.overdue(LEASE_S) == 2

    desk.set_package(backoff_step=1)  # it waits for the connection, and that is known
    assert sweep.overdue(LEASE_S) == 0


def test_overdue_counts_an_attempt_that_nobody_swept() -> None:
    desk, dead = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = dead.claim()
    dead.send(held, queued)
    assert sweep.overdue(LEASE_S) == 0

    fall_silent(dead, LEASE_S + 61)
    assert sweep.overdue(LEASE_S) == 1

    sweep.sweep(LEASE_S)
    assert sweep.overdue(LEASE_S) == 0


def test_finished_attempts_of_a_dead_worker_stay_as_they_are() -> None:
    desk, dead = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = dead.claim()
    refused = Verdict(state=State.REFUSED, outcome="rejected", code="recipient_refused")
    dead.write(Turn(finish=finish_of(dead.send(held, queued), refused)))
    fall_silent(dead)

    sweep.sweep(LEASE_S)

    assert desk.states() == ["refused"]
    with system("test"):
        assert list(Attempt.objects.values_list("outcome", flat=True)) == ["rejected"]
        assert list(Lane.objects.values_list("owner", flat=True)) == [None]

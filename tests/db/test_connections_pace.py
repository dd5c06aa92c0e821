"""The pace of sending is one for all workers: kept in the database, waited for, or named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posthorn.connections.models import Pace
from posthorn.connections.pace import SharedPacer, reserve
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.sdk import RateLimited

pytestmark = pytest.mark.django_db


def test_turns_are_an_interval_apart_whoever_takes_them() -> None:
    waits = [reserve("smtp.example:587", 2.0, patience_s=10.0) for _ in range(4)]

    assert [is_ours for _, is_ours in waits] == [True] * 4
    assert [round(wait) for wait, _ in waits] == [0, 2, 4, 6]


def test_a_turn_beyond_the_patience_is_not_taken_but_named() -> None:
    reserve("@import.example", 60.0, patience_s=10.0)

    refused = [reserve("@import.example", 60.0, patience_s=10.0) for _ in range(3)]

    assert [(round(wait), is_ours) for wait, is_ours in refused] == [(60, False)] * 3
    left = Pace.objects.get(key="@import.example").next_at - now()
    assert timedelta(seconds=55) < left <= timedelta(seconds=60)


def test_time_that_nobody_used_is_not_saved_up() -> None:
    Pace.objects.create(key="smtp.example:587", next_at=now() - timedelta(hours=1))

    waits = [reserve("smtp.example:587", 3.0, patience_s=10.0)[0] for _ in range(2)]

    assert [round(wait) for wait in waits] == [0, 3]


def test_a_sender_waits_for_its_turn_or_is_told_when_it_comes() -> None:
    slept: list[float] = []
    key = f"@{new_id()}.example"  # taken on another connection: it outlives this test
    pacer = SharedPacer(patience_s=3.0, sleep=slept.append)
    for _ in range(2):
        pacer.take_turn(key, 2.5)

    assert [round(seconds, 1) for seconds in slept] == [2.5]
    with pytest.raises(RateLimited) as raised:
        pacer.take_turn(key, 2.5)
    pacer.close()
    assert (raised.value.code, raised.value.detail) == ("own_rate_reached", key)
    assert timedelta(seconds=4) < raised.value.until - now() <= timedelta(seconds=5)

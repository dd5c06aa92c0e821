from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.kernel import backoff

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_delivery_schedule_is_the_promised_one() -> None:
    first = (0 * HOUR, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR)

    assert first + (8 * HOUR,) * 13 == backoff.DELIVERY


def test_delivery_schedule_ends_within_five_days_and_no_earlier_than_it_must() -> None:
    total = sum(backoff.DELIVERY, timedelta())

    assert total == timedelta(days=4, hours=23, minutes=21)
    assert total + 8 * HOUR > timedelta(days=5)


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (3 * HOUR, (HOUR,)),
        (5 * HOUR - timedelta(seconds=1), (HOUR,)),
        (5 * HOUR, (HOUR, 4 * HOUR)),
        (9 * HOUR, (HOUR, 4 * HOUR, 4 * HOUR)),
    ],
)
def test_schedule_repeats_its_last_step_as_often_as_fits(
    total: timedelta, expected: tuple[timedelta, ...]
) -> None:
    assert backoff.schedule([HOUR], every=4 * HOUR, total=total) == expected


@pytest.mark.parametrize(("every", "total"), [(HOUR, MINUTE), (0 * HOUR, 5 * HOUR)])
def test_schedule_that_cannot_be_is_refused(every: timedelta, total: timedelta) -> None:
    with pytest.raises(ValueError, match="must fit into the total"):
        backoff.schedule([HOUR], every=every, total=total)


@pytest.mark.parametrize(
    ("random", "expected"),
    [(0.0, timedelta(minutes=48)), (0.5, HOUR), (0.75, timedelta(minutes=66))],
)
def test_jitter_spreads_the_wait_to_both_sides(random: float, expected: timedelta) -> None:
    assert backoff.delay(1, [MINUTE, HOUR], jitter=0.2, random=lambda: random) == expected


def test_first_attempt_does_not_wait() -> None:
    assert backoff.delay(0, backoff.DELIVERY, jitter=0.2, random=lambda: 0.9) == timedelta(0)


def test_ended_schedule_says_so() -> None:
    assert backoff.delay(20, backoff.DELIVERY, jitter=0, random=lambda: 0.5) == 8 * HOUR
    assert backoff.delay(21, backoff.DELIVERY, jitter=0, random=lambda: 0.5) is None
    assert backoff.delay(0, [], jitter=0, random=lambda: 0.5) is None


def test_negative_attempt_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        backoff.delay(-1, backoff.DELIVERY, jitter=0, random=lambda: 0.5)


@given(st.integers(min_value=0, max_value=20), st.randoms(use_true_random=False))
def test_jitter_stays_within_twenty_per_cent(attempt: int, random: Random) -> None:
    waited = backoff.delay(attempt, backoff.DELIVERY, jitter=backoff.JITTER, random=random.random)

    assert waited is not None
    assert abs(waited - backoff.DELIVERY[attempt]) <= backoff.DELIVERY[attempt] * 0.2

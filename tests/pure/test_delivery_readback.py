"""When a package is asked again what became of a document, and what counts as news."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posthorn.delivery.readback.schedule import WAITS, Known, Next, after_answer, after_failure
from posthorn.sdk import RemoteState, RemoteStatus

RECEIVED, BOOKED = RemoteState.RECEIVED, RemoteState.BOOKED
GONE, REJECTED = RemoteState.GONE, RemoteState.REJECTED
FIRST = WAITS[1]  # the wait after the first answer


@pytest.mark.parametrize(
    ("known", "said", "wanted"),
    [
        (Known(), (RECEIVED, ""), Next(wait=FIRST)),
        (Known(), (RECEIVED, "open"), Next(wait=FIRST, is_news=True)),
        (Known(told=("received", "open")), (RECEIVED, "open"), Next(wait=FIRST)),
        (Known(told=("received", "open")), (RECEIVED, ""), Next(wait=FIRST)),
        (Known(told=("received", "open")), (RECEIVED, "void"), Next(wait=FIRST, is_news=True)),
        (Known(), (BOOKED, ""), Next(wait=None, is_news=True)),
        (Known(told=("received", "open")), (BOOKED, "open"), Next(wait=None, is_news=True)),
        (Known(), (REJECTED, "no"), Next(wait=None, is_news=True)),
        (Known(), (GONE, ""), Next(wait=WAITS[0], was_missing=True)),
        (Known(was_missing=True), (GONE, ""), Next(wait=None, is_news=True, was_missing=True)),
        (Known(was_missing=True), (RECEIVED, ""), Next(wait=FIRST)),
        (Known(looks=4), (RECEIVED, ""), Next(wait=WAITS[5])),
        (Known(looks=5), (RECEIVED, ""), Next(wait=None)),
        (Known(looks=5), (RECEIVED, "open"), Next(wait=None, is_news=True)),
        (Known(looks=5), (GONE, ""), Next(wait=WAITS[0], was_missing=True)),
    ],
)
def test_what_follows_from_an_answer(
    known: Known, said: tuple[RemoteState, str], wanted: Next
) -> None:
    assert after_answer(known, RemoteStatus(state=said[0], code=said[1])) == wanted


def test_waits_grow_and_end_within_a_month() -> None:
    assert sorted(WAITS) == list(WAITS)
    assert sum(WAITS, timedelta()) == timedelta(days=25, hours=7)


def test_questions_without_an_answer_come_ever_later_up_to_a_day() -> None:
    waits = [after_failure(number) for number in range(1, 8)]

    assert waits[:2] == [timedelta(minutes=5), timedelta(minutes=30)]
    assert sorted(waits) == waits
    assert waits[4:] == [timedelta(days=1)] * 3

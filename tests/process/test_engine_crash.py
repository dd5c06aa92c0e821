"""The crash suite's short form, and the proof that it can fail."""

from __future__ import annotations

import pytest

from tests.crash.kills import Order, run

pytestmark = [pytest.mark.xdist_group("engine-crash"), pytest.mark.timeout(400)]


def test_two_hundred_kills_lose_nothing_and_flag_every_copy() -> None:
    result = run(Order(kills=200, seed=20_261_120))

    judgement = result.judgement
    assert judgement.complaints == {}
    assert judgement.accepted == judgement.documents
    assert judgement.unknown_attempts == judgement.in_flight
    assert judgement.documents >= 200
    assert judgement.copies >= 200  # the moments were well chosen: most kills left a copy behind


def test_engine_that_marks_before_it_sends_is_found_out() -> None:
    for seed in (7, 8, 9):  # on a busy host twelve kills may all come between two documents
        judgement = run(Order(kills=12, seed=seed, wrong=True)).judgement
        if judgement.complaints:
            break

    assert set(judgement.complaints) == {"never_sent", "shown_but_not_sent"}
    assert judgement.never_sent == judgement.shown_but_not_sent

"""A worker that is told to stop finishes what is in flight and leaves nothing behind."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from posthorn_sandbox.mail import Action, Fault, Moment, Verb
from tests.crash.stage import CALM, QUICK, set_stage

if TYPE_CHECKING:
    from tests.crash.house import House
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("engine-stop")
STOPS = 20


def test_twenty_stops_in_flight_make_no_copy(lent: tuple[House, Database]) -> None:
    moments = random.Random(4)  # noqa: S311  # moments, not secrets
    with set_stage(lent, clients=40) as stage:
        stage.receiver.add_fault(
            Fault(at=Verb.DOT, action=Action.STALL, when=Moment.AFTER, seconds=0.05)
        )
        stage.supply(300)
        for _ in range(STOPS):
            worker = stage.worker(CALM)
            seen = len(stage.receiver.messages())
            stage.receiver.wait_for(seen + 1, timeout_s=20)
            time.sleep(moments.uniform(0.0, 0.08))
            worker.kill(signal.SIGTERM)
            assert worker.wait(within_s=30) == 0
            open_attempts = "SELECT count(*) FROM delivery_attempt WHERE outcome = ''"
            assert stage.house.one(open_attempts) == 0
            held = "SELECT count(*) FROM delivery_lane WHERE owner_id IS NOT NULL"
            assert stage.house.one(held) == 0
        stage.house.settle(pace=CALM)

        assert Counter(stage.keys_arrived()) == Counter(stage.keys())
        assert {row["outcome"] for row in stage.attempts()} == {"receipt"}


def test_stopping_worker_keeps_its_lease_until_the_last_answer(
    lent: tuple[House, Database],
) -> None:
    with set_stage(lent) as stage:
        stage.receiver.add_fault(
            Fault(at=Verb.DOT, action=Action.STALL, when=Moment.AFTER, seconds=3.0, times=1)
        )
        stage.supply(2)
        stopping = stage.worker(QUICK)
        stage.receiver.wait_for(1)
        stopping.kill(signal.SIGTERM)
        stage.worker(QUICK)

        assert stopping.wait(within_s=30) == 0
        stage.await_states("accepted", "accepted")

        assert stage.keys_arrived() == stage.keys()
        assert [row["outcome"] for row in stage.attempts()] == ["receipt", "receipt"]

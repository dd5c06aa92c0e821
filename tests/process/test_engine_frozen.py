"""A worker that was frozen past its lease comes back: what it writes late is refused."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest

from posthorn_sandbox.mail import Action, Fault, Moment, Verb
from tests.crash.house import wait_until
from tests.crash.stage import QUICK, set_stage
from tests.crash.zygote import LEASE_LOST, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.house import Forked, House
    from tests.crash.stage import Stage
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("engine-frozen")

ONE_AT_A_TIME = {**QUICK, "senders": 1}


def test_late_result_of_a_frozen_worker_is_refused(lent: tuple[House, Database]) -> None:
    with set_stage(lent) as stage:
        stage.receiver.add_fault(stall(Verb.DOT, Moment.AFTER))
        stage.supply(1)
        frozen = stage.worker(ONE_AT_A_TIME)
        stage.receiver.wait_for(1)
        frozen.kill(signal.SIGSTOP)

        let_another_finish(stage)
        seen = stage.deliveries()
        frozen.kill(signal.SIGCONT)
        assert frozen.wait() == LEASE_LOST

        assert stage.deliveries() == seen
        assert [row["outcome"] for row in stage.attempts()] == ["unknown", "receipt"]
        assert stage.attempts()[0]["code"] == "worker_lost"
        assert [row["unknowns"] for row in seen] == [1]
        assert_refusal_is_logged(stage)
        assert copies(stage) == 1


def test_worker_frozen_before_the_first_byte_sends_at_most_one_copy(
    lent: tuple[House, Database],
) -> None:
    with set_stage(lent) as stage:
        stage.receiver.add_fault(stall(Verb.CONNECT, Moment.BEFORE))
        stage.supply(3)
        frozen = stage.worker(ONE_AT_A_TIME)
        begun = "SELECT count(*) FROM delivery_attempt"
        assert wait_until(lambda: stage.house.one(begun) == 1, within_s=20)
        frozen.kill(signal.SIGSTOP)

        let_another_finish(stage)
        seen = stage.deliveries()
        frozen.kill(signal.SIGCONT)
        assert frozen.wait() == LEASE_LOST

        assert stage.deliveries() == seen
        assert [row["outcome"] for row in stage.attempts()] == ["unknown", *["receipt"] * 3]
        assert [row["unknowns"] for row in seen] == [1, 0, 0]
        assert_refusal_is_logged(stage)
        assert copies(stage) == 1


@pytest.mark.parametrize("moment", ["begin", "finish"])
def test_worker_frozen_inside_a_transaction_holds_up_nobody(
    lent: tuple[House, Database], moment: str
) -> None:
    with set_stage(lent) as stage:
        if moment == "finish":
            stage.receiver.add_fault(stall(Verb.DOT, Moment.AFTER))
        stage.supply(2)
        before = {"begin": 0, "finish": 1}[moment]
        with stuck_on_the_trail(stage, lent[1], messages=before) as frozen:
            frozen.kill(signal.SIGSTOP)
        idle = (
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
            " AND state = 'idle in transaction'"
        )
        assert wait_until(lambda: stage.house.one(idle, name_of(frozen.pid)) == 1, within_s=10)

        let_another_finish(stage)
        seen = stage.deliveries()
        frozen.kill(signal.SIGCONT)
        assert frozen.wait() == LEASE_LOST

        assert stage.deliveries() == seen
        assert copies(stage) == before
        assert [row["unknowns"] for row in seen] == [before, 0]


def stall(at: Verb, when: Moment) -> Fault:
    """Keep the first conversation waiting for two seconds."""
    return Fault(at=at, action=Action.STALL, when=when, seconds=2.0, times=1)


def let_another_finish(stage: Stage) -> None:
    """Have a second worker take over and deliver everything."""
    other = stage.worker(QUICK)
    assert wait_until(stage.house.drained, within_s=30), stage.house.plight()
    other.kill(signal.SIGTERM)
    assert other.wait() == 0
    assert set(stage.states()) == {"accepted"}


def copies(stage: Stage) -> int:
    """Count messages beyond one per delivery; each must be the same to the byte."""
    messages = stage.receiver.messages()
    pairs = {(message.message_id, message.sha256) for message in messages}
    assert len(pairs) == len(stage.keys())
    return len(messages) - len(pairs)


def assert_refusal_is_logged(stage: Stage) -> None:
    first = stage.attempts()[0]
    said = f"attempt {first['id']}: its result came too late and was not kept: receipt"
    assert said in stage.house.log()


@contextmanager
def stuck_on_the_trail(stage: Stage, database: Database, *, messages: int) -> Iterator[Forked]:
    """Give a worker in the middle of a commit; the server goes on with it when the block ends."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
        " AND wait_event_type = 'Lock' AND query LIKE '%%tenancy_auditentry%%'"
    )
    with psycopg.connect(database.admin.url()) as blocker:
        if messages == 0:
            blocker.execute("LOCK TABLE tenancy_auditentry IN EXCLUSIVE MODE")
        worker = stage.worker(ONE_AT_A_TIME, idle_limit_ms=1_000)
        if messages:
            stage.receiver.wait_for(messages)
            blocker.execute("LOCK TABLE tenancy_auditentry IN EXCLUSIVE MODE")
        stuck = wait_until(lambda: stage.house.one(waiting, name_of(worker.pid)) == 1, within_s=20)
        assert stuck, stage.house.plight()
        yield worker

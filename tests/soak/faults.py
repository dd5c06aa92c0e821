"""Each fault again and again; every figure that must be 0 comes back by name."""

from __future__ import annotations

import random
import signal
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from posthorn_sandbox.mail import Action, Fault, Moment, Verb
from posthorn_sandbox.mail.sink import Sink, SinkSettings
from posthorn_sandbox.mail.sink_lines import Accepted, Keeps
from tests.crash.house import goes_on, open_house, wait_until
from tests.crash.oracle import Judgement, judge
from tests.crash.servers import cut_all_lines, kill_server, server_of_its_own
from tests.crash.stage import CALM, QUICK, lent_house, set_stage, use_relay
from tests.crash.zygote import LEASE_LOST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.crash.stage import Stage

MAIL_BYTES = 5_000
SLOW = SinkSettings(delay_ms=30, keeps=Keeps.DIGESTS)
ONE_AT_A_TIME = {**QUICK, "senders": 1}
AT_ONCE = 8
TWO_SENDERS = {**CALM, "senders": 2}


def judged(stage: Stage, *, in_flight: int) -> Judgement:
    """Judge a stage; `in_flight` is how many answers may have been lost."""
    arrived = [
        Accepted(
            message_id=message.message_id,
            recipient=message.recipients[0],
            sha256=message.sha256,
            mail_at=message.received_at.timestamp(),
            accepted_at=message.stored_at.timestamp(),
        )
        for message in stage.receiver.messages()
    ]
    return judge(stage.house, released=stage.released, arrived=arrived, in_flight=in_flight)


def fail_once_each(stage: Stage, faults: Sequence[Fault]) -> None:
    """Send a document to each of the first boxes over a fault of its own, then let it succeed."""
    answered = "SELECT count(*) FROM delivery_attempt WHERE outcome <> ''"
    before = stage.house.one(answered)
    stage.receiver.clear_faults()
    for box, fault in enumerate(faults):
        stage.receiver.add_fault(replace(fault, recipient=f"box{box}@*", times=1))
    stage.supply(len(faults))
    wanted = before + len(faults)
    assert wait_until(lambda: stage.house.one(answered) == wanted, within_s=30)
    assert {fault["hits"] for fault in stage.receiver.faults()} == {1}
    stage.let_time_pass()
    assert wait_until(stage.house.drained, within_s=30), stage.house.plight()


def strike_each(times: int, fault: Callable[[], Fault]) -> Judgement:
    """Have each of so many documents meet a fault once, some at the same time."""
    with lent_house("strikes") as lent, set_stage(lent, clients=AT_ONCE) as stage:
        stage.worker({**CALM, "senders": AT_ONCE})
        for done in range(0, times, AT_ONCE):
            fail_once_each(stage, [fault() for _ in range(min(AT_ONCE, times - done))])
        return judged(stage, in_flight=times)


def break_lines(times: int, seed: int) -> Judgement:
    """Reset the line at random bytes of the content."""
    offsets = random.Random(seed)  # noqa: S311  # bytes, not secrets
    return strike_each(
        times,
        lambda: Fault(
            at=Verb.CONTENT, action=Action.RESET, at_byte=offsets.randrange(1, MAIL_BYTES)
        ),
    )


def lose_replies(times: int, seed: int) -> Judgement:
    """Reset the line between the final dot and its reply."""
    del seed
    lost = Fault(at=Verb.DOT, action=Action.RESET, when=Moment.AFTER)
    return strike_each(times, lambda: lost)


def crowd_relay(times: int, seed: int) -> Judgement:
    """Send over a relay that takes two connections and answers 421 to every other one."""
    del seed
    with lent_house("crowd") as lent, set_stage(lent, clients=8) as stage:
        stage.receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.LIMIT, limit=2, code=421))
        stage.receiver.add_fault(Fault(at=Verb.DOT, action=Action.STALL, seconds=0.005))
        stage.worker({**CALM, "senders": 8})
        stage.supply(times)
        deadline = time.monotonic() + 30 + times
        while not stage.house.drained():
            assert time.monotonic() < deadline, stage.house.plight()
            stage.let_time_pass()
            time.sleep(0.2)
        assert len({message.peer for message in stage.receiver.messages()}) <= 2
        return judged(stage, in_flight=0)


def stop_workers(times: int, seed: int) -> Judgement:
    """Tell workers to stop while they send; not one attempt may be left open."""
    moments = random.Random(seed)  # noqa: S311  # moments, not secrets
    slow = Fault(at=Verb.DOT, action=Action.STALL, when=Moment.AFTER, seconds=0.05)
    with lent_house("stops") as lent, set_stage(lent, clients=40) as stage:
        stage.receiver.add_fault(slow)
        for _ in range(times):
            stage.supply(20)
            worker = stage.worker(CALM)
            stage.receiver.wait_for(len(stage.receiver.messages()) + 1, timeout_s=20)
            time.sleep(moments.uniform(0.0, 0.08))
            worker.kill(signal.SIGTERM)
            assert worker.wait(within_s=30) == 0, stage.house.plight()
        stage.house.settle(pace=CALM)
        return judged(stage, in_flight=0)


def freeze_workers(times: int, seed: int) -> Judgement:
    """Freeze a worker past its lease while another one takes over."""
    del seed
    stall = Fault(at=Verb.DOT, action=Action.STALL, when=Moment.AFTER, seconds=1.5, times=1)
    with lent_house("freezes") as lent, set_stage(lent) as stage:
        for _ in range(times):
            before = len(stage.receiver.messages())
            stage.receiver.clear_faults()
            stage.receiver.add_fault(stall)
            stage.supply(1)
            frozen = stage.worker(ONE_AT_A_TIME)
            stage.receiver.wait_for(before + 1)
            frozen.kill(signal.SIGSTOP)
            stage.house.settle(pace=QUICK)
            frozen.kill(signal.SIGCONT)
            assert frozen.wait() == LEASE_LOST, stage.house.plight()
        return judged(stage, in_flight=times)


def kill_servers(times: int, seed: int) -> Judgement:
    """Kill the database server under load; the same workers go on."""
    del seed
    with (
        Sink(SLOW) as sink,
        server_of_its_own() as (cluster, database),
        open_house(database) as house,
    ):
        use_relay(house, sink.smtp)
        scene = house.do("set_scene", clients=16)
        released: list[str] = []
        workers = [house.worker(TWO_SENDERS) for _ in range(2)]
        for _ in range(times):
            released += house.do("supply", **scene, count=100, size=3_000)
            kill_server(cluster)
            assert goes_on(house), house.plight()
        assert wait_until(house.drained, within_s=120), house.plight()
        assert [worker.poll() for worker in workers] == [None, None]
        return judge(house, released=released, arrived=sink.records(), in_flight=0)


def cut_lines(times: int, seed: int) -> Judgement:
    """End every connection to the database ten times a second, `times` times."""
    del seed
    with Sink(SLOW) as sink, lent_house("cuts") as (house, database):
        use_relay(house, sink.smtp)
        scene = house.do("set_scene", clients=8)
        released: list[str] = house.do("supply", **scene, count=400, size=3_000)
        workers = [house.worker(TWO_SENDERS) for _ in range(2)]
        assert wait_until(lambda: all(map(house.has_begun, workers)), within_s=30)
        cut_all_lines(database, for_s=times / 10)
        assert wait_until(house.drained, within_s=120), house.plight()
        assert [worker.poll() for worker in workers] == [None, None]
        return judge(house, released=released, arrived=sink.records(), in_flight=0)

"""Lanes keep their order, and a connection that fails is asked by one lane alone."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from posthorn_sandbox.mail import Action, Fault, Verb
from tests.crash.house import wait_until
from tests.crash.stage import CALM, set_stage, use_relay
from tests.process.mail_relay import free_port

if TYPE_CHECKING:
    from tests.crash.house import House
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("engine-lanes")


def test_eight_workers_on_one_backlog_send_each_document_once(
    lent: tuple[House, Database],
) -> None:
    with set_stage(lent, clients=24) as stage:
        stage.supply(240)
        for _ in range(8):
            stage.worker({**CALM, "senders": 2})

        assert wait_until(stage.house.drained, within_s=60), stage.house.plight()

        assert Counter(stage.keys_arrived()) == Counter(stage.keys())
        assert len(stage.keys()) == 240
        assert [row["outcome"] for row in stage.attempts()] == ["receipt"] * 240


def test_order_in_a_lane_is_the_order_of_arrival(lent: tuple[House, Database]) -> None:
    with set_stage(lent, clients=3) as stage:
        stage.supply(30)
        stage.supply(30)
        stage.worker()
        stage.worker()
        stage.receiver.wait_for(60, timeout_s=30)

        by_position = stage.deliveries()
        for client in range(3):
            box = f"box{client}@import.example"
            arrived = [
                message.message_id.strip("<>").partition("@")[0]
                for message in stage.receiver.messages(to=box)
            ]
            assert arrived == [row["key"] for row in by_position[client::3]]


def test_refused_for_a_while_document_is_overtaken(lent: tuple[House, Database]) -> None:
    with set_stage(lent) as stage:
        stage.receiver.add_fault(Fault(at=Verb.RCPT, action=Action.REPLY, times=1))
        stage.supply(3)
        stage.worker()
        stage.await_states("retrying", "accepted", "accepted")

        stage.let_time_pass()
        stage.await_states("accepted", "accepted", "accepted")

        first, second, third = stage.keys()
        assert stage.keys_arrived() == [second, third, first]


def test_connection_that_fails_keeps_the_order(lent: tuple[House, Database]) -> None:
    with set_stage(lent, clients=2) as stage:
        stage.receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.DROP, times=2))
        stage.supply(10)
        stage.worker({**CALM, "senders": 1})
        stage.receiver.wait_for(10, timeout_s=40)

        even, odd = stage.keys()[::2], stage.keys()[1::2]
        arrived = stage.keys_arrived()
        assert [key for key in arrived if key in even] == even
        assert [key for key in arrived if key in odd] == odd


def test_failing_connection_is_asked_by_the_head_of_one_lane(
    lent: tuple[House, Database],
) -> None:
    with set_stage(lent, clients=6) as stage:
        stage.receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.DROP))
        stage.supply(30)
        stage.worker({**CALM, "senders": 4})
        stage.worker({**CALM, "senders": 4})

        began = time.monotonic()
        tries = "SELECT count(*) FROM delivery_attempt"
        assert wait_until(lambda: stage.house.one(tries) > 0, within_s=20)
        time.sleep(5)

        # Up to 6 lanes were on their way when the first failed; then 2 s, then 5 s pass.
        asked = stage.house.rows(
            "SELECT a.delivery_id, d.lane_id, a.started_at FROM delivery_attempt a"
            " JOIN delivery_delivery d ON d.id = a.delivery_id ORDER BY a.started_at"
        )
        assert time.monotonic() - began < 20
        assert len(asked) <= 6 + 2
        probing = "SELECT probe_lane FROM connections_connection"
        assert {row["lane_id"] for row in asked[6:]} <= {stage.house.one(probing)}
        heads = {row["id"] for row in stage.deliveries()[:6]}
        assert {row["delivery_id"] for row in asked} <= heads
        assert {row["spent"] for row in stage.deliveries()} == {0}
        assert stage.receiver.messages() == []


def test_recovered_connection_wakes_every_lane(lent: tuple[House, Database]) -> None:
    with set_stage(lent, clients=12) as stage:
        address = stage.receiver.smtp
        use_relay(stage.house, ("127.0.0.1", free_port()))
        stage.supply(24)
        down = stage.worker()
        step = "SELECT backoff_step FROM connections_connection"
        assert wait_until(lambda: stage.house.one(step) > 0, within_s=20)
        down.kill()

        use_relay(stage.house, address)
        stage.house.change("UPDATE delivery_incarnation SET heartbeat_at = '2000-01-01'")
        stage.worker()
        stage.receiver.wait_for(24, timeout_s=30)

        assert wait_until(stage.house.drained, within_s=10)
        assert stage.trail("connection.") == ["connection.backing_off", "connection.recovered"]
        assert stage.house.one(step) == 0


def test_wake_up_for_later_does_not_delay_one_for_now(lent: tuple[House, Database]) -> None:
    with set_stage(lent) as stage:
        stage.receiver.add_fault(Fault(at=Verb.RCPT, action=Action.REPLY, times=1))
        stage.supply(1)
        stage.worker()
        stage.await_states("retrying")
        wait_s = "SELECT extract(epoch FROM next_at - clock_timestamp()) FROM delivery_lane"
        assert 40 < stage.house.one(wait_s) < 80

        stage.supply(1)

        stage.await_states("retrying", "accepted", within_s=10)


def test_wrong_clock_of_a_worker_steals_no_lease_and_sends_nothing_twice(
    lent: tuple[House, Database],
) -> None:
    with set_stage(lent, clients=6) as stage:
        stage.receiver.add_fault(Fault(at=Verb.RCPT, action=Action.REPLY, times=1))
        stage.supply(60)
        hour, day, five_years = 3_600.0, 86_400.0, 5 * 365 * 86_400.0
        for ahead_s in (hour, -hour, -day, five_years):
            stage.worker({**CALM, "senders": 2}, clock_ahead_s=ahead_s)
        stage.receiver.wait_for(59, timeout_s=30)
        assert wait_until(lambda: stage.states().count("accepted") == 59, within_s=10)

        waits = "SELECT extract(epoch FROM max(next_at) - clock_timestamp()) FROM delivery_delivery"
        assert 30 < stage.house.one(waits) < 80
        assert stage.house.one("SELECT count(stopped_at) FROM delivery_incarnation") == 0
        assert len(set(stage.keys_arrived())) == len(stage.receiver.messages()) == 59

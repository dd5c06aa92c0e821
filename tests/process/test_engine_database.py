"""The database dies, or cuts every line, while workers send: they go on by themselves."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from posthorn_sandbox.mail.sink import Sink, SinkSettings
from posthorn_sandbox.mail.sink_lines import Keeps
from tests.crash.house import goes_on, open_house, wait_until
from tests.crash.oracle import judge
from tests.crash.servers import cut_all_lines, kill_server, server_of_its_own
from tests.crash.stage import CALM, lent_house, use_relay

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.house import House
    from tests.database import Database

pytestmark = [pytest.mark.xdist_group("engine-database"), pytest.mark.timeout(240)]

DEATHS = 2
HEARD_WITHIN_S = 5
SLOW = SinkSettings(delay_ms=30, keeps=Keeps.DIGESTS)
TWO_SENDERS = {**CALM, "senders": 2}


def test_workers_go_on_when_the_server_was_killed_under_load() -> None:
    with (
        Sink(SLOW) as sink,
        server_of_its_own() as (cluster, database),
        open_house(database) as house,
    ):
        use_relay(house, sink.smtp)
        scene = house.do("set_scene", clients=16)
        released = house.do("supply", **scene, count=400, size=3_000)
        workers = [house.worker(TWO_SENDERS) for _ in range(2)]
        assert goes_on(house), house.plight()

        for _ in range(DEATHS):
            kill_server(cluster)
            assert goes_on(house), house.plight()

        assert [worker.poll() for worker in workers] == [None, None]
        assert wait_until(house.drained, within_s=60), house.plight()
        for worker in workers:
            worker.kill(signal.SIGTERM)
            assert worker.wait() == 0
        judgement = judge(house, released=released, arrived=sink.records(), in_flight=0)
        assert judgement.complaints == {}
        assert (judgement.accepted, judgement.copies) == (400, 0)


@pytest.fixture(scope="module")
def lent() -> Iterator[tuple[House, Database]]:
    with lent_house("cut") as house:
        yield house


def test_workers_go_on_when_every_line_was_cut_for_a_while(lent: tuple[House, Database]) -> None:
    house, database = lent
    with Sink(SLOW) as sink:
        use_relay(house, sink.smtp)
        scene = house.do("set_scene", clients=8)
        released = house.do("supply", **scene, count=200, size=3_000)
        looks_seldom = {**TWO_SENDERS, "sweep": 20.0}
        workers = [house.worker(looks_seldom) for _ in range(2)]
        assert wait_until(lambda: all(map(house.has_begun, workers)), within_s=30)

        cut_all_lines(database, for_s=3.0)

        assert wait_until(house.drained, within_s=60), house.plight()
        time.sleep(1)
        began = time.monotonic()
        released += house.do("supply", **scene, count=8, size=3_000)
        assert wait_until(house.drained, within_s=HEARD_WITHIN_S), house.plight()
        assert time.monotonic() - began < HEARD_WITHIN_S
        assert [worker.poll() for worker in workers] == [None, None]
        judgement = judge(house, released=released, arrived=sink.records(), in_flight=0)
        assert judgement.complaints == {}
        assert (judgement.accepted, judgement.copies) == (208, 0)

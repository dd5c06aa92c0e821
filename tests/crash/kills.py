"""Kills a worker again and again under load, at random moments, then lets one finish."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from posthorn_sandbox.mail.sink import Sink, SinkSettings
from posthorn_sandbox.mail.sink_lines import Keeps
from tests.crash.house import PACE, open_house, wait_until
from tests.crash.oracle import judge
from tests.crash.stage import use_relay
from tests.crash.zygote import LEASE_LOST
from tests.database import fresh_database

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crash.house import Forked, House
    from tests.crash.oracle import Judgement

EARLIEST_S, LATEST_S = 0.012, 0.062
SIZE = 3_000  # bytes: enough for the stored file to be referred to, not copied
_LITTLE, _BATCH = 150, 200
_WAITING = (
    "SELECT count(*) FROM delivery_delivery d JOIN delivery_lane l ON l.id = d.lane_id"
    " WHERE d.state = 'queued' AND l.owner_id IS NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A run: how many kills over how many lanes, by which seed; `wrong` takes the control."""

    kills: int
    lanes: int = 48
    seed: int = 1
    wrong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run came to."""

    order: Order
    judgement: Judgement
    seconds: float


def run(order: Order, tell: Callable[[int], None] = lambda _: None) -> Result:
    """Kill, let one worker finish, judge; `tell` hears the number of kills so far."""
    begun = time.monotonic()
    settings = SinkSettings(jitter_ms=4.0, seed=order.seed, keeps=Keeps.DIGESTS)
    with fresh_database("crash") as database, Sink(settings) as sink, open_house(database) as house:
        use_relay(house, sink.smtp)
        load = Load(house, order.lanes)
        in_flight = 0
        for number, moment in enumerate(_moments(order)):
            load.keep_up()
            in_flight += _kill_one(house, sink, moment, wrong=order.wrong)
            tell(number + 1)
        released = load.finish()
        in_flight += _finish(house)
        judgement = judge(house, released=released, arrived=sink.records(), in_flight=in_flight)
    return Result(order=order, judgement=judgement, seconds=time.monotonic() - begun)


class Load:
    """Releases more documents, in a process of its own, whenever few are left."""

    def __init__(self, house: House, lanes: int) -> None:
        self._house = house
        self._scene = house.do("set_scene", clients=lanes)
        self._releasing: Forked | None = None
        self._released: list[str] = []

    def keep_up(self) -> None:
        """See to it that a worker finds something to do."""
        if self._releasing and self._releasing.poll() is not None:
            self._released += self._releasing.answer()
            self._releasing = None
        if self._releasing is None and self._house.one(_WAITING) < _LITTLE:
            self._releasing = self._house.start("supply", **self._scene, count=_BATCH, size=SIZE)

    def finish(self) -> list[str]:
        """Wait for the last release; gives every document that was released."""
        if self._releasing:
            self._released += self._releasing.answer()
        return self._released


def _moments(order: Order) -> list[float]:
    moments = random.Random(order.seed)  # noqa: S311  # moments, not secrets
    return [moments.uniform(EARLIEST_S, LATEST_S) for _ in range(order.kills)]


def _kill_one(house: House, sink: Sink, moment_s: float, *, wrong: bool) -> int:
    """Kill a new worker some time after its first connection; gives its sends in flight."""
    in_flight = 0
    while True:
        before = sink.counts().connections
        worker = house.worker(PACE, wrong=wrong)
        wait_until(partial(_is_seen, worker, sink, before), within_s=30)
        if worker.code is None:
            break
        assert worker.code == LEASE_LOST, house.plight()
        in_flight += house.sends_in_flight(worker)
    assert sink.counts().connections > before, house.plight()
    time.sleep(moment_s)
    worker.kill()
    return in_flight + house.sends_in_flight(worker)


def _is_seen(worker: Forked, sink: Sink, connections: int) -> bool:
    return sink.counts().connections > connections or worker.poll() is not None


def _finish(house: House) -> int:
    """Drain; then decide, as a person, on what was tried three times without an answer."""
    in_flight = house.settle()
    house.do("release_held", reason="unknown_thrice")
    return in_flight + house.settle()

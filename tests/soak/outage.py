"""Exact Online is away for six hours while documents wait (F60): told once, probed, drained."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from posthorn_sandbox.exact import Switches
from tests.crash.door import Door
from tests.crash.exact import set_exact_stage
from tests.crash.house import wait_until
from tests.crash.scaled import change_scale, scaled_clock
from tests.crash.stage import CALM, lent_house
from tests.soak.limits import A_MINUTE, Order, calls_by_minute

if TYPE_CHECKING:
    from tests.crash.exact import ExactStage
    from tests.crash.house import House
    from tests.database import Database

DOWN: timedelta = timedelta(hours=6)
EACH = 60
"""Documents of one client: two minutes of calls."""
_FAST = 1_440.0  # six hours in fifteen seconds
_SENDERS = 8
_JOURNAL = 200_000
_MANY_S = 3_600
_TOO_MANY = 429
_LONGEST_WAIT_S = 720.0  # between two probes: ten minutes and their jitter
_PROBES_S = 60.0
_SINCE = "SELECT extract(epoch FROM scaled.clock_timestamp())::float8"
_BACKING_OFF = "connection.backing_off"
_RECOVERED = "connection.recovered"
_TOLD = (
    "SELECT action FROM tenancy_auditentry WHERE action LIKE 'connection.%%' AND actor = 'engine'"
    " ORDER BY id"
)
_SENT = "SELECT client_id, remote_id FROM delivery_delivery ORDER BY position"
_SPENT = "SELECT count(*) FROM delivery_delivery WHERE spent > 0 OR unknowns > 0"
_PROBES = "SELECT count(*) FROM delivery_attempt WHERE outcome = 'unavailable'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What came of documents that waited; all but the first five must be 0.

    `alerts` and `recoveries` count what the firm was told of the connection, `probes` the tries
    that found nobody there, `most_a_minute` the calls of the fullest minute of an administration.
    """

    documents: int
    alerts: int
    recoveries: int
    probes: int
    most_a_minute: int
    too_many_probes: int
    told_else: int
    out_of_order: int
    spent: int
    refused: int
    wrong: int

    @property
    def complaints(self) -> dict[str, int]:
        """Give the figures that should be 0 and are not."""
        wrong = ("too_many_probes", "told_else", "out_of_order", "spent", "refused", "wrong")
        found = {name: getattr(self, name) for name in wrong if getattr(self, name)}
        if (self.alerts, self.recoveries) != (1, 1):
            found["alerts and recoveries"] = self.alerts + self.recoveries
        if self.most_a_minute > A_MINUTE:
            found["calls in a minute"] = self.most_a_minute
        return found


def go_down(documents: int, seed: int) -> Outage:
    """Let documents wait for six hours, sixty for each client."""
    del seed  # nothing here is left to chance
    with lent_house("outage") as lent:
        return wait_it_out(lent, documents)


def wait_it_out(lent: tuple[House, Database], documents: int) -> Outage:
    """Release documents while nobody is there; come back after six hours, and count."""
    order = Order(divisions=max(1, documents // EACH), each=EACH)
    with (
        set_exact_stage(
            lent, clients=order.divisions, switches=Switches(), journal=_JOURNAL
        ) as stage,
        Door(_place_of(stage)) as door,
    ):
        _put_before(stage, door)
        stage.supply(order.divisions * order.each)
        # A worker's life is told by the scaled clock too: the lease must not shrink with it.
        pace = {**CALM, "senders": _SENDERS, "lease": CALM["lease"] * _FAST}
        with scaled_clock(lent[1], stage, _FAST):
            began = stage.house.one(_SINCE)
            stage.worker(pace)
            _await_clock(stage, began + DOWN.total_seconds())
            door.open()
            # The next probe is minutes away, and on the slow clock of many clients that is long.
            assert wait_until(lambda: _told(stage)[_RECOVERED] > 0, within_s=_MANY_S)
            change_scale(lent[1], stage, order.scale)
            is_over = wait_until(lambda: stage.is_over, within_s=_MANY_S)
            assert is_over, stage.house.plight()
        return _counted(stage)


def _put_before(stage: ExactStage, door: Door) -> None:
    """Let the workers know the door's address as the package's."""
    place = f"127.0.0.1:{door.port}"
    stage.house.env["allow_private"] = [place]
    stage.house.env["sites"]["exact_online.be"]["base"] = f"http://{place}"


def _place_of(stage: ExactStage) -> tuple[str, int]:
    found = urlsplit(stage.standin.base)
    return found.hostname or "", found.port or 0


def _await_clock(stage: ExactStage, until: float) -> None:
    deadline = time.monotonic() + _MANY_S
    while stage.house.one(_SINCE) < until:
        assert time.monotonic() < deadline, stage.house.plight()
        time.sleep(0.1)


def _counted(stage: ExactStage) -> Outage:
    journal = stage.admin("GET", "/journal")
    minutes = calls_by_minute(journal)
    probes = int(stage.house.one(_PROBES))
    told = _told(stage)
    # One for each sender that was at it in the first moment, then the steps of the back-off.
    most = _SENDERS + _PROBES_S + DOWN.total_seconds() / (_LONGEST_WAIT_S * 2 / 3)
    return Outage(
        documents=len(stage.digests),
        alerts=told[_BACKING_OFF],
        recoveries=told[_RECOVERED],
        probes=probes,
        most_a_minute=max(
            (count for each in minutes.values() for count in each.values()), default=0
        ),
        too_many_probes=max(0, probes - int(most)),
        told_else=told.total() - told[_BACKING_OFF] - told[_RECOVERED],
        out_of_order=_out_of_order(stage),
        spent=int(stage.house.one(_SPENT)),
        refused=sum(call["status"] == _TOO_MANY for call in journal),
        wrong=sum(stage.judged().complaints.values()),
    )


def _told(stage: ExactStage) -> Counter[str]:
    """Count what the firm was told of the connection."""
    return Counter(row["action"] for row in stage.house.rows(_TOLD))


def _out_of_order(stage: ExactStage) -> int:
    """Count the clients whose documents were not made in the order in which they were released."""
    wanted: dict[object, list[str]] = defaultdict(list)
    for row in stage.house.rows(_SENT):
        wanted[row["client_id"]].append(row["remote_id"])
    made: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for one in stage.admin("GET", "/documents"):
        made[one["division"]].append((one["hid"], one["id"]))
    there = Counter(tuple(key for _, key in sorted(rows)) for rows in made.values())
    return (Counter(tuple(keys) for keys in wanted.values()) - there).total()

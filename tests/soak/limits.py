"""The real limits of Exact Online, with the workers and the stand-in on one scaled clock."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from posthorn_sandbox.exact import Switches
from tests.crash.exact import set_exact_stage
from tests.crash.scaled import MINUTE_S, scaled_clock
from tests.crash.stage import CALM, lent_house

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from tests.crash.exact import ExactStage
    from tests.database import Database

EACH = 30
A_MINUTE = 60
"""Calls that an administration allows in a minute."""
_USED = 0.95
_TOO_MANY = 429
_MANY_S = 3_600
_JOURNAL = 200_000
_SENDERS = 8
CALLS_A_SECOND = 60
"""What two cores manage with some to spare, worker and stand-in together."""
_FASTEST = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """What came of documents under the real limits; all but the first five must be 0.

    `full` counts the minutes of an administration after which work was left, `least` is the fewest
    calls in one of them, and `unused` says in how many it was too few.
    """

    documents: int
    calls: int
    look_ups: int
    full: int
    least: int
    unused: int
    refused: int
    extra_calls: int
    wrong: int

    @property
    def complaints(self) -> dict[str, int]:
        """Give the figures that should be 0 and are not."""
        wrong = ("unused", "refused", "extra_calls", "wrong")
        found = {name: getattr(self, name) for name in wrong if getattr(self, name)}
        return found if self.full else {**found, "no minute was full": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """So many documents for each administration, with their PDF or without."""

    divisions: int
    each: int
    with_pdf: bool = False

    @property
    def scale(self) -> float:
        """How fast the clock runs: as many calls as all may make, this machine can make."""
        return min(_FASTEST, CALLS_A_SECOND * MINUTE_S / (self.divisions * A_MINUTE))


def keep_limits(order: Order) -> Limited:
    """Deliver as fast as 60 calls a minute and administration allow."""
    with (
        lent_house("limits") as lent,
        set_exact_stage(
            lent,
            clients=order.divisions,
            switches=Switches(),
            journal=_JOURNAL,
            with_pdf=order.with_pdf,
        ) as stage,
    ):
        return limited(lent[1], stage, order)


def limited(database: Database, stage: ExactStage, order: Order) -> Limited:
    """Deliver on a stage with the real limits, and count."""
    stage.supply(order.divisions * order.each)
    # A worker's life is told by the scaled clock too: the lease must not shrink with it.
    pace = {**CALM, "senders": _SENDERS, "lease": CALM["lease"] * max(1.0, order.scale)}
    with scaled_clock(database, stage, order.scale):
        stage.worker(pace)
        end = time.monotonic() + _MANY_S
        while not stage.is_over:
            assert time.monotonic() < end, stage.house.plight()
            time.sleep(0.2)
    journal = stage.admin("GET", "/journal")
    judged = stage.judged()
    full = full_minutes(journal)
    wanted = judged.documents * (3 if order.with_pdf else 2)
    return Limited(
        documents=judged.documents,
        calls=judged.calls,
        look_ups=judged.look_ups,
        full=len(full),
        least=min(full, default=0),
        unused=sum(count < _USED * A_MINUTE for count in full),
        # The first may come before anything is known of the limits.
        refused=max(0, sum(call["status"] == _TOO_MANY for call in journal) - 1),
        extra_calls=abs(judged.calls - wanted),
        wrong=sum(judged.complaints.values()),
    )


def full_minutes(journal: Sequence[Mapping[str, Any]]) -> list[int]:
    """Count the calls of each minute of an administration after which work was left to do."""
    used = calls_by_minute(journal)
    return [
        count
        for minutes in used.values()
        for minute, count in minutes.items()
        if minute < max(minutes)
    ]


def calls_by_minute(journal: Sequence[Mapping[str, Any]]) -> Mapping[int, Counter[int]]:
    """Count the calls that were let in, by administration and minute."""
    used: dict[int, Counter[int]] = defaultdict(Counter)
    for call in journal:
        if call["division"] is not None and call["status"] != _TOO_MANY:
            used[call["division"]][_minute(call["at"])] += 1
    return used


def _minute(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp()) // MINUTE_S


def keep_usual_limits(documents: int, seed: int) -> Limited:
    """Deliver 30 documents to each administration."""
    del seed  # nothing here is left to chance
    return keep_limits(Order(divisions=max(1, documents // EACH), each=EACH))


def keep_limits_with_pdf(documents: int, seed: int) -> Limited:
    """Deliver 30 documents to each administration, each with its PDF beside."""
    del seed  # nothing here is left to chance
    return keep_limits(Order(divisions=max(1, documents // EACH), each=EACH, with_pdf=True))

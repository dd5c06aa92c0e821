"""Faults, kills and the real limits before a stand-in Exact Online."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from posthorn_sandbox.exact import Switches
from tests.crash.exact import BROKEN, Judged, kill_again_and_again, set_exact_stage
from tests.crash.stage import lent_house

_CLIENTS = 20
_A_MINUTE = 60  # calls, and seconds
_USED = 0.95
_MANY_S = 3_600


def lose_answers(documents: int, seed: int) -> Judged:
    """Deliver documents while a quarter of the writes loses its answer, in each way there is."""
    del seed  # which call is struck follows from the order of the calls
    found = [_lost(way, documents // len(BROKEN)) for way in BROKEN]
    return sum(found[1:], found[0])


def _lost(way: str, documents: int) -> Judged:
    with lent_house("exact") as lent, set_exact_stage(lent, clients=_CLIENTS) as stage:
        fault: dict[str, object] = {
            "at": "documents/*",
            "method": "POST",
            "times": max(1, documents // 2),
        }
        stage.admin("POST", "/faults", {**fault, **BROKEN[way]})
        stage.supply(documents)
        stage.worker()
        stage.finish(within_s=_MANY_S)
        return stage.judged()


def kill_workers(kills: int, seed: int) -> Judged:
    """Kill workers at random moments, then let one finish."""
    with lent_house("exact") as lent, set_exact_stage(lent, clients=_CLIENTS) as stage:
        kill_again_and_again(stage, kills=kills, seed=seed)
        stage.worker()
        stage.finish(within_s=_MANY_S)
        return stage.judged()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """What came of documents under the real limits; `unused` counts minutes used too little.

    A minute of an administration counts where work waited before and after it.
    """

    documents: int
    minutes: int
    unused: int
    refused: int
    wrong: int

    @property
    def complaints(self) -> dict[str, int]:
        """Give the figures that should be 0 and are not."""
        wrong = {"unused": self.unused, "refused": self.refused, "wrong": self.wrong}
        return {name: value for name, value in wrong.items() if value}


def keep_limits(documents: int, seed: int) -> Limited:
    """Deliver as fast as 60 calls a minute and administration allow, on the machine's clock."""
    del seed  # nothing here is left to chance
    with (
        lent_house("exact") as lent,
        set_exact_stage(lent, clients=_CLIENTS, switches=Switches()) as stage,
    ):
        stage.supply(documents)
        stage.worker()
        end = time.monotonic() + _MANY_S
        while not stage.is_over and time.monotonic() < end:
            time.sleep(1)
        calls = stage.admin("GET", "/journal")
        used = Counter((call["division"], _minute(call["at"])) for call in calls)
        judged = stage.judged()
    whole = [
        count
        for (division, minute), count in used.items()
        if (division, minute + 1) in used and (division, minute - 1) in used
    ]
    return Limited(
        documents=documents,
        minutes=len(whole),
        unused=sum(count < _USED * _A_MINUTE for count in whole),
        # The first may come before anything is known of the limits.
        refused=max(0, sum(call["status"] == 429 for call in calls) - 1),
        wrong=sum(judged.complaints.values()),
    )


def _minute(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp()) // _A_MINUTE

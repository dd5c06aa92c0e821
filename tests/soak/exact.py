"""Faults and kills before a stand-in Exact Online, again and again."""

from __future__ import annotations

from tests.crash.exact import BROKEN, Judged, kill_again_and_again, set_exact_stage
from tests.crash.stage import lent_house

_CLIENTS = 20
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

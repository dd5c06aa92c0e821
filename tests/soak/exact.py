"""Lost answers and killed workers before a stand-in Exact Online."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tests.crash.exact import BROKEN, set_exact_stage
from tests.crash.exact_kills import kill_again_and_again
from tests.crash.stage import CALM, lent_house

if TYPE_CHECKING:
    from tests.crash.exact import ExactStage, Judged
    from tests.crash.house import House
    from tests.database import Database

_CLIENTS = 100
_MANY_S = 3_600
# An answer that never comes costs a sender its patience: many wait at once, and not for long.
_PATIENT: Mapping[str, float] = {**CALM, "senders": 16}
_ANSWER_WITHIN_S = 0.75
# Dead workers hold their lanes for so long; the last worker must outlive a slow machine.
_LAST: Mapping[str, float] = {**CALM, "lease": 3.0}
EVERY_CALL = ("drop", "500", "stall")
"""The ways that may strike every write: it was carried out each time."""


def lose_every_answer(way: str, documents: int, seed: int) -> Judged:
    """Deliver documents while every write loses its answer after it was carried out."""
    del seed  # which call is struck is no matter of chance: each one is
    with lent_house("exact") as lent, set_exact_stage(lent, clients=_CLIENTS) as stage:
        strike = _write_struck(way)
        stage.admin("POST", "/faults", strike)
        judged = _delivered(stage, documents)
        (struck,) = stage.admin("GET", "/faults")
        assert struck["hits"] >= 2 * documents  # the document's own and its file's
        return judged


def lose_some_answers(documents: int, seed: int) -> Judged:
    """Deliver documents while half of the first writes loses its answer, in each way there is."""
    del seed  # which call is struck follows from the order of the calls
    with lent_house("exact") as lent:
        found = [_some_lost(lent, way, max(1, documents // len(BROKEN))) for way in BROKEN]
    return sum(found[1:], found[0])


def _some_lost(lent: tuple[House, Database], way: str, documents: int) -> Judged:
    with set_exact_stage(lent, clients=_CLIENTS) as stage:
        times = max(1, documents // 2)
        stage.admin("POST", "/faults", {**_write_struck(way), "times": times})
        return _delivered(stage, documents)


def _write_struck(way: str) -> dict[str, object]:
    return {"at": "documents/*", "method": "POST", **BROKEN[way]}


def _delivered(stage: ExactStage, documents: int) -> Judged:
    stage.supply(documents)
    stage.worker(_PATIENT, env={"http_timeout": _ANSWER_WITHIN_S})
    stage.finish(within_s=_MANY_S)
    return stage.judged()


def kill_workers(kills: int, seed: int) -> Judged:
    """Kill workers at random moments, then let one finish."""
    with lent_house("exact") as lent, set_exact_stage(lent, clients=_CLIENTS) as stage:
        kill_again_and_again(stage, kills=kills, seed=seed)
        stage.worker(_LAST)
        stage.finish(within_s=_MANY_S)
        return stage.judged()

"""Tokens that expire under load, and workers killed with the new ones in hand."""

from __future__ import annotations

import signal
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.crash.exact import set_exact_stage
from tests.crash.exact_offices import let_minute_pass, let_tokens_expire, open_offices, token_calls
from tests.crash.house import wait_until
from tests.crash.stage import CALM, QUICK, lent_house

if TYPE_CHECKING:
    from tests.crash.exact import ExactStage
    from tests.crash.exact_offices import Offices
    from tests.crash.house import Forked, House
    from tests.database import Database

SHOWN_WITHIN_S = 60
_CALLS_EACH = 2  # the one whose answer was lost, and the one that finds out
_AT_ONCE = 2
# What a killed worker held stays held, so that the next one kills over another sign-in.
_ARMED: Mapping[str, float] = {**QUICK, "senders": 1, "lease": 3_600.0}
_AFTER: Mapping[str, float] = {**CALM, "senders": 8, "lease": 3.0}
CALLS_AT_ONCE, _WORKERS = 50, 2
# A lane each, so that all ask in the same moment.
_CROWD: Mapping[str, float] = {**CALM, "senders": CALLS_AT_ONCE // _WORKERS}
_ENDED = "SELECT count(*) FROM connections_grant WHERE ended_code = 'sign_in_superseded'"
_ALERTS = (
    "SELECT count(*) AS n FROM tenancy_auditentry"
    " WHERE action = 'connection.needs_attention' GROUP BY subject_id"
)
_HELD = (
    "SELECT count(*) FROM delivery_delivery"
    " WHERE state = 'held' AND reason = 'connection_attention'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """What came of workers killed between new tokens and their commit; from `late` on all are 0.

    `shown_ms` is how long the last of the firms waited to be told that it must sign in again.
    """

    documents: int
    kills: int
    token_calls: int
    shown_ms: int
    late: int
    unheld: int
    alerts_too_many_or_few: int
    calls_too_many: int
    wrong: int

    @property
    def complaints(self) -> dict[str, int]:
        """Give the figures that should be 0 and are not."""
        wrong = ("late", "unheld", "alerts_too_many_or_few", "calls_too_many", "wrong")
        return {name: getattr(self, name) for name in wrong if getattr(self, name)}


def kill_with_tokens(kills: int, seed: int) -> Killed:
    """Kill a worker over each of so many sign-ins; all sign in again, and everything goes on."""
    del seed  # the moment is a point in the code
    with lent_house("tokens") as lent:
        return kill_over_sign_ins(lent, kills)


def kill_over_sign_ins(lent: tuple[House, Database], kills: int) -> Killed:
    """Do so in a house that is there."""
    with open_offices(lent, offices=kills) as stage:
        stage.supply(1)
        let_tokens_expire(stage)
        before = token_calls(stage)
        _kill_all(stage, kills)
        worker = stage.worker(_AFTER)
        began = time.monotonic()
        is_shown = wait_until(lambda: stage.house.one(_ENDED) == kills, within_s=SHOWN_WITHIN_S)
        shown_ms = round((time.monotonic() - began) * 1000)
        late = 0 if is_shown else kills - stage.house.one(_ENDED)
        wait_until(lambda: stage.house.one(_HELD) == kills, within_s=10)
        unheld = kills - stage.house.one(_HELD)
        alerts = [row["n"] for row in stage.house.rows(_ALERTS)]
        calls = token_calls(stage) - before
        let_minute_pass(stage)
        stage.sign_in_again()
        stage.finish(within_s=300)
        judged = stage.judged()
        worker.kill(signal.SIGTERM)
    return Killed(
        documents=judged.documents,
        kills=kills,
        token_calls=calls,
        shown_ms=shown_ms,
        late=late,
        unheld=unheld,
        alerts_too_many_or_few=abs(kills - len(alerts)) + sum(alerts) - len(alerts),
        calls_too_many=max(0, calls - _CALLS_EACH * kills),
        wrong=sum(judged.complaints.values()),
    )


def _kill_all(stage: Offices, kills: int) -> None:
    """Start workers that die over their first sign-in, some at once."""
    workers: deque[Forked] = deque()
    for started in range(kills + _AT_ONCE):
        if started < kills:
            workers.append(stage.worker(_ARMED, crash_at=("after_token_answer", 1)))
        if started >= _AT_ONCE:
            code = workers.popleft().wait(60)
            assert code == -signal.SIGKILL, (code, stage.house.plight())


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """What came of 50 calls at once, again and again, over a token that had expired."""

    documents: int
    calls_at_once: int
    refreshes: int
    refreshes_too_many_or_few: int
    wrong: int

    @property
    def complaints(self) -> dict[str, int]:
        """Give the figures that should be 0 and are not."""
        wrong = ("refreshes_too_many_or_few", "wrong")
        return {name: getattr(self, name) for name in wrong if getattr(self, name)}


def expire_at_once(times: int, seed: int) -> Renewed:
    """Let two workers want a token for 50 administrations at once, when it has just expired."""
    del seed  # nothing here is left to chance
    with lent_house("expiry") as lent, set_exact_stage(lent, clients=CALLS_AT_ONCE) as stage:
        return expire_again_and_again(stage, times)


def expire_again_and_again(stage: ExactStage, times: int) -> Renewed:
    """Do so on a stage with 50 clients."""
    refreshes: list[int] = []
    for _ in range(times):
        stage.supply(CALLS_AT_ONCE)
        let_tokens_expire(stage)
        before = token_calls(stage)
        workers = [stage.worker(_CROWD) for _ in range(_WORKERS)]
        stage.finish(within_s=120)
        refreshes.append(token_calls(stage) - before)
        for worker in workers:
            worker.kill()
    judged = stage.judged()
    return Renewed(
        documents=judged.documents,
        calls_at_once=CALLS_AT_ONCE,
        refreshes=sum(refreshes),
        refreshes_too_many_or_few=sum(abs(one - 1) for one in refreshes),
        wrong=sum(judged.complaints.values()),
    )

"""Kills worker after worker while others go on, all on documents for Exact Online."""

from __future__ import annotations

import random
import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from tests.crash.house import wait_until
from tests.crash.stage import QUICK
from tests.crash.zygote import LEASE_LOST

if TYPE_CHECKING:
    from tests.crash.exact import ExactStage
    from tests.crash.house import Forked

LATEST_S = 0.25
"""A worker is killed at most so long after it was seen at work: about four calls."""
# One starts while the other is at work: half of a short life goes into starting.
_AT_ONCE = 2
_LITTLE, _BATCH = 60, 120
_WAITING = "SELECT count(*) FROM delivery_delivery WHERE state = ANY('{queued,retrying,unknown}')"


def kill_again_and_again(stage: ExactStage, *, kills: int, seed: int) -> None:
    """Kill workers at random moments of their work, until so many were killed."""
    moments = random.Random(seed)  # noqa: S311  # moments, not secrets
    workers: deque[Forked] = deque()
    killed = 0
    while killed < kills:
        stage.let_time_pass()
        if stage.house.one(_WAITING) < _LITTLE:
            stage.supply(_BATCH)
        while len(workers) < min(_AT_ONCE, kills - killed):
            workers.append(stage.worker(QUICK))
        victim = workers.popleft()
        seen = wait_until(partial(_is_seen, stage, victim), within_s=30)
        assert seen, stage.house.plight()
        time.sleep(moments.uniform(0, LATEST_S))
        killed += _is_killed(stage, victim)


def _is_seen(stage: ExactStage, worker: Forked) -> bool:
    return stage.house.has_begun(worker) or worker.poll() is not None


def _is_killed(stage: ExactStage, worker: Forked) -> bool:
    """Kill a worker; on a slow machine it may have missed its lease and ended by itself."""
    if worker.poll() is None:
        worker.kill()
        return True
    assert worker.code == LEASE_LOST, stage.house.plight()
    return False

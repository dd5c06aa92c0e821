"""When to try again, as a pure decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

JITTER: Final = 0.2


def schedule(
    steps: Sequence[timedelta], *, every: timedelta, total: timedelta
) -> tuple[timedelta, ...]:
    """Return the steps, then `every` again and again, for as long as the sum stays in `total`.

    Raises ValueError when the steps alone are longer than `total` or `every` is not positive.
    """
    spent = sum(steps, timedelta())
    if spent > total or every <= timedelta():
        raise ValueError("The steps must fit into the total and the repeated step be positive.")
    return (*steps, *[every] * ((total - spent) // every))


DELIVERY: Final = schedule(
    [
        timedelta(0),
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(hours=2),
        timedelta(hours=4),
        timedelta(hours=8),
    ],
    every=timedelta(hours=8),
    total=timedelta(days=5),
)
"""At once, 1 min, 5 min, 15 min, 1 h, 2 h, 4 h, 8 h, then every 8 hours, 5 days in total."""


def delay(
    attempt: int,
    schedule: Sequence[timedelta],
    *,
    jitter: float,
    random: Callable[[], float],
) -> timedelta | None:
    """Return how long to wait after attempt number `attempt` failed (0: before the first one).

    The wait is spread by plus or minus `jitter` (0.2 is 20 %) with `random` in [0, 1). None when
    the schedule has ended. Raises ValueError for a negative attempt.
    """
    if attempt < 0:
        raise ValueError("Attempts are counted from 1; 0 stands for before the first one.")
    if attempt >= len(schedule):
        return None
    return schedule[attempt] * (1 + jitter * (2 * random() - 1))

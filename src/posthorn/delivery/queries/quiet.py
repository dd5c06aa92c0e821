"""Tells a client that has gone quiet from one that seldom gets documents; pure."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

ARRIVALS = 40
"""How many of the last arrivals are looked at."""
SILENCE = timedelta(days=7)
"""Below this nobody is quiet: a week without documents is a holiday."""
_GAPS = 6  # fewer say nothing about what is usual
_TIMES = 3
# Were arrivals pure chance, one gap in about ten thousand would be three times as long as the
# longest of twelve before it: below one wrong alarm a month among 200 clients.
_LAST_GAPS = 12


def usual_gap(arrivals: Sequence[datetime]) -> timedelta | None:
    """Give the longest usual time between days with documents, None while too few are known.

    `arrivals` in any order; several on one day count once, for they come in batches.
    """
    days = sorted({at.date() for at in arrivals})
    gaps = [later - earlier for earlier, later in pairwise(days)]
    if len(gaps) < _GAPS:
        return None
    return max(gaps[-_LAST_GAPS:])


def is_quiet(arrivals: Sequence[datetime], now: datetime) -> bool:
    """Tell whether documents that usually come have stayed away far longer than they ever did."""
    usual = usual_gap(arrivals)
    if usual is None:
        return False
    return now - max(arrivals) > max(SILENCE, _TIMES * usual)

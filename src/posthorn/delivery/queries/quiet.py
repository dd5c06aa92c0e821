"""Tells a client that has gone quiet from one that seldom gets documents; pure."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ARRIVALS = 40
"""How many of the last arrivals are looked at."""
SILENCE = timedelta(days=7)
"""Below this nobody is quiet: a week without documents is a holiday."""
_GAPS = 6  # fewer say nothing about what is usual
_TIMES = 3
# Were arrivals pure chance, one gap in about ten thousand would be three times as long as the
# longest of twelve before it: below one wrong alarm a month among 200 clients.
_LAST_GAPS = 12


def usual_gap(days: Iterable[int]) -> timedelta | None:
    """Give the longest usual time between days with documents, None while too few are known.

    `days` are numbers of days, in any order; several documents of one day count once, for they
    come in batches.
    """
    known = sorted(set(days))
    gaps = [later - earlier for earlier, later in pairwise(known)]
    if len(gaps) < _GAPS:
        return None
    return timedelta(days=max(gaps[-_LAST_GAPS:]))


def is_quiet(usual: timedelta | None, silence: timedelta) -> bool:
    """Tell whether documents that usually come have stayed away far longer than they ever did."""
    return usual is not None and silence > max(SILENCE, _TIMES * usual)

"""Decides when a package is asked again what became of a document, and what counts as news; pure.

Nobody waits for these answers: they are few, ever farther apart, and end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from posthorn.sdk.connector import RemoteState, RemoteStatus

WAITS: Final = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=14),
)
"""The wait before each question, the first one after the delivery."""
LONGEST: Final = timedelta(days=60)
"""After so long nothing is asked any more, however often there was no answer."""
_AFTER_FAILURES: Final = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(days=1),
)
_SHORTEST: Final = timedelta(minutes=1)
_ENDS: Final = frozenset({RemoteState.BOOKED, RemoteState.REJECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one document before it is asked about."""

    looks: int = 0
    was_missing: bool = False
    told: tuple[str, str] = ("", "")  # state and code of what was kept last


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What follows from an answer; without a wait nothing is asked any more."""

    wait: timedelta | None
    is_news: bool = False
    was_missing: bool = False


def after_answer(known: Known, status: RemoteStatus) -> Next:
    """Decide what follows from an answer.

    A document that is not there is asked for once more before anybody is told: an empty list is
    also what a package gives that is just restoring, or that took a right away for an hour.
    """
    if status.state is RemoteState.GONE:
        if known.was_missing:
            return Next(wait=None, is_news=True, was_missing=True)
        return Next(wait=WAITS[0], was_missing=True)
    says_something = bool(status.code) or status.state is not RemoteState.RECEIVED
    is_news = says_something and (status.state, status.code) != known.told
    if status.state in _ENDS:
        return Next(wait=None, is_news=is_news)
    return Next(wait=_wait(known.looks + 1), is_news=is_news)


def after_failure(failures: int) -> timedelta:
    """Give the wait after so many questions in a row without an answer, the last one included."""
    return _AFTER_FAILURES[min(failures, len(_AFTER_FAILURES)) - 1]


def at_least(wait: timedelta) -> timedelta:
    """Give a wait that a package named, not shorter than a minute."""
    return max(wait, _SHORTEST)


def _wait(looks: int) -> timedelta | None:
    return WAITS[looks] if looks < len(WAITS) else None

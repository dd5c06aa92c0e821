"""Identifiers that sort by the time they were made, so that an index grows at one end only."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from uuid import UUID

_RANDOM_BITS = 62
_VERSION = 7 << 76
_VARIANT = 0b10 << _RANDOM_BITS


def uuid7(stamp: int, entropy: int) -> UUID:
    """Lay out a version 7 UUID (RFC 9562, 5.7) from a 60-bit stamp and 62 random bits.

    The stamp is the Unix time in milliseconds times 4096 plus the fraction of the millisecond
    (RFC 9562, 6.2, method 3).
    """
    milliseconds, fraction = divmod(stamp, 1 << 12)
    return UUID(int=milliseconds << 80 | _VERSION | fraction << 64 | _VARIANT | entropy)


class Sequence:
    """Hands out version 7 UUIDs, each greater than the one before, in any number of threads."""

    def __init__(self, clock_ns: Callable[[], int], entropy: Callable[[int], int]) -> None:
        """Take a clock in nanoseconds since 1970 and a source of that many random bits."""
        self._clock_ns = clock_ns
        self._entropy = entropy
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> UUID:
        """Return an identifier greater than every one returned before."""
        with self._lock:
            # A clock that was set back must not hand out an older identifier than the last one.
            self._last = max(_stamp(self._clock_ns()), self._last + 1)
            return uuid7(self._last, self._entropy(_RANDOM_BITS))


def _stamp(nanoseconds: int) -> int:
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    return milliseconds << 12 | (rest << 12) // 1_000_000


_SEQUENCE = Sequence(time.time_ns, secrets.randbits)


def new_id() -> UUID:
    """Return a new identifier in the layout of a version 7 UUID; later ones sort later."""
    return _SEQUENCE.next()

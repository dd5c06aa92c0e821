"""The stand-in's own time: set, advanced, or running faster than the machine's."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

# Servers of the Netherlands and Belgium show local wall time in every date.
_ZONE = ZoneInfo("Europe/Brussels")


class ClockError(ValueError):
    """Give the clock a time with its zone, or a finite factor above zero."""


class Clock:
    """Tells seconds since the epoch: those of the machine, from an anchor on times a factor.

    The anchor is a pair (real time, the stand-in's time), so that another process that knows it
    can tell the same time.
    """

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._anchor = (0.0, 0.0)
        self._factor = 1.0

    def now(self) -> float:
        """Tell the time."""
        real, own = self._anchor
        return own + (self._real() - real) * self._factor

    def set(self, now: float, *, at: float | None = None) -> None:
        """Make it `now`; or say that it was `now` when the machine's clock said `at`."""
        self._anchor = (self._real() if at is None else _finite(at), _finite(now))

    def advance(self, seconds: float) -> None:
        """Skip this many seconds."""
        self.set(self.now() + _finite(seconds))

    def run(self, factor: float) -> None:
        """Run this much faster than the machine from now on."""
        if not _finite(factor) > 0:
            raise ClockError("The clock's scale is above zero.")
        self.set(self.now())
        self._factor = factor

    def reset(self) -> None:
        """Tell the machine's time again."""
        self._anchor, self._factor = (0.0, 0.0), 1.0

    def as_json(self) -> dict[str, object]:
        """Return the time and the anchor, as POST /clock takes them (`at` with `now`)."""
        real, own = self._anchor
        return {
            "now": text_of(self.now()),
            "scale": self._factor,
            "anchor": {"real": real, "own": own},
        }

    def restore(self, kept: Mapping[str, object]) -> None:
        """Take over what `as_json` gave."""
        anchor = kept["anchor"]
        if isinstance(anchor, dict):
            self._anchor = (float(anchor["real"]), float(anchor["own"]))
        self._factor = float(str(kept["scale"]))


def utc_offset_s(now: float) -> int:
    """Return how far the site's wall clock is ahead of UTC, seconds."""
    offset = datetime.fromtimestamp(now, _ZONE).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def wall_ms(now: float) -> int:
    """Return the site's wall time as if it were UTC, in milliseconds: what a date shows."""
    return int(now * 1000) + utc_offset_s(now) * 1000


def text_of(now: float) -> str:
    """Write a time in ISO 8601, UTC."""
    return datetime.fromtimestamp(now, UTC).isoformat()


def read_time(text: object) -> float:
    """Read a time with its zone. Raises ClockError."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError as wrong:
        raise ClockError(f"{text!r} is no time such as 2026-11-20T12:00:00+00:00.") from wrong
    if moment.tzinfo is None:
        raise ClockError("A time carries its zone, such as 2026-11-20T12:00:00+00:00.")
    return moment.timestamp()


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ClockError("A time is a finite number of seconds.")
    return value

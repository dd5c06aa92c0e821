"""The host's own pace, timed all through a run: tells a slow host from a slow page."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from statistics import median

_ADDITIONS = 400_000
_MILLION = 1_000_000


@dataclass(slots=True, kw_only=True)
class Pace:
    """Milliseconds that a million additions in plain Python took, each time it was looked at."""

    times_ms: list[float] = field(default_factory=list)

    def look(self) -> None:
        """Time the loop once more."""
        began, total = time.perf_counter(), 0
        for number in range(_ADDITIONS):
            total += number
        self.times_ms.append((time.perf_counter() - began) * 1_000 * _MILLION / _ADDITIONS)

    def as_json(self) -> dict[str, object]:
        """Give what is kept beside figures that were measured at this pace."""
        return {
            "what": "ms for a million additions in plain Python, in the same run",
            "looks": len(self.times_ms),
            "median": round(median(self.times_ms), 1),
            "worst": round(max(self.times_ms), 1),
        }

    def __str__(self) -> str:
        return (
            f"a million additions took {median(self.times_ms):.0f} ms,"
            f" at worst {max(self.times_ms):.0f}"
        )

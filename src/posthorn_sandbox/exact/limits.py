"""Both rate windows of each app and administration, and the budget of errors of each endpoint."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from posthorn_sandbox.exact.store import Store
from posthorn_sandbox.exact.switches import Switches

_MINUTE_S = 60
_HOUR_S = 3_600
_DAY_S = 86_400

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How a call fared against the windows; `headers` go on its answer."""

    is_allowed: bool
    headers: Headers


class Windows:
    """Counts calls per app and division, by the clock's minute and by the day in UTC."""

    def __init__(
        self, store: Store, now: Callable[[], float], switches: Callable[[], Switches]
    ) -> None:
        self._store = store
        self._now = now
        self._switches = switches

    def count(self, client_id: str, division: int) -> Counted:
        """Count one call, unless a window is used up."""
        now, switches = self._now(), self._switches()
        minute, day = int(now // _MINUTE_S), int(now // _DAY_S)
        key = f"{client_id} {division}"
        kept = self._store.table("windows").get(key, {})
        in_minute = int(str(kept.get("in_minute", 0))) if kept.get("minute") == minute else 0
        in_day = int(str(kept.get("in_day", 0))) if kept.get("day") == day else 0
        # Only the exhausted family is sent (picqer issue 646 and README).
        if in_day >= switches.day_limit:
            return self._refused(_daily(switches.day_limit, in_day, day))
        if in_minute >= switches.minute_limit:
            return self._refused(_minutely(switches.minute_limit, in_minute, minute))
        self._store.put(
            "windows",
            key,
            {"minute": minute, "in_minute": in_minute + 1, "day": day, "in_day": in_day + 1},
        )
        daily = _daily(switches.day_limit, in_day + 1, day)
        minutely = _minutely(switches.minute_limit, in_minute + 1, minute)
        return Counted(is_allowed=True, headers=daily + minutely)

    def clear(self) -> None:
        """Forget every count."""
        self._store.clear("windows")

    def _refused(self, headers: Headers) -> Counted:
        if self._switches().retry_after:
            wait_s = max(int(int(headers[-1][1]) / 1000 - self._now()) + 1, 1)
            headers = (*headers, ("Retry-After", str(wait_s)))
        return Counted(is_allowed=False, headers=headers)


def _daily(limit: int, used: int, day: int) -> Headers:
    return _family("X-RateLimit", limit, used, (day + 1) * _DAY_S)


def _minutely(limit: int, used: int, minute: int) -> Headers:
    return _family("X-RateLimit-Minutely", limit, used, (minute + 1) * _MINUTE_S)


def _family(prefix: str, limit: int, used: int, ends_at: int) -> Headers:
    return (
        (f"{prefix}-Limit", str(limit)),
        (f"{prefix}-Remaining", str(max(limit - used, 0))),
        (f"{prefix}-Reset", str(ends_at * 1000)),
    )


@dataclass(frozen=True, slots=True)
class Combination:
    """What the vendor rations errors by."""

    client_id: str
    user: str
    division: int
    endpoint: str


@dataclass(slots=True)
class _Errors:
    times: deque[float] = field(default_factory=deque)
    blocked_until: float = 0.0
    blocks: int = 0


class ErrorBudget:
    """Blocks a combination for an hour after more than ten errors in one; longer each time."""

    def __init__(self, now: Callable[[], float], switches: Callable[[], Switches]) -> None:
        self._now = now
        self._switches = switches
        self._kept: dict[Combination, _Errors] = {}

    def is_blocked(self, one: Combination) -> bool:
        """Tell whether calls of this combination are refused now."""
        kept = self._kept.get(one)
        return kept is not None and self._now() < kept.blocked_until

    def count(self, one: Combination, status: int) -> None:
        """Count an answer, if it is an error of the kind that counts."""
        switches = self._switches()
        if status not in switches.errors_that_count:
            return
        kept, now = self._kept.setdefault(one, _Errors()), self._now()
        kept.times.append(now)
        while kept.times and kept.times[0] <= now - _HOUR_S:
            kept.times.popleft()
        if len(kept.times) > switches.error_limit:
            kept.blocks += 1
            kept.blocked_until = now + kept.blocks * _HOUR_S
            kept.times.clear()

    def listing(self) -> list[dict[str, object]]:
        """Return what was counted for each combination."""
        return [
            {
                "user": one.user,
                "division": one.division,
                "endpoint": one.endpoint,
                "errors": len(kept.times),
                "blocked_until": kept.blocked_until,
                "blocks": kept.blocks,
            }
            for one, kept in self._kept.items()
        ]

    def clear(self) -> None:
        """Forget every error and end every block."""
        self._kept.clear()

"""Remembers the last calls and counts all of them."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import asdict, dataclass

from posthorn_sandbox.exact.faults import Step
from posthorn_sandbox.exact.wire import Call, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One call; `at` is the stand-in's time, `note` the kind of a token call."""

    number: int
    at: str
    method: str
    path: str
    query: str
    endpoint: str
    division: int | None
    user: str | None
    status: int
    ending: str
    fault: str | None
    sent_bytes: int
    note: str


class Journal:
    """The last calls, oldest first, and totals of all since the start or the last reset."""

    def __init__(self, size: int) -> None:
        self._entries: deque[Entry] = deque(maxlen=size)
        self._calls: Counter[tuple[str, str, int]] = Counter()
        self._by_division: Counter[int] = Counter()
        self._open: dict[int, int] = {}
        self._most: Counter[int] = Counter()
        self._last = 0

    def add(self, call: Call, reply: Reply, step: Step, *, at: str) -> None:
        """Remember a call."""
        self._last += 1
        self._calls[(call.method, step.endpoint, reply.status)] += 1
        if step.division is not None:
            self._by_division[step.division] += 1
        self._entries.append(
            Entry(
                number=self._last,
                at=at,
                method=call.method,
                path=call.path,
                query=call.query,
                endpoint=step.endpoint,
                division=step.division,
                user=step.user,
                status=reply.status,
                ending=reply.ending,
                fault=reply.fault,
                sent_bytes=len(call.body),
                note=step.note,
            )
        )

    def begin(self, call: Call, division: int) -> None:
        """Count a call that is in flight for a division."""
        self._open[id(call)] = division
        flying = sum(1 for one in self._open.values() if one == division)
        self._most[division] = max(self._most[division], flying)

    def done(self, call: Call) -> None:
        """Note that a call has its answer."""
        self._open.pop(id(call), None)

    def entries(self, after: int = 0) -> list[dict[str, object]]:
        """Return the calls with a number above this one."""
        return [asdict(one) for one in self._entries if one.number > after]

    def totals(self) -> dict[str, object]:
        """Return how many calls of each kind there were, and how many at once."""
        return {
            "calls": sum(self._calls.values()),
            "by_call": [
                {"method": method, "endpoint": endpoint, "status": status, "count": count}
                for (method, endpoint, status), count in sorted(self._calls.items())
            ],
            "by_division": {str(code): count for code, count in sorted(self._by_division.items())},
            "most_at_once": {str(code): count for code, count in sorted(self._most.items())},
        }

    def clear(self) -> None:
        """Forget every call; numbers go on."""
        self._entries.clear()
        for counts in (self._calls, self._by_division, self._most):
            counts.clear()

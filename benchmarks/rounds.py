"""Asks many lists in turn, so that a slow minute of the host is every list's and not one's."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from benchmarks.pace import Pace

LIMIT_MS = 150
MAX_QUERIES = 30
_QUERY = re.compile(r"[\s(]*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
BIG = ("archive_document", "delivery_delivery", "delivery_attempt", "tenancy_auditentry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One list: milliseconds of server time, the most queries, and big tables read in full."""

    name: str
    requests: int
    p50_ms: float
    p95_ms: float
    queries: int
    scanned: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Whether the list keeps all three promises."""
        return self.p95_ms < LIMIT_MS and self.queries <= MAX_QUERIES and not self.scanned

    def as_json(self) -> dict[str, object]:
        """Give the list's line of build/lists.json."""
        return {
            "name": self.name,
            "requests": self.requests,
            "p50_ms": round(self.p50_ms, 1),
            "p95_ms": round(self.p95_ms, 1),
            "queries": self.queries,
            "scanned": self.scanned,
            "met": self.met,
        }


@dataclass(slots=True, kw_only=True)
class _Asked:
    """A list while it is measured; its variations take turns."""

    name: str
    calls: Sequence[Callable[[], object]]
    queries: int = 0
    scanned: set[str] = field(default_factory=set)
    times_ms: list[float] = field(default_factory=list)

    def examine(self) -> None:
        """Count queries and read plans of every variation; this also warms up."""
        for call in self.calls:
            asked = statements(call)
            self.queries = max(self.queries, len(asked))
            self.scanned |= {table for each in asked for table in _read_in_full(each)}

    def ask(self, turn: int) -> None:
        """Time the variation whose turn it is."""
        call = self.calls[turn % len(self.calls)]
        began = time.perf_counter()
        call()
        self.times_ms.append((time.perf_counter() - began) * 1_000)

    def measured(self) -> Measured:
        """Give what came of it."""
        return Measured(
            name=self.name,
            requests=len(self.times_ms),
            p50_ms=median(self.times_ms),
            p95_ms=quantiles(self.times_ms, n=20)[-1],
            queries=self.queries,
            scanned=tuple(sorted(self.scanned)),
        )


def measure(
    lists: Iterable[tuple[str, Sequence[Callable[[], object]]]], *, rounds: int, pace: Pace
) -> list[Measured]:
    """Ask each list once a round, all its variations at least once, and look at the host's pace."""
    asked = [_Asked(name=name, calls=calls) for name, calls in lists]
    for one in asked:
        one.examine()
    for turn in range(max(rounds, *(len(one.calls) for one in asked))):
        pace.look()
        for one in asked:
            one.ask(turn)
    return [one.measured() for one in asked]


def statements(call: Callable[[], object]) -> list[str]:
    """Run once and give what was asked of tables, as it went to the database, values inside.

    What opens and closes transactions and scopes is no query.
    """
    from django.db import connection  # noqa: PLC0415  # Django is set up by now
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as captured:
        call()
    asked = [one["sql"] for one in captured.captured_queries]
    return [one for one in asked if _QUERY.match(one) and "set_config(" not in one]


def _read_in_full(statement: str) -> set[str]:
    """Give the big tables that the plan of a statement reads from beginning to end."""
    if not statement.lstrip(" (\n").startswith("SELECT"):
        return set()
    plan = json.dumps(_plan(statement))
    scans = re.findall(r'"Node Type": "Seq Scan"[^{}\[\]]*"Relation Name": "(\w+)"', plan)
    return set(scans) & set(BIG)


def _plan(statement: str) -> Any:  # noqa: ANN401  # EXPLAIN's own JSON
    from django.db import connection  # noqa: PLC0415  # Django is set up by now

    from benchmarks.asking import inside  # noqa: PLC0415

    with inside(), connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + statement.replace("%", "%%"))
        return cursor.fetchone()[0]

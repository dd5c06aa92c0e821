"""Measures lists and searches of a large firm: time, queries, and no big table read in full."""

from __future__ import annotations

import json
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure
from benchmarks.place import place
from posthorn.kernel.memory import tune_collector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.filling import Filled

FILE = Path("build/lists.json")
LIMIT_MS = 150
MAX_QUERIES = 30
ROUNDS = 60
"""Requests of each list; its variations take turns."""
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


# A path of the firm's pages and the queries that follow it in turn.
VIEWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "overview": ("", ("",)),
    "clients": (
        "clients/",
        (
            "", "?order=name", "?order=number", "?status=needs_attention", "?status=quiet",
            "?whose=unassigned", "?package={connection}", "?archived=1",
        ),
    ),
    "clients, search": (
        "clients/",
        tuple(f"?q={text}" for text in ("lefevre", "caf+pee", "10123", "BE+0400.000.123", "zzz")),
    ),
    "clients, suggested": (
        "clients/suggest/",
        tuple(f"?client={text}" for text in ("", "1", "10123", "lef", "caf+pee", "zzz")),
    ),
    "activity": (
        "activity/", ("", "?about=document", "?client={client}", "?about=delivery&client={client}"),
    ),
    "documents": ("documents/", ("", "?where=attention", "?where=to_decide", "?where=arrived")),
    "documents, parts": (
        "documents/",
        tuple(
            f"?where={part}"
            for part in ("unassigned", "on_its_way", "nowhere", "duplicate", "rejected")
        ),
    ),
    "documents, search": (
        "documents/",
        tuple(
            f"?q={text}"
            for text in (
                "2026/17", "lefevre", "caf%C3%A9", "telenet+2026", "BE07", "electrabel", "xml",
                "amount:>20000", "amount:121", "1234,50", "status:refused", "status:retrying",
                "kind:statement", "before:2026-02-01+proximus", "client:10123", "client:peeters",
                "zzz", "0400000012", "kind:credit_note+garage", "status:held+client:maes",
            )
        ),
    ),
    "documents, one client": ("documents/", ("?client={client}", "?client={client}&q=maes")),
    "documents, to upload": ("documents/upload/", ("", "?client={client}")),
    "deliveries": ("deliveries/", ("", "?state=refused", "?state=queued", "?state=accepted")),
    "attention by cause": (
        "deliveries/", ("?state=attention", "?state=attention&client={client}", "?state=held"),
    ),
    "deliveries, filters": (
        "deliveries/",
        ("?client={client}", "?connection={connection}", "?state=held&reason=by_hand"),
    ),
}  # fmt: skip


def lists(*, documents: int, clients: int) -> Figure:
    """Measure every list; the figure is the slowest p95. Details go to build/lists.json."""
    with place() as lent:
        from benchmarks.filling import fill  # noqa: PLC0415  # Django is set up by now

        began = time.monotonic()
        filled = fill(lent.database, documents=documents, clients=clients)
        tune_collector()  # as a serving process does before its first request
        Console(stderr=True).print(f"filled in {time.monotonic() - began:.0f} s")
        rows = []
        for name, calls in _lists(filled):
            rows.append(_measured(name, calls))
            Console(stderr=True, width=200).print(rows[-1])
    _save(rows)
    worst = max(rows, key=lambda one: one.p95_ms)
    failed = [one.name for one in rows if not one.met]
    return Figure(
        name=f"p95 of {len(rows)} lists over {documents:,} documents, slowest: {worst.name}"
        + "".join(f"; {name} MISSED" for name in failed),
        # A query too many or a table read in full counts as a missed limit.
        value=worst.p95_ms if not failed else max(worst.p95_ms, LIMIT_MS + 1),
        unit="ms",
        against=LIMIT_MS,
        peer="limit",
        bar=1.0,
        goal=0.5,
        is_limit=True,
    )


def _lists(filled: Filled) -> Iterator[tuple[str, Sequence[Callable[[], object]]]]:
    from benchmarks.asking import pages, queries  # noqa: PLC0415  # Django is set up by now

    for name, (path, variations) in VIEWS.items():
        yield f"page: {name}", pages(filled, path, variations)
    yield from queries(filled)


def _measured(name: str, calls: Sequence[Callable[[], object]]) -> Measured:
    counted, scanned = 0, set[str]()
    for call in calls:  # the first round also warms up
        asked = statements(call)
        counted = max(counted, len(asked))
        scanned |= {table for statement in asked for table in _read_in_full(statement)}
    times = [_timed(calls[turn % len(calls)]) for turn in range(max(ROUNDS, 3 * len(calls)))]
    return Measured(
        name=name,
        requests=len(times),
        p50_ms=median(times),
        p95_ms=quantiles(times, n=20)[-1],
        queries=counted,
        scanned=tuple(sorted(scanned)),
    )


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1_000


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


def _save(rows: Sequence[Measured]) -> None:
    FILE.parent.mkdir(parents=True, exist_ok=True)
    kept = [
        {
            "name": one.name,
            "requests": one.requests,
            "p50_ms": round(one.p50_ms, 1),
            "p95_ms": round(one.p95_ms, 1),
            "queries": one.queries,
            "scanned": one.scanned,
            "met": one.met,
        }
        for one in rows
    ]
    FILE.write_text(json.dumps(kept, indent=2) + "\n")


def main() -> int:
    """Measure the lists alone and print each; 1 when one missed its limit."""
    is_quick = "--quick" in sys.argv
    figure = lists(documents=20_000 if is_quick else 200_000, clients=200 if is_quick else 2_000)
    table = Table(title=figure.name)
    for heading in ("list", "requests", "p50 ms", "p95 ms", "queries", "read in full", "met"):
        table.add_column(heading, justify="left" if heading == "list" else "right")
    for one in json.loads(FILE.read_text()):
        table.add_row(*(str(value) for value in one.values()))
    Console(width=140).print(table)
    return 0 if figure.met else 1


if __name__ == "__main__":
    sys.exit(main())

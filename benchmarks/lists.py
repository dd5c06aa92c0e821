"""Measures lists and searches of a large firm: time, queries, and no big table read in full."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure
from benchmarks.pace import Pace
from benchmarks.place import place
from benchmarks.rounds import LIMIT_MS, Measured, measure
from posthorn.kernel.memory import tune_collector

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from benchmarks.filling import Filled

FILE = Path("build/lists.json")
QUERIES = "queries"
"""Stands for all lists and counts that are asked without their page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is filled in, and how often each list is asked: a p95 of less than 100 is noise."""

    documents: int
    clients: int
    rounds: int


FULL = Size(documents=200_000, clients=2_000, rounds=100)
QUICK = Size(documents=20_000, clients=200, rounds=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Every list that was measured, and the host's pace meanwhile."""

    size: Size
    rows: list[Measured]
    pace: Pace = field(default_factory=Pace)

    @property
    def figure(self) -> Figure:
        """The slowest p95, with the names of those that missed a limit."""
        worst = max(self.rows, key=lambda one: one.p95_ms)
        failed = [one.name for one in self.rows if not one.met]
        return Figure(
            name=f"p95 of {len(self.rows)} lists over {self.size.documents:,} documents,"
            f" slowest: {worst.name}"
            + "".join(f"; {name} MISSED" for name in failed)
            + f" ({self.pace})",
            # A query too many or a table read in full counts as a missed limit.
            value=worst.p95_ms if not failed else max(worst.p95_ms, LIMIT_MS + 1),
            unit="ms",
            against=LIMIT_MS,
            peer="limit",
            bar=1.0,
            goal=0.5,
            is_limit=True,
        )

    def save(self) -> None:
        """Write build/lists.json."""
        FILE.parent.mkdir(parents=True, exist_ok=True)
        kept = {"pace": self.pace.as_json(), "lists": [one.as_json() for one in self.rows]}
        FILE.write_text(json.dumps(kept, indent=2) + "\n")

    def show(self, console: Console) -> None:
        """Print the table of all lists."""
        table = Table(title=self.figure.name)
        for heading in ("list", "requests", "p50 ms", "p95 ms", "queries", "read in full", "met"):
            table.add_column(heading, justify="left" if heading == "list" else "right")
        for one in self.rows:
            kept = {**one.as_json(), "scanned": ", ".join(one.scanned) or "none"}
            table.add_row(*(str(value) for value in kept.values()))
        console.print(table)


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


def lists(size: Size) -> Figure:
    """Measure every list; the figure is the slowest p95. Details go to build/lists.json."""
    report = measure_lists(size, ())
    report.save()
    return report.figure


def measure_lists(size: Size, names: Collection[str]) -> Report:
    """Measure the lists of these names, all without any, in a firm that is filled for it."""
    pace = Pace()
    with place() as lent:
        from benchmarks.filling import fill  # noqa: PLC0415  # Django is set up by now

        began = time.monotonic()
        filled = fill(lent.database, documents=size.documents, clients=size.clients)
        tune_collector()  # as a serving process does before its first request
        Console(stderr=True).print(f"filled in {time.monotonic() - began:.0f} s")
        rows = measure(_lists(filled, names), rounds=size.rounds, pace=pace)
    return Report(size=size, rows=rows, pace=pace)


def _lists(
    filled: Filled, names: Collection[str]
) -> Iterator[tuple[str, Sequence[Callable[[], object]]]]:
    from benchmarks.asking import pages, queries  # noqa: PLC0415  # Django is set up by now

    for name, (path, variations) in VIEWS.items():
        if not names or name in names:
            yield f"page: {name}", pages(filled, path, variations)
    if not names or QUERIES in names:
        yield from queries(filled)


def main(arguments: list[str] | None = None) -> int:
    """Measure the lists alone and print each; 1 when one missed its limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lists", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the documents and clients")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    known = [*VIEWS, QUERIES]
    text = f"pages to measure, {QUERIES!r} for those without a page; all without any"
    parser.add_argument("names", nargs="*", metavar="NAME", help=text)
    given = parser.parse_args(arguments)
    console = Console(width=140)
    if given.list:
        print(*known, sep="\n")
        return 0
    if unknown := sorted(set(given.names) - set(known)):
        parser.error(f"no list is called {unknown[0]!r}: see --list")
    report = measure_lists(QUICK if given.quick else FULL, given.names)
    if not given.names:
        report.save()  # a few of them are no measurement of all
    report.show(console)
    return 0 if report.figure.met else 1


if __name__ == "__main__":
    sys.exit(main())

"""`make bench`: every figure with its peer or limit from the same run; writes build/bench.json."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from benchmarks import lists
from benchmarks.checking import (
    checker_memory,
    checker_start,
    long_document,
    typical_documents,
)
from benchmarks.figures import Figure, save, show
from benchmarks.latency import latency, memory
from benchmarks.standin import standin_posts
from benchmarks.throughput import flatness, throughput

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.lists import Size

FILE = Path("build/bench.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large the measurements are."""

    documents: int
    backlog: int
    releases: int
    long_run: int
    repeats: int
    lists: Size


FULL = Scale(
    documents=4_000,
    backlog=100_000,
    releases=100,
    long_run=10_000,
    repeats=15,
    lists=lists.FULL,
)
QUICK = Scale(
    documents=600,
    backlog=5_000,
    releases=20,
    long_run=1_000,
    repeats=5,
    lists=lists.QUICK,
)


def measurements(scale: Scale) -> dict[str, Callable[[], Figure]]:
    """Name what is measured, in order."""
    slow, fast = {"bar": 0.30, "goal": 0.50}, {"bar": 0.15, "goal": 0.20}
    count = scale.documents
    return {
        "throughput": partial(throughput, documents=count, lanes=64, delay_ms=20, **slow),
        "throughput-lanes": partial(throughput, documents=count, lanes=count, delay_ms=20, **slow),
        "throughput-at-once": partial(throughput, documents=count, lanes=64, delay_ms=0, **fast),
        "latency": partial(latency, releases=scale.releases),
        "memory": partial(memory, documents=scale.long_run),
        "flatness": partial(flatness, few=1_000, many=scale.backlog, sent=800),
        "check": partial(typical_documents, repeats=scale.repeats),
        "check-long": partial(long_document, repeats=max(3, scale.repeats // 3)),
        "check-memory": partial(checker_memory, repeats=scale.repeats),
        "check-start": checker_start,
        "standin": partial(standin_posts, count=scale.documents),
        "lists": partial(lists.lists, scale.lists),
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure one after the other, each in a process of its own; 1 when a bar was missed."""
    given = _arguments(arguments)
    console = Console()
    found = []
    for name, measure in measurements(QUICK if given.quick else FULL).items():
        if given.names and name not in given.names:
            continue
        # Django is set up once a process, on one database.
        with multiprocessing.get_context("spawn").Pool(1) as alone:
            found.append(alone.apply(measure))
        console.print(f"{found[-1].name}: {found[-1].ratio:.2f}")
    show(found, console)
    if not given.names:
        save(found, FILE)  # a few of them are no measurement of all
    return 0 if all(figure.met for figure in found) else 1


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small, to see that all of it works")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="figures to measure; all without any"
    )
    given = parser.parse_args(arguments)
    known = list(measurements(QUICK))
    if given.list:
        print(*known, sep="\n")
        parser.exit()
    if unknown := sorted(set(given.names) - set(known)):
        parser.error(f"no figure is called {unknown[0]!r}: see --list")
    return given


if __name__ == "__main__":
    sys.exit(main())

"""`make bench`: every figure with its peer or limit from the same run; writes build/bench.json."""

from __future__ import annotations

import multiprocessing
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from benchmarks.checking import (
    checker_memory,
    checker_start,
    long_document,
    typical_documents,
)
from benchmarks.figures import Figure, save, show
from benchmarks.latency import latency, memory
from benchmarks.lists import lists
from benchmarks.standin import standin_posts
from benchmarks.throughput import flatness, throughput

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = Path("build/bench.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large the measurements are."""

    documents: int
    backlog: int
    releases: int
    long_run: int
    repeats: int


FULL = Scale(documents=4_000, backlog=100_000, releases=100, long_run=10_000, repeats=15)
QUICK = Scale(documents=600, backlog=5_000, releases=20, long_run=1_000, repeats=5)


def measurements(scale: Scale) -> list[Callable[[], Figure]]:
    """List what is measured, in order."""
    slow, fast = {"bar": 0.30, "goal": 0.50}, {"bar": 0.15, "goal": 0.20}
    count = scale.documents
    return [
        partial(throughput, documents=count, lanes=64, delay_ms=20, **slow),
        partial(throughput, documents=count, lanes=count, delay_ms=20, **slow),
        partial(throughput, documents=count, lanes=64, delay_ms=0, **fast),
        partial(latency, releases=scale.releases),
        partial(memory, documents=scale.long_run),
        partial(flatness, few=1_000, many=scale.backlog, sent=800),
        partial(typical_documents, repeats=scale.repeats),
        partial(long_document, repeats=max(3, scale.repeats // 3)),
        partial(checker_memory, repeats=scale.repeats),
        checker_start,
        partial(standin_posts, count=scale.documents),
        partial(lists, documents=2 * scale.backlog, clients=scale.backlog // 50),
    ]


def main() -> int:
    """Measure one after the other, each in a process of its own; 1 when a bar was missed."""
    console = Console()
    scale = QUICK if "--quick" in sys.argv else FULL
    figures = []
    for measure in measurements(scale):
        # Django is set up once a process, on one database.
        with multiprocessing.get_context("spawn").Pool(1) as alone:
            figures.append(alone.apply(measure))
        console.print(f"{figures[-1].name}: {figures[-1].ratio:.2f}")
    show(figures, console)
    save(figures, FILE)
    return 0 if all(figure.met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())

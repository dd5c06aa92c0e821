"""Our check against the official stylesheets in Saxon: the same files, in turn, in one run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Self

from rich.console import Console

from benchmarks.figures import Figure
from benchmarks.latency import resident_mb
from tests.oracle.bases import COUNTRIES, document
from tests.oracle.sources import seeds

_LARGEST = 20_000  # bytes; above it no document is typical
_TRIPLES = 334
_LIMIT_MB = 90.0
_LIMIT_S = 0.4
_STARTS = 7
_UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
_IN_A_ROW = 3  # the first after another side's turn finds the processor's caches full of that
_SIDES = ("posthorn", "official", "floor")


class Side:
    """A process that checks what it is told to."""

    def __init__(self, name: str) -> None:
        """Start the process of a side."""
        self._process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "benchmarks.checker", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        """Lend the process."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.communicate()

    @property
    def resident_mb(self) -> float:
        """Its resident memory, in MB."""
        return resident_mb(self._process.pid)

    def check(self, path: Path) -> tuple[float, str]:
        """Check a file; gives milliseconds and the verdict."""
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            raise RuntimeError("a side without pipes")
        asked.write(f"{path}\n")
        asked.flush()
        took, said = answered.readline().split()
        return int(took) / 1e6, said


@contextmanager
def sides() -> Iterator[dict[str, Side]]:
    """Start one process for each side."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(Side(name)) for name in _SIDES}


def typical_documents(repeats: int) -> Figure:
    """Check each document in turn on every side; each one's fastest time, then their mean."""
    with TemporaryDirectory() as folder, sides() as started:
        paths = _typical(Path(folder))
        size = mean(path.stat().st_size for path in paths)
        name = f"check of {len(paths)} typical documents of {size / 1000:.1f} kB"
        return _race(name, started, paths, repeats, bar=6.0, goal=8.0)


def long_document(repeats: int) -> Figure:
    """Check an invoice of 1,000 lines on every side."""
    with TemporaryDirectory() as folder, sides() as started:
        path = Path(folder) / "long.xml"
        path.write_bytes(document(COUNTRIES[0], triples=_TRIPLES))
        name = f"check of {3 * _TRIPLES:,} lines, {path.stat().st_size / 1e6:.1f} MB"
        return _race(name, started, [path], repeats, bar=4.0, goal=6.0)


def checker_memory(repeats: int) -> Figure:
    """Read our process's resident memory after typical documents."""
    with TemporaryDirectory() as folder, Side("posthorn") as side:
        for path in _typical(Path(folder)) * repeats:
            side.check(path)
        held = side.resident_mb
    return Figure(
        name="memory of a process that checks",
        value=held,
        unit="MB",
        against=_LIMIT_MB,
        peer="limit in MB",
        bar=1.0,
        goal=0.8,
        is_limit=True,
    )


def checker_start() -> Figure:
    """Start `posthorn check` on one file, again and again; the fastest counts.

    An installed product has its modules compiled: one start before those that count sees to it.
    """
    with TemporaryDirectory() as folder:
        path = _typical(Path(folder))[-1]
        command = [str(Path(sys.executable).with_name("posthorn")), "check", "--json", str(path)]
        _timed(command)
        took = min(_timed(command) for _ in range(_STARTS))
    return Figure(
        name="posthorn check, from its start to the verdict on one file",
        value=took,
        unit="s",
        against=_LIMIT_S,
        peer="limit in s",
        bar=1.0,
        goal=0.75,
        is_limit=True,
    )


def _timed(command: list[str]) -> float:
    environment = {name: value for name, value in os.environ.items() if name != _UNCOMPILED}
    begun = time.perf_counter()
    subprocess.run(  # noqa: S603  # our own program
        command, check=True, stdout=subprocess.DEVNULL, env=environment
    )
    return time.perf_counter() - begun


def _race(
    name: str, started: dict[str, Side], paths: list[Path], repeats: int, *, bar: float, goal: float
) -> Figure:
    fastest = {side: dict.fromkeys(paths, float("inf")) for side in started}
    for _ in range(repeats):
        for path in paths:
            for side, process in started.items():
                for _ in range(_IN_A_ROW):
                    took, said = process.check(path)
                    fastest[side][path] = min(fastest[side][path], took)
                if side == "posthorn" and said != "valid":
                    raise RuntimeError(f"{name}: a valid document found {said}")
    ours, official, floor = (mean(fastest[side].values()) for side in _SIDES)
    Console().print(
        f"{name}: {ours:.2f} ms, saxonche {official:.2f} ms; "
        f"lxml and schema alone {floor:.2f} ms, {ours / floor:.1f} times that"
    )
    return Figure(
        name=name,
        value=1000 / ours,
        unit="documents/s",
        against=1000 / official,
        peer="saxonche",
        bar=bar,
        goal=goal,
    )


def _typical(folder: Path) -> list[Path]:
    """Write the valid documents of a usual size, each once, for all sides to read."""
    found = {name: data for name, data in seeds() if len(data) <= _LARGEST}
    paths = []
    for number, data in enumerate(found.values()):
        path = folder / f"{number:02}.xml"
        path.write_bytes(data)
        paths.append(path)
    return paths

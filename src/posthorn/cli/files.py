"""Files and folders named on the command line, and work on many of them side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from posthorn.cli.errors import ConflictError, NothingFoundError
from posthorn.kernel.memory import tune_collector

if TYPE_CHECKING:
    from posthorn.cli.output import Output

Found = TypeVar("Found")
_FEW = 8  # files; starting processes takes longer than reading these
_CHUNK = 4


def files_at(paths: Iterable[Path]) -> list[Path]:
    """Return the files named and those in the folders named, hidden ones left out, by name.

    Raises NothingFoundError for a path where nothing is.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.rglob("*") if one.is_file() and not _hidden(one))
        elif path.exists():
            found.append(path)
        else:
            raise NothingFoundError(f"There is no file or folder {path}.")
    return found


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts if part not in {".", ".."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Where what is made of files is written: `a.xml` becomes `a.xml.pdf` in a folder."""

    into: Path
    ending: str

    def of(self, path: Path) -> Path:
        """Return where what is made of one file is written."""
        return self.into / f"{path.name}{self.ending}"

    def prepared(self, paths: Iterable[Path], *, is_forced: bool) -> Targets:
        """Make the folder; raises ConflictError where something would be replaced."""
        targets = [self.of(path) for path in paths]
        if len(set(targets)) < len(targets):
            message = "Two of the files have one name: take their folders one by one."
            raise ConflictError(message)
        there = [one for one in targets if one.exists()]
        if there and not is_forced:
            message = f"{there[0]} is there already: choose another folder or --force."
            raise ConflictError(message)
        self.into.mkdir(parents=True, exist_ok=True)
        return self


def on_each(
    work: Callable[[Path], Found], paths: list[Path], output: Output, label: str
) -> Iterator[tuple[Path, Found]]:
    """Do the work on each file and yield what came of it, in order; many run side by side."""
    with output.progress(label) as show:
        for done, (path, found) in enumerate(_each(work, paths), start=1):
            show(done, len(paths), path.name)
            yield path, found


def _each(work: Callable[[Path], Found], paths: list[Path]) -> Iterator[tuple[Path, Found]]:
    if len(paths) <= _FEW:
        yield from ((path, work(path)) for path in paths)
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  # one file needs none

    with ProcessPoolExecutor(max_workers=_processors(), initializer=tune_collector) as pool:
        yield from zip(paths, pool.map(work, paths, chunksize=_CHUNK), strict=True)


def _processors() -> int:
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)

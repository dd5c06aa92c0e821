"""Holds our rules against the official stylesheets, document by document, in a few processes."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Final

from tests.oracle.mutants import mutant
from tests.oracle.ours import Said, say
from tests.oracle.sources import seeds, sources
from tests.oracle.stylesheets import Judgement, judge

ABORTED: Final = "ABORTED"
EN16931: Final = ("BR-", "UBL-")  # how its ids begin; the warnings of Peppol differ by release
_AT_ONCE: Final = 8


class Side(StrEnum):
    """Who alone says that a rule is broken."""

    OURS = ">"
    STYLESHEET = "<"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One id that one side gives and the other does not, and how to see it again."""

    side: Side
    id: str
    document: str
    data: bytes = field(default=b"", repr=False, compare=False)

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.side}{self.id}  {self.document}"


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a comparison came to."""

    documents: int = 0
    valid: int = 0
    aborted: int = 0
    rules: Counter[str] = field(default_factory=Counter)  # how often the stylesheets gave each id
    differences: list[Difference] = field(default_factory=list)

    def add(self, document: str, data: bytes, official: Judgement, ours: Said) -> None:
        """Count one document."""
        self.documents += 1
        self.valid += not official.fatal and not official.aborted
        self.aborted += official.aborted
        self.rules.update(official.fatal)
        self.differences.extend(
            Difference(side=side, id=name, document=document, data=data)
            for side, name in differences(official, ours)
        )

    def merge(self, other: Tally) -> None:
        """Take in what another process found."""
        self.documents += other.documents
        self.valid += other.valid
        self.aborted += other.aborted
        self.rules.update(other.rules)
        self.differences.extend(other.differences)


def differences(official: Judgement, ours: Said) -> Iterator[tuple[Side, str]]:
    """Yield who alone gives which fatal id, or which warning of EN 16931.

    An error inside a rule of ours counts, under its name.
    Where a stylesheet stopped, ours has to say invalid, and no more.
    """
    yield from ((Side.OURS, each) for each in ours.broken)
    if official.aborted:
        if not ours.is_invalid:
            yield Side.STYLESHEET, ABORTED
        return
    warned = {name for name in ours.warnings if name.startswith(EN16931)}
    for theirs, mine in ((official.fatal, ours.fatal), (official.en16931_warnings, warned)):
        yield from ((Side.STYLESHEET, name) for name in sorted(theirs - mine))
        yield from ((Side.OURS, name) for name in sorted(mine - theirs))


def compared(*, mutants: int, seed: int = 1, processes: int = 2) -> Tally:
    """Compare all documents at hand, and mutants of the valid ones."""
    work: list[int | str] = [*range(mutants), *(name for name, _ in sources())]
    pieces = [(work[start : start + _AT_ONCE], seed) for start in range(0, len(work), _AT_ONCE)]
    total = Tally()
    # Not forked: Saxon brings its own runtime, which a fork would cut in two.
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for found in pool.imap(_piece, pieces):
            total.merge(found)
    return total


def _piece(task: tuple[list[int | str], int]) -> Tally:
    work, seed = task
    tally = Tally()
    for name, data in _documents(work, seed):
        tally.add(name, data, judge(data), say(data))
    return tally


def _documents(work: Iterable[int | str], seed: int) -> Iterator[tuple[str, bytes]]:
    for one in work:
        if isinstance(one, str):
            yield one, _all()[one]
        else:
            yield made(seed, one)


def made(seed: int, index: int) -> tuple[str, bytes]:
    """Make the mutant of that number, and its name."""
    known = _seeds()
    name, data = known[index % len(known)]
    one = mutant(data, seed=seed, index=index)
    return f"seed {seed} mutant {index} of {name}: {one.done}", one.data


@cache
def _seeds() -> list[tuple[str, bytes]]:
    return seeds()


@cache
def _all() -> dict[str, bytes]:
    return dict(sources())

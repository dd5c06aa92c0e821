"""`python -m tests.oracle FILE…`: where our rules and the official stylesheets part.

Without files, those that the tests use.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.oracle.comparison import ABORTED, EN16931, differences
from tests.oracle.mutants import mutant
from tests.oracle.ours import Said, say
from tests.oracle.sources import read, sources
from tests.oracle.stylesheets import Judgement, judge


def main(arguments: list[str] | None = None) -> int:
    """Compare every file, and mutants of it where asked for; 1 where anything differs."""
    given = _parser().parse_args(arguments)
    only = tuple(given.only.split(",")) if given.only else ("",)
    totals: Counter[str] = Counter()
    seen = 0
    for name, data in _documents(given):
        seen += 1
        differences = [*_compared(judge(data), say(data), only, with_warnings=given.warnings)]
        totals.update(differences)
        if differences:
            sys.stdout.write(f"{name}\n    {'  '.join(differences)}\n")
    sys.stdout.write(f"\n{seen} documents; stylesheet only <, ours only >\n")
    for difference, count in totals.most_common():
        sys.stdout.write(f"{count:6} {difference}\n")
    return 1 if totals else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle")
    parser.add_argument("files", nargs="*", type=Path, help="UBL files, or folders of them")
    parser.add_argument("--only", default="", help="beginnings of ids, such as BR-S,BR-Z")
    parser.add_argument("--warnings", action="store_true", help="compare those of Peppol too")
    parser.add_argument("--mutants", type=int, default=0, help="how many of each file")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def _documents(given: argparse.Namespace) -> Iterator[tuple[str, bytes]]:
    for name, data in read(given.files) if given.files else sources():
        yield name, data
        for index in range(given.mutants):
            made = mutant(data, seed=given.seed, index=index)
            yield f"{name} --seed {given.seed} mutant {index}: {made.done}", made.data


def _compared(
    official: Judgement, ours: Said, only: tuple[str, ...], *, with_warnings: bool
) -> Iterator[str]:
    """Yield `<BR-02` for what only a stylesheet says, `>BR-02` for what only we say."""
    for side, name in differences(official, ours):
        if name.startswith((*only, ABORTED)):
            yield f"{side}{name}"
    if with_warnings and not official.aborted:
        yield from _named("<", official.peppol_warnings - ours.warnings, only)
        yield from _named(">", _peppol(ours.warnings) - official.warnings, only)


def _peppol(names: Iterable[str]) -> set[str]:
    return {name for name in names if not name.startswith(EN16931)}


def _named(side: str, names: Iterable[str], only: tuple[str, ...]) -> Iterator[str]:
    return (f"{side}{name}" for name in sorted(names) if name.startswith(only))


if __name__ == "__main__":
    sys.exit(main())

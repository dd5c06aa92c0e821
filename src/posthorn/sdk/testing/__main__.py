"""Tries a connector: `python -m posthorn.sdk.testing PACKAGE`, without a database or settings.

The package's case is the module PACKAGE.tests.test_conformance, or tests/test_conformance.py in the
current folder. Ends with 0 when every test passed, 1 when one failed, 2 when there is no case.
`--keep` keeps what this release prepares, beside the case; `--no-types` asks mypy nothing.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

from posthorn.sdk.testing.cases import CaseNotFoundError, cases_of
from posthorn.sdk.testing.conformance import Conformance
from posthorn.sdk.testing.sources import folder_of
from posthorn.sdk.testing.trials import Result, Verdict, run
from posthorn.sdk.testing.types import can_be_asked, type_faults

_MARKS = {Verdict.PASSED: "ok  ", Verdict.FAILED: "FAIL", Verdict.SKIPPED: "skip"}
_KEEP = "--keep"
_NO_TYPES = "--no-types"
_TYPES = "types_are_strict"


def main(arguments: Sequence[str]) -> int:
    """Run the kit for one package and write a line per test."""
    names = [one for one in arguments if not one.startswith("-")]
    options = set(arguments) - set(names)
    if len(names) != 1 or options - {_KEEP, _NO_TYPES}:
        sys.stderr.write("usage: python -m posthorn.sdk.testing PACKAGE [--keep] [--no-types]\n")
        return 2
    try:
        cases = cases_of(names[0])
    except CaseNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if _KEEP in options:
        return _keep(cases)
    tallies = [_try(case, asks_types=_NO_TYPES not in options) for case in cases]
    return 1 if any(tally[Verdict.FAILED] for tally in tallies) else 0


def _try(case: type[Conformance], *, asks_types: bool) -> Counter[Verdict]:
    """Write a case's results; gives how many there were of each."""
    tally: Counter[Verdict] = Counter()
    sys.stdout.write(f"{case.connector.spec.name} {case.connector.spec.version}\n")
    for result in (*run(case), *([_types(case)] if asks_types else [])):
        tally[result.verdict] += 1
        why = f": {result.why}" if result.why else ""
        sys.stdout.write(f"  {_MARKS[result.verdict]} {result.test}{why}\n")
    counts = ", ".join(f"{tally[verdict]} {verdict}" for verdict in Verdict)
    sys.stdout.write(f"  {counts}\n")
    return tally


def _types(case: type[Conformance]) -> Result:
    if not can_be_asked():
        return Result(test=_TYPES, verdict=Verdict.SKIPPED, why="install mypy")
    found = type_faults(folder_of(case().own_package()))
    verdict = Verdict.FAILED if found else Verdict.PASSED
    return Result(test=_TYPES, verdict=verdict, why="; ".join(found[:5]))


def _keep(cases: Sequence[type[Conformance]]) -> int:
    for case in cases:
        for path in case().keep():
            sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Tries a connector: `python -m posthorn.sdk.testing PACKAGE`, without a database or settings.

The package's case is the module PACKAGE.tests.test_conformance, or tests/test_conformance.py in the
current folder. Ends with 0 when every test passed, 1 when one failed, 2 when there is no case.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from posthorn.sdk.testing.cases import CaseNotFoundError, cases_of
from posthorn.sdk.testing.trials import Verdict, run

_MARKS = {Verdict.PASSED: "ok  ", Verdict.FAILED: "FAIL", Verdict.SKIPPED: "skip"}


def main(arguments: Sequence[str]) -> int:
    """Run the kit for one package and write a line per test."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m posthorn.sdk.testing PACKAGE\n")
        return 2
    try:
        cases = cases_of(arguments[0])
    except CaseNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    failed = 0
    for case in cases:
        sys.stdout.write(f"{case.connector.spec.name} {case.connector.spec.version}\n")
        for result in run(case):
            failed += result.verdict is Verdict.FAILED
            why = f": {result.why}" if result.why else ""
            sys.stdout.write(f"  {_MARKS[result.verdict]} {result.test}{why}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

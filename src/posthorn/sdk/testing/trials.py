"""Runs the kit by itself: no test framework, no database, no settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from unittest import SkipTest

from posthorn.sdk.testing.conformance import Conformance


class Verdict(StrEnum):
    """What one test of the kit came to."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One test of the kit and its verdict; `why` explains a failure or a skip."""

    test: str
    verdict: Verdict
    why: str = ""


def promises_of(case: type[Conformance]) -> tuple[str, ...]:
    """Return the names of a case's tests, the oldest ancestor's first, in written order."""
    names: dict[str, None] = {}
    for ancestor in reversed(case.__mro__):
        names.update(dict.fromkeys(vars(ancestor)))
    return tuple(name for name in names if name.startswith("test_"))


def run(case: type[Conformance]) -> Iterator[Result]:
    """Yield the result of every test of a case."""
    for name in promises_of(case):
        yield _one(case, name)


def _one(case: type[Conformance], name: str) -> Result:
    try:
        getattr(case(), name)()
    except SkipTest as skip:
        return Result(test=name, verdict=Verdict.SKIPPED, why=str(skip))
    except Exception as error:  # noqa: BLE001  whatever a strange connector raises is a finding
        why = str(error) if type(error) is AssertionError else f"{type(error).__name__}: {error}"
        return Result(test=name, verdict=Verdict.FAILED, why=why)
    return Result(test=name, verdict=Verdict.PASSED)

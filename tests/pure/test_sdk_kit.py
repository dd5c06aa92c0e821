"""A kit test without a connector it catches is no kit test: here is one for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pytest

from posthorn.sdk import Connector
from posthorn.sdk.testing import Conformance
from posthorn.sdk.testing.trials import Result, Verdict, promises_of, run
from tests.kit.broken import BROKEN
from tests.kit.ledger import Ledger, LedgerPackage

KIT = promises_of(Conformance)


class TestLedger(Conformance):
    connector: ClassVar[type[Connector]] = Ledger
    fake = LedgerPackage
    settings: ClassVar[Mapping[str, str]] = {"api_key": "s3cret-of-the-firm"}


def case_for(tried: type[Connector]) -> type[Conformance]:
    class Case(TestLedger):
        connector = tried

    return Case


def test_kit_has_its_twelve_tests() -> None:
    assert len(KIT) == 12


def test_every_kit_test_has_a_connector_it_catches() -> None:
    assert {name for name, _ in BROKEN} == set(KIT)


@pytest.mark.parametrize(
    ("name", "broken"), BROKEN, ids=lambda value: getattr(value, "__name__", value)
)
def test_broken_connector_fails_its_test_alone(name: str, broken: type[Connector]) -> None:
    results = list(run(case_for(broken)))

    assert [result.test for result in results if result.verdict is not Verdict.PASSED] == [name]


def test_runner_passes_a_sound_connector() -> None:
    assert list(run(TestLedger)) == [Result(test=name, verdict=Verdict.PASSED) for name in KIT]

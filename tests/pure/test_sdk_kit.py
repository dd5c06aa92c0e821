"""A kit test without a connector it catches is no kit test: here is one for each."""

from __future__ import annotations

import pytest

from posthorn.sdk import Connector
from posthorn.sdk.testing import Conformance
from posthorn.sdk.testing.trials import Verdict, promises_of, run
from tests.kit.broken import MAPPING, SignsIn
from tests.kit.broken_sending import SENDING
from tests.kit.case import DaybookCase, case_for

KIT = promises_of(Conformance)
BROKEN = (*MAPPING, *SENDING)
# Whose texts or sources are at fault, not their behaviour: tests/pure/test_sdk_kit_folders.py.
OF_FOLDERS = {
    "test_help_and_logo_are_there",
    "test_sources_leave_waiting_and_calling_to_the_engine",
}


class TestDaybook(DaybookCase):
    """The sound connector, tried as an author tries his own."""


def failed(case: type[Conformance]) -> list[str]:
    return [result.test for result in run(case) if result.verdict is Verdict.FAILED]


def test_kit_has_its_thirty_two_tests() -> None:
    assert len(KIT) == 32


def test_every_kit_test_has_a_connector_it_catches() -> None:
    assert {name for name, _ in BROKEN} | OF_FOLDERS == set(KIT)


@pytest.mark.parametrize(
    ("name", "broken"), BROKEN, ids=lambda value: getattr(value, "__name__", value)
)
def test_broken_connector_fails_its_test_alone(name: str, broken: type[Connector]) -> None:
    assert failed(case_for(broken)) == [name]


def test_runner_passes_a_sound_connector_and_skips_what_it_does_not_declare() -> None:
    results = {result.test: result.verdict for result in run(DaybookCase)}

    assert list(results) == list(KIT)
    assert {name for name, verdict in results.items() if verdict is not Verdict.PASSED} == {
        "test_account_names_one_and_the_same"
    }


def test_no_test_is_skipped_for_a_connector_that_declares_everything() -> None:
    assert {result.verdict for result in run(case_for(SignsIn))} == {Verdict.PASSED}

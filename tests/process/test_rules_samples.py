"""The public set of UBL files: each verdict, and each set of fatal ids, as its manifest says."""

from __future__ import annotations

import pytest

from posthorn.documents import xml
from posthorn.documents.checks import check
from posthorn.documents.findings import Severity, Verdict
from tests.oracle.sources import PUBLIC, manifest

ABORTED = "!XSLT-DYNAMIC-ERROR"  # the official stylesheet stopped: invalid, whatever the ids
ROWS = manifest()

pytestmark = pytest.mark.skipif(not ROWS, reason=f"{PUBLIC} is not here")


def test_all_of_the_set_is_there() -> None:
    assert len(ROWS) == 83


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["path"])
def test_verdict_and_fatal_ids_are_those_of_the_manifest(row: dict[str, str]) -> None:
    report = check(xml.parse((PUBLIC / row["path"]).read_bytes()))
    fatal = {found.id for found in report.findings if found.severity is Severity.FATAL}
    expected = {name.replace("!XSD", "XSD") for name in _ids(row["expected_rule_ids"])}

    assert report.verdict == Verdict(row["expected"])
    if ABORTED not in expected:
        assert fatal == expected


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["path"])
def test_warnings_are_those_of_the_manifest(row: dict[str, str]) -> None:
    report = check(xml.parse((PUBLIC / row["path"]).read_bytes()))
    warned = {found.id for found in report.findings if found.severity is Severity.WARNING}

    assert warned == _ids(row["expected_warning_ids"])


def _ids(cell: str) -> set[str]:
    return set(filter(None, cell.split(",")))

"""Corners that mutants found: years before our era, and two files in one reference."""

from __future__ import annotations

import pytest

from posthorn.documents import xml
from posthorn.documents.checks import check
from posthorn.documents.findings import Severity
from tests.oracle.bases import COUNTRIES, document

GERMAN = next(document(country) for country in COUNTRIES if country.code == "DE")
FIRST = b"<cac:AdditionalDocumentReference>"
FILE = (
    b'<cbc:EmbeddedDocumentBinaryObject mimeCode="text/csv" filename="uren.csv">YSxiCg=='
    b"</cbc:EmbeddedDocumentBinaryObject>"
)
REFERENCE = (
    b"<cac:AdditionalDocumentReference><cbc:ID>A-9</cbc:ID><cac:Attachment>%s</cac:Attachment>"
    b"</cac:AdditionalDocumentReference>" % FILE
)


def fatal(data: bytes) -> set[str]:
    found = check(xml.parse(data)).findings
    return {one.id for one in found if one.severity is Severity.FATAL}


def test_files_of_one_name_in_two_references_break_the_german_rule() -> None:
    assert fatal(GERMAN) == set()
    assert "DE-R-022" in fatal(GERMAN.replace(FIRST, REFERENCE + FIRST, 1))


def test_files_of_one_name_in_one_reference_are_left_to_the_schema() -> None:
    found = fatal(GERMAN.replace(FILE, FILE * 2))

    assert "XSD" in found
    assert "DE-R-022" not in found


@pytest.mark.parametrize(
    ("name", "of_lines", "broken"),
    [
        (b"StartDate", b"-2026-01-01", {"PEPPOL-EN16931-R110"}),
        (b"EndDate", b"-2026-01-01", set()),
    ],
)
def test_year_before_our_era_is_before_any_other(
    name: bytes, of_lines: bytes, broken: set[str]
) -> None:
    head, line, rest = GERMAN.partition(b"<cac:InvoiceLine>")
    start = rest.index(b"<cbc:%s>" % name)
    end = rest.index(b"</cbc:%s>" % name)
    changed = rest[:start] + b"<cbc:%s>" % name + of_lines + rest[end:]

    found = fatal(head + line + changed) - {"PEPPOL-EN16931-F001"}

    assert found & {"PEPPOL-EN16931-R110", "PEPPOL-EN16931-R111"} == broken

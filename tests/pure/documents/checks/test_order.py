from __future__ import annotations

from posthorn.documents import xml
from posthorn.documents.checks import check
from tests.pure.documents.convert.sources import full_ubl

CODES = (
    ('mimeCode="text/csv"', 'mimeCode="text/html"'),
    (">S</cbc:ID>", ">Q</cbc:ID>"),
    ('unitCode="HUR"', 'unitCode="hour"'),
)
FOUND = [
    (52, "BR-CL-24"),
    (52, "PEPPOL-EN16931-CL001"),
    (242, "BR-CL-17"),
    (257, "BR-CL-17"),
    (270, "BR-CL-17"),
    (357, "BR-CL-18"),
    (380, "BR-CL-23"),
]


def places(data: bytes) -> list[tuple[int | None, str]]:
    return [(each.line, each.id) for each in check(xml.parse(data)).findings]


def test_findings_follow_the_lines_of_the_file_and_then_the_rules() -> None:
    assert places(full_ubl(*CODES)) == FOUND


def test_findings_of_the_schema_come_before_those_of_the_rules() -> None:
    quantity = (
        'unitCode="C62">10</cbc:InvoicedQuantity>',
        'unitCode="C62">x</cbc:InvoicedQuantity>',
    )

    assert places(full_ubl(quantity, *CODES)) == [(307, "XSD"), *FOUND]

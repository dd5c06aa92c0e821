from __future__ import annotations

import pytest

from posthorn.documents.convert import NotConvertibleError, convert
from tests.pure.documents.convert.sources import (
    change,
    plain_ubl,
    read,
    refusals,
)

FILE = 'filename="times.csv"'


def test_attachment_without_a_file_name_gets_one() -> None:
    converted = convert(plain_ubl((f" {FILE}", "")))

    assert change(converted, "CONVERT-FILE-NAME").after == "TIMES-122.csv"
    assert [each.file_name for each in read(converted).attachments] == ["TIMES-122.csv"]


def second_file(attributes: str) -> tuple[str, str]:
    project = "  <cac:ProjectReference>"
    return project, (
        "<cac:AdditionalDocumentReference><cbc:ID>B</cbc:ID><cac:Attachment>"
        f"<cbc:EmbeddedDocumentBinaryObject {attributes}>ZGF5</cbc:EmbeddedDocumentBinaryObject>"
        f"</cac:Attachment></cac:AdditionalDocumentReference>{project}"
    )


def test_attachments_of_one_file_name_get_two() -> None:
    converted = convert(plain_ubl(second_file('mimeCode="text/csv" filename="TIMES.csv"')))

    assert [each.file_name for each in read(converted).attachments] == ["times.csv", "TIMES-2.csv"]


def test_file_name_without_an_ending_stays_without() -> None:
    converted = convert(plain_ubl(second_file('mimeCode="text/csv" filename="times"')))

    assert [each.file_name for each in read(converted).attachments] == ["times.csv", "times"]


def test_attachment_of_an_unknown_kind_is_refused_and_not_dropped() -> None:
    assert refusals(plain_ubl(second_file('mimeCode="text/html"'))) == [
        "BR-CL-24",
        "PEPPOL-EN16931-CL001",
        "UBL-DT-07",
    ]


def test_attachment_in_broken_base64_is_refused_and_not_dropped() -> None:
    assert refusals(plain_ubl(("ZGF5O2hvdXJzCg==", "ZGF5O2hvdXJzCg="))) == ["XSD"]


def test_lines_inside_lines_are_refused() -> None:
    price = "    <cac:Price>"
    sub = (
        '<cac:SubInvoiceLine><cbc:ID>1.1</cbc:ID><cbc:LineExtensionAmount currencyID="USD">1.00'
        "</cbc:LineExtensionAmount><cac:Item><cbc:Name>x</cbc:Name></cac:Item></cac:SubInvoiceLine>"
    )
    data = plain_ubl(("    </cac:Price>\n", f"    </cac:Price>\n{sub}"))

    assert price.encode() in data
    assert refusals(data) == ["CONVERT-SUB-LINES"]


def test_tax_that_is_no_vat_is_refused_where_it_stands() -> None:
    scheme = "<cac:TaxScheme>\n          <cbc:ID>VAT</cbc:ID>"
    data = plain_ubl((scheme, scheme.replace("VAT", "GST")))

    with pytest.raises(NotConvertibleError) as refusal:
        convert(data)

    (finding,) = refusal.value.findings
    assert (finding.id, finding.values) == ("CONVERT-OTHER-TAX", {"tax": "GST"})
    assert finding.xpath.startswith("/ubl:Invoice/")
    assert finding.line is not None


@pytest.mark.parametrize("code", ["389", "527"])
def test_self_billed_invoice_is_refused(code: str) -> None:
    data = plain_ubl(("<cbc:InvoiceTypeCode>380<", f"<cbc:InvoiceTypeCode>{code}<"))

    assert refusals(data) == ["CONVERT-SELF-BILLED"]


def test_value_that_no_reader_understands_is_refused() -> None:
    data = plain_ubl(("<cbc:DueDate>2026-04-01<", "<cbc:DueDate>20260-04-01<"))

    with pytest.raises(NotConvertibleError) as refusal:
        convert(data)

    assert [(each.id, each.xpath, dict(each.values)) for each in refusal.value.findings] == [
        ("CONVERT-VALUE", "/ubl:Invoice/cbc:DueDate", {"value": "20260-04-01"})
    ]


def test_file_against_the_schema_is_refused_with_the_schemas_words() -> None:
    data = plain_ubl(("<cbc:DueDate>2026-04-01<", "<cbc:DueDate>soon<"))

    assert refusals(data) == ["XSD"]


def test_refusal_names_the_rules_and_keeps_no_lines_of_a_file_nobody_has() -> None:
    payable = '<cbc:PayableAmount currencyID="USD">'

    with pytest.raises(NotConvertibleError) as refusal:
        convert(plain_ubl((f"{payable}200.40", f"{payable}200.41")))

    assert [(each.id, each.line) for each in refusal.value.findings] == [("BR-CO-16", None)]
    assert (refusal.value.code, refusal.value.detail) == ("not_convertible", "BR-CO-16")


def test_warnings_of_the_check_come_along() -> None:
    converted = convert(plain_ubl())

    assert converted.warnings == ()


def test_file_of_another_kind_is_refused_by_its_kind() -> None:
    with pytest.raises(NotConvertibleError) as refusal:
        convert(b"<a/>")

    assert [(each.id, dict(each.values)) for each in refusal.value.findings] == [
        ("CONVERT-KIND", {"format": "xml"})
    ]

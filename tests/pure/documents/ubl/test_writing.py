from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings

from posthorn.documents import xml
from posthorn.documents.checks import check
from posthorn.documents.errors import UnwritableError
from posthorn.documents.findings import Severity
from posthorn.documents.invoice import (
    Attachment,
    CreditTransfer,
    Invoice,
    Line,
    Party,
    PaymentMeans,
    Price,
    Totals,
    VatLine,
)
from posthorn.documents.ubl import read_invoice, write
from posthorn_sandbox.samples import Result, manifest
from tests.strategies.invoices import invoices

PUBLIC = Path(__file__).parents[4].parent / "shared" / "samples" / "ubl"
DEMO = [
    document.path
    for document in manifest().documents
    if document.path.suffix == ".xml" and document.result is not Result.REFUSED
]


def fatal(data: bytes) -> list[str]:
    found = check(xml.parse(data)).findings
    return [each.id for each in found if each.severity is Severity.FATAL]


def read(data: bytes) -> Invoice:
    return read_invoice(xml.parse(data).root)


@settings(max_examples=10)
@given(invoices())
def test_whatever_is_written_is_valid_and_reads_back(invoice: Invoice) -> None:
    written = write(invoice)
    back = read(written)

    assert fatal(written) == []
    assert (back, repr(back)) == (invoice, repr(invoice))
    assert write(back) == written


def test_demo_documents_read_back_equal_from_what_is_written() -> None:
    wrong = []
    for path in DEMO:
        before = read(path.read_bytes())
        written = write(before)
        if repr(read(written)) != repr(before) or fatal(written):
            wrong.append(path.name)

    assert (wrong, len(DEMO)) == ([], 56)


@pytest.mark.skipif(not PUBLIC.is_dir(), reason=f"{PUBLIC} is not here")
def test_valid_public_documents_stay_valid_and_equal_when_rewritten() -> None:
    with (PUBLIC / "manifest.tsv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["expected"] == "valid"]
    wrong = []
    for row in rows:
        before = read((PUBLIC / row["path"]).read_bytes())
        written = write(before)
        if repr(read(written)) != repr(before) or fatal(written):
            wrong.append(row["path"])

    assert (wrong, len(rows)) == ([], 21)


def test_written_form_is_laid_out_for_people() -> None:
    written = write(
        Invoice(
            number="7",
            currency="EUR",
            seller=Party(name="Kaas & Co <bv>"),
            totals=Totals(payable=Decimal("12.10")),
            lines=(Line(number="1", quantity=Decimal(2), unit="C62"),),
        )
    )

    assert written.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
        ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
        ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">\n'
        "  <cbc:ID>7</cbc:ID>\n"
        "  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>\n"
        "  <cac:AccountingSupplierParty>\n"
        "    <cac:Party>\n"
        "      <cac:PartyLegalEntity>\n"
        "        <cbc:RegistrationName>Kaas &amp; Co &lt;bv&gt;</cbc:RegistrationName>\n"
        "      </cac:PartyLegalEntity>\n"
        "    </cac:Party>\n"
        "  </cac:AccountingSupplierParty>\n"
        "  <cac:LegalMonetaryTotal>\n"
        '    <cbc:PayableAmount currencyID="EUR">12.10</cbc:PayableAmount>\n'
        "  </cac:LegalMonetaryTotal>\n"
        "  <cac:InvoiceLine>\n"
        "    <cbc:ID>1</cbc:ID>\n"
        '    <cbc:InvoicedQuantity unitCode="C62">2</cbc:InvoicedQuantity>\n'
        "  </cac:InvoiceLine>\n"
        "</Invoice>\n"
    )


def test_what_is_absent_is_not_written() -> None:
    assert b"/>" in write(Invoice())
    assert len(xml.parse(write(Invoice())).by_name) == 1
    assert list(xml.parse(write(Invoice(is_credit_note=True))).by_name) == ["cn:CreditNote"]


def test_amount_in_an_unknown_currency_has_none() -> None:
    assert b"<cbc:PayableAmount>1</cbc:PayableAmount>" in write(
        Invoice(totals=Totals(payable=Decimal(1)))
    )


def test_accounts_of_one_way_to_pay_become_several_and_its_text_stands_once() -> None:
    accounts = tuple(CreditTransfer(account=number) for number in ("1", "2"))
    means = PaymentMeans(code="30", text="Transfer", remittance="R", transfers=accounts)

    assert read(write(Invoice(payment=(means,)))).payment == (
        replace(means, transfers=accounts[:1]),
        replace(means, transfers=accounts[1:], text=None),
    )


def test_due_date_of_a_credit_note_stands_with_the_first_way_to_pay() -> None:
    due = date(2026, 4, 9)
    means = (PaymentMeans(code="30"), PaymentMeans(code="30", remittance="R"))
    written = write(Invoice(is_credit_note=True, due_date=due, payment=means))

    assert written.count(b"<cbc:PaymentDueDate>2026-04-09</cbc:PaymentDueDate>") == 1
    assert written.index(b"PaymentDueDate") < written.index(b"PaymentID")
    assert read(written) == Invoice(is_credit_note=True, due_date=due, payment=means)


def test_invoice_of_a_credit_notes_type_is_written_as_a_credit_note() -> None:
    invoice = Invoice(is_credit_note=True, type_code="381", lines=(Line(quantity=Decimal(1)),))

    assert sorted(xml.parse(write(invoice)).by_name) == [
        "cac:CreditNoteLine",
        "cbc:CreditNoteTypeCode",
        "cbc:CreditedQuantity",
        "cn:CreditNote",
    ]


def test_large_attachment_comes_back_whole() -> None:
    content = bytes(range(256)) * 8_000
    attachment = Attachment(
        identifier="A", content=content, is_embedded=True, media_type="image/png", file_name="a.png"
    )

    assert read(write(Invoice(attachments=(attachment,)))).attachments == (attachment,)


@pytest.mark.parametrize("text", ["a\0b", "\x1b[31m", "\ud800", "\ufffe", "\x0b"])
def test_text_that_xml_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(UnwritableError) as number:
        write(Invoice(number=text))
    with pytest.raises(UnwritableError) as unit:
        write(Invoice(lines=(Line(quantity=Decimal(1), unit=text),)))

    assert (number.value.code, number.value.detail) == ("xml.unwritable", "cbc:ID")
    assert unit.value.detail == "cbc:InvoicedQuantity"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "sNaN"])
def test_number_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(UnwritableError) as refused:
        write(Invoice(lines=(Line(price=Price(net=Decimal(number))),)))

    assert refused.value.detail == "cbc:PriceAmount"


def test_vat_line_without_a_category_names_no_scheme() -> None:
    written = write(Invoice(vat=(VatLine(tax=Decimal(1)),)))

    assert sorted(xml.parse(written).by_name) == [
        "cac:TaxSubtotal",
        "cac:TaxTotal",
        "cbc:TaxAmount",
        "ubl:Invoice",
    ]

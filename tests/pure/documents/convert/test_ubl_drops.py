from __future__ import annotations

from decimal import Decimal

import pytest

from posthorn.documents import xml
from posthorn.documents.convert import Change, convert
from posthorn.documents.invoice import Note
from tests.pure.documents.convert.sources import (
    BIS,
    EN,
    change,
    codes,
    full_ubl,
    plain_ubl,
    read,
    refusals,
    sample,
    terms,
)

SOFTWARE = (
    "<cac:AdditionalDocumentReference><cbc:ID>UBL.BE</cbc:ID><cbc:DocumentDescription>"
    "BigBooks 4.2</cbc:DocumentDescription></cac:AdditionalDocumentReference>"
)
LINE_TAX = '<cac:TaxTotal><cbc:TaxAmount currencyID="USD">1.00</cbc:TaxAmount></cac:TaxTotal>'
DISCOUNT = "<cbc:SettlementDiscountPercent>2</cbc:SettlementDiscountPercent>"
LINE_CATEGORY = "<cac:ClassifiedTaxCategory>\n        <cbc:ID>S</cbc:ID>"
BELGIAN = (
    (BIS, "urn:cen.eu:en16931:2017#conformant#urn:UBL.BE:1.0.0.20180214"),
    ("<cac:ProjectReference>", SOFTWARE + "<cac:ProjectReference>"),
    ("within 8 days</cbc:Note>", "within 8 days</cbc:Note>" + DISCOUNT),
    ("    <cac:Item>", LINE_TAX + "<cac:Item>"),
    (LINE_CATEGORY, LINE_CATEGORY + "<cbc:Name>03</cbc:Name>"),
)


def test_belgian_extras_are_dropped_and_listed() -> None:
    converted = convert(full_ubl(*BELGIAN))

    line = "/ubl:Invoice/cac:InvoiceLine"
    dropped = {each.path: each for each in converted.changes if each.code == "CONVERT-DROPPED"}
    assert {path: (each.before, each.after) for path, each in dropped.items()} == {
        "/ubl:Invoice/cac:PaymentTerms/cbc:SettlementDiscountPercent": ("2", None),
        f"{line}/cac:TaxTotal/cbc:TaxAmount": ("1.00", None),
        f"{line}/cac:Item/cac:ClassifiedTaxCategory/cbc:Name": ("03", None),
    }
    assert change(converted, "CONVERT-NATIONAL").before == "BigBooks 4.2"
    assert [each.identifier for each in read(converted).attachments] == ["TIMES-122"]


def test_what_is_alike_is_listed_once_and_counted() -> None:
    converted = convert(full_ubl(*BELGIAN))

    (tax,) = (each for each in converted.changes if each.path.endswith("TaxTotal/cbc:TaxAmount"))
    assert tax.count == 2


def test_invoice_of_credit_type_becomes_a_credit_note() -> None:
    data = plain_ubl(("<cbc:InvoiceTypeCode>380<", "<cbc:InvoiceTypeCode>381<"))

    converted = convert(data)

    assert xml.parse(converted.data).root.name == "cn:CreditNote"
    assert change(converted, "CONVERT-CREDIT-NOTE").after == "cn:CreditNote"
    assert terms(converted.data) == terms(data)


def test_document_that_says_credit_twice_is_left_to_its_sender() -> None:
    data = plain_ubl(
        ("<cbc:InvoiceTypeCode>380<", "<cbc:InvoiceTypeCode>381<"),
        ('<cbc:TaxInclusiveAmount currencyID="USD">', '<cbc:TaxInclusiveAmount currencyID="USD">-'),
    )

    assert refusals(data) == ["CONVERT-SIGN"]


def test_untyped_invoice_gets_the_type_that_its_root_tells() -> None:
    data = plain_ubl(("<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", ""))

    assert change(convert(data), "CONVERT-TYPE").after == "380"


def test_untyped_credit_note_gets_the_type_that_its_root_tells() -> None:
    code = "<b:CreditNoteTypeCode>381</b:CreditNoteTypeCode>"

    converted = convert(sample("ubl/full-credit-note.xml", (BIS, EN), (code, "")))

    assert change(converted, "CONVERT-TYPE").after == "381"


def test_sellers_order_number_alone_gets_a_place_holder() -> None:
    converted = convert(plain_ubl(("<cbc:ID>PO-77</cbc:ID>", "<cbc:ID/>")))

    assert change(converted, "CONVERT-ORDER-NUMBER").after == "NA"
    assert read(converted).references.sales_order == "SO-88"


NOTE = "<cbc:Note>#AAI#Thank you for your order</cbc:Note>"


def test_empty_elements_are_left_out() -> None:
    converted = convert(plain_ubl((NOTE, NOTE + "<cbc:Note> </cbc:Note>")))

    assert codes(converted) == ["CONVERT-SPECIFICATION"]
    assert converted.data.count(b"<cbc:Note>Th") + converted.data.count(b"<cbc:Note>#AAI#Th") == 1


@pytest.mark.parametrize("sent", ["90.2500", "90.250"])
def test_zeros_behind_the_second_decimal_are_left_out(sent: str) -> None:
    line = '<cbc:LineExtensionAmount currencyID="USD">'
    data = plain_ubl((f"{line}90.25<", f"{line}{sent}<"))

    converted = convert(data)

    assert change(converted, "CONVERT-ZEROS") == Change(
        code="CONVERT-ZEROS", before=sent, after="90.25"
    )
    assert str(read(converted).lines[0].amount) == "90.25"


def test_more_than_two_decimals_are_not_rounded() -> None:
    line = '<cbc:LineExtensionAmount currencyID="USD">'

    assert refusals(plain_ubl((f"{line}90.25<", f"{line}90.252<"))) == ["BR-DEC-23", "UBL-DT-01"]


def test_sums_that_do_not_add_up_are_not_mended() -> None:
    payable = '<cbc:PayableAmount currencyID="USD">'

    assert refusals(plain_ubl((f"{payable}200.40", f"{payable}200.41"))) == ["BR-CO-16"]


BASE = '<cbc:BaseAmount currencyID="USD">90.00</cbc:BaseAmount>'
RATE = "<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>"


@pytest.mark.parametrize(("dropped", "sent"), [(RATE, "90.00"), (BASE, "10")])
def test_half_of_base_and_percentage_is_left_out(dropped: str, sent: str) -> None:
    converted = convert(plain_ubl((dropped, "")))

    assert change(converted, "CONVERT-HALF-BASE") == Change(
        code="CONVERT-HALF-BASE", path="BG-20", before=sent
    )
    (allowance,) = read(converted).allowances
    assert (allowance.amount, allowance.base, allowance.percentage) == (Decimal(9), None, None)


def test_tax_currency_that_is_the_invoices_own_is_left_out() -> None:
    other = '  <cac:TaxTotal>\n    <cbc:TaxAmount currencyID="EUR">16.90</cbc:TaxAmount>'
    data = plain_ubl(
        ("<cbc:TaxCurrencyCode>EUR<", "<cbc:TaxCurrencyCode>USD<"),
        (f"{other}\n  </cac:TaxTotal>\n", ""),
    )

    assert change(convert(data), "CONVERT-TAX-CURRENCY").before == "USD"


def test_lone_discount_on_a_price_is_left_out() -> None:
    gross = '<cbc:BaseAmount currencyID="USD">10.00</cbc:BaseAmount>'
    data = plain_ubl((gross, ""))

    converted = convert(data)

    assert change(converted, "CONVERT-DISCOUNT").path == "BT-147"
    price = read(converted).lines[0].price
    assert price is not None
    assert (price.discount, price.gross) == (None, None)


def test_note_that_looks_like_a_code_stays_as_it_is() -> None:
    converted = convert(plain_ubl((NOTE, "<cbc:Note>#1 of #AAI# lines</cbc:Note>")))

    assert read(converted).notes == (Note(text="#1 of #AAI# lines"),)

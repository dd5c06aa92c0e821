from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from posthorn.documents import ubl, xml
from posthorn.documents.checks import check
from posthorn.documents.convert import (
    CompletionForm,
    FormError,
    LineFields,
    NotConvertibleError,
    PartyFields,
    VatFields,
    complete,
)
from posthorn.documents.findings import Verdict
from posthorn.documents.invoice import (
    CreditTransfer,
    Identifier,
    PaymentMeans,
    Totals,
    VatLine,
)
from tests.pure.documents.convert.sources import plain_pdf

PDF = plain_pdf()
SELLER = PartyFields(name="Drukkerij De Vos bv", country="BE", vat_number="BE 0417.710.407")
BUYER = PartyFields(name="Kaas bv", country="NL", enterprise_number="12345678")
LINES = (
    LineFields(text="Paper", price=Decimal("12.345"), quantity=Decimal(3), rate=Decimal(21)),
    LineFields(text="Bread", price=Decimal("10.00"), rate=Decimal(6)),
    LineFields(text="Ink", price=Decimal("5.00"), rate=Decimal(21)),
)
FORM = CompletionForm(
    pdf=PDF,
    number="2026/7",
    issue_date=date(2026, 3, 2),
    due_date=date(2026, 4, 1),
    seller=SELLER,
    buyer=BUYER,
    buyer_reference="NA",
    lines=LINES,
    iban="BE68 5390 0754 7034",
    payment_reference="+++010/8068/17183+++",
)


def errors(form: CompletionForm) -> list[tuple[str, str, str]]:
    with pytest.raises(FormError) as refusal:
        complete(form)
    return [(each.field, each.code, each.value) for each in refusal.value.fields]


def test_document_is_valid_and_says_what_was_typed() -> None:
    made = complete(FORM)

    tree = xml.parse(made.data)
    assert check(tree).verdict is Verdict.VALID
    assert ubl.read_invoice(tree.root) == made.invoice
    assert (made.invoice.number, made.invoice.issue_date, made.invoice.due_date) == (
        "2026/7",
        date(2026, 3, 2),
        date(2026, 4, 1),
    )


def test_sums_are_worked_out_by_rate_and_rounded_once() -> None:
    made = complete(FORM)

    assert [line.amount for line in made.invoice.lines] == [
        Decimal("37.04"),
        Decimal("10.00"),
        Decimal("5.00"),
    ]
    assert made.invoice.vat == (
        VatLine(taxable=Decimal("42.04"), tax=Decimal("8.83"), category="S", rate=Decimal(21)),
        VatLine(taxable=Decimal("10.00"), tax=Decimal("0.60"), category="S", rate=Decimal(6)),
    )
    assert made.invoice.totals == Totals(
        lines=Decimal("52.04"),
        without_vat=Decimal("52.04"),
        vat=Decimal("9.43"),
        with_vat=Decimal("61.47"),
        payable=Decimal("61.47"),
    )


def test_addresses_and_registers_are_made_of_the_numbers() -> None:
    seller, buyer = complete(FORM).invoice.seller, complete(FORM).invoice.buyer

    assert seller is not None
    assert buyer is not None
    assert seller.endpoint == Identifier(value="0417710407", scheme="0208")
    assert seller.vat_identifier == "BE0417710407"
    assert buyer.endpoint == Identifier(value="12345678", scheme="0106")
    assert buyer.legal_identifier == Identifier(value="12345678", scheme="0106")


def test_typed_address_is_kept() -> None:
    address = Identifier(value="5499999000118", scheme="0088")

    made = complete(replace(FORM, buyer=replace(BUYER, address=address)))

    assert made.invoice.buyer is not None
    assert made.invoice.buyer.endpoint == address


def test_pdf_is_attached() -> None:
    (pdf,) = complete(FORM).invoice.attachments

    assert (pdf.content, pdf.file_name, pdf.description) == (PDF, "2026-7.pdf", "CommercialInvoice")


def test_payment_is_written_down() -> None:
    assert complete(FORM).invoice.payment == (
        PaymentMeans(
            code="58",
            remittance="+++010/8068/17183+++",
            transfers=(CreditTransfer(account="BE68539007547034"),),
        ),
    )


def test_payment_reference_alone_is_kept() -> None:
    made = complete(replace(FORM, iban="", seller=replace(SELLER, country="BE")))

    assert made.invoice.payment == (PaymentMeans(code="1", remittance="+++010/8068/17183+++"),)


def test_payment_may_be_left_out() -> None:
    assert complete(replace(FORM, iban="", payment_reference="")).invoice.payment == ()


def test_credit_note_is_one() -> None:
    made = complete(replace(FORM, is_credit_note=True))

    assert xml.parse(made.data).root.name == "cn:CreditNote"
    assert (made.invoice.type_code, made.invoice.attachments[0].description) == (
        "381",
        "CreditNote",
    )


TOTALS = (
    VatFields(net=Decimal("100.00"), tax=Decimal("21.01"), rate=Decimal(21)),
    VatFields(net=Decimal("-20.00"), tax=Decimal("-1.20"), rate=Decimal(6)),
)


def test_totals_of_each_rate_stand_in_for_the_lines() -> None:
    made = complete(replace(FORM, lines=(), totals=TOTALS, payable=Decimal("99.81")))

    assert [(line.quantity, line.amount) for line in made.invoice.lines] == [
        (Decimal(1), Decimal("100.00")),
        (Decimal(-1), Decimal("-20.00")),
    ]
    assert [each.tax for each in made.invoice.vat] == [Decimal("21.01"), Decimal("-1.20")]
    assert made.invoice.totals.payable == Decimal("99.81")


@pytest.mark.parametrize(
    ("category", "rate", "reason"),
    [("E", None, "Article 44"), ("AE", None, ""), ("Z", Decimal(0), "")],
)
def test_lines_without_vat_are_valid(category: str, rate: Decimal | None, reason: str) -> None:
    line = LineFields(text="x", price=Decimal(5), category=category, rate=rate, reason=reason)
    buyer = replace(BUYER, vat_number="NL123456782B90")

    made = complete(replace(FORM, lines=(line,), buyer=buyer))

    assert [(each.category, each.rate, each.tax) for each in made.invoice.vat] == [
        (category, Decimal(0), Decimal(0))
    ]


def test_line_outside_vat_has_no_rate() -> None:
    line = LineFields(text="x", price=Decimal(5), category="O")
    seller = replace(SELLER, vat_number="", enterprise_number="0417.710.407")

    made = complete(replace(FORM, lines=(line,), seller=seller))

    assert made.invoice.lines[0].vat_rate is None
    assert made.invoice.vat[0].exemption_code == "VATEX-EU-O"


def test_printed_total_must_be_the_sum() -> None:
    assert complete(replace(FORM, payable=Decimal("61.47"))).invoice.number == "2026/7"
    assert errors(replace(FORM, payable=Decimal("61.48"))) == [("payable", "FORM-TOTAL", "61.47")]


def test_empty_form_says_what_to_fill_in() -> None:
    assert errors(CompletionForm(pdf=PDF)) == [
        ("number", "FORM-MISSING", ""),
        ("issue_date", "FORM-MISSING", ""),
        ("seller.name", "FORM-MISSING", ""),
        ("seller.country", "FORM-COUNTRY", ""),
        ("seller.vat_number", "FORM-NUMBER", ""),
        ("buyer.name", "FORM-MISSING", ""),
        ("buyer.country", "FORM-COUNTRY", ""),
        ("buyer.vat_number", "FORM-NUMBER", ""),
        ("buyer_reference", "FORM-MISSING", ""),
        ("lines", "FORM-LINES", ""),
    ]


LINE = LINES[0]
TOTAL = TOTALS[0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (replace(LINE, text=" "), ("lines.0.text", "FORM-MISSING", "")),
        (replace(LINE, price=None), ("lines.0.price", "FORM-MISSING", "")),
        (replace(LINE, price=Decimal(-1)), ("lines.0.price", "FORM-PRICE", "-1")),
        (replace(LINE, price=Decimal("NaN")), ("lines.0.price", "FORM-AMOUNT", "NaN")),
        (replace(LINE, quantity=Decimal("1E+30")), ("lines.0.quantity", "FORM-AMOUNT", "1E+30")),
        (replace(LINE, category="Q"), ("lines.0.category", "FORM-CATEGORY", "Q")),
        (replace(LINE, rate=None), ("lines.0.rate", "FORM-RATE", "")),
        (replace(LINE, rate=Decimal(0)), ("lines.0.rate", "FORM-RATE", "")),
        (replace(LINE, rate=Decimal(101)), ("lines.0.rate", "FORM-RATE", "")),
        (replace(LINE, category="E"), ("lines.0.reason", "FORM-REASON", "")),
    ],
)
def test_line_says_what_is_wrong(line: LineFields, expected: tuple[str, str, str]) -> None:
    assert errors(replace(FORM, lines=(line,))) == [expected]


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (replace(TOTAL, net=None), ("totals.0.net", "FORM-MISSING", "")),
        (replace(TOTAL, tax=Decimal("1.005")), ("totals.0.tax", "FORM-CENTS", "1.005")),
        (replace(TOTAL, tax=Decimal("Infinity")), ("totals.0.tax", "FORM-AMOUNT", "Infinity")),
    ],
)
def test_total_says_what_is_wrong(total: VatFields, expected: tuple[str, str, str]) -> None:
    assert errors(replace(FORM, lines=(), totals=(total,))) == [expected]


def test_lines_and_totals_are_not_both_taken() -> None:
    assert errors(replace(FORM, totals=TOTALS)) == [("lines", "FORM-LINES", "")]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (replace(FORM, currency="EURO"), ("currency", "FORM-CURRENCY", "EURO")),
        (replace(FORM, iban="BE00 1"), ("iban", "FORM-IBAN", "BE00 1")),
        (
            replace(FORM, buyer=replace(BUYER, country="Belgium")),
            ("buyer.country", "FORM-COUNTRY", "Belgium"),
        ),
        (
            replace(FORM, buyer=PartyFields(name="x", country="US", enterprise_number="1")),
            ("buyer.address", "FORM-ADDRESS", ""),
        ),
        (
            replace(FORM, seller=PartyFields(name="x", country="BE", enterprise_number="1")),
            ("seller.address", "FORM-ADDRESS", ""),
        ),
    ],
)
def test_field_says_what_is_wrong(form: CompletionForm, expected: tuple[str, str, str]) -> None:
    assert errors(form) == [expected]


def test_rules_that_want_more_than_the_form_are_named() -> None:
    line = LineFields(text="x", price=Decimal(5), category="K")

    with pytest.raises(NotConvertibleError) as refusal:
        complete(replace(FORM, lines=(line,)))

    found = {each.id for each in refusal.value.findings}
    assert found == {"BR-IC-02", "BR-IC-11", "BR-IC-12"}
    assert {each.line for each in refusal.value.findings} == {None}

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from posthorn.documents import xml
from posthorn.documents.invoice import (
    Address,
    AllowanceCharge,
    Attachment,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Identifier,
    Invoice,
    Item,
    Line,
    Note,
    Party,
    PaymentMeans,
    Price,
    VatLine,
)
from posthorn.documents.ubl import read_header, read_invoice
from tests.pure.documents.ubl.snippets import document, invoice

SAMPLES = Path(__file__).parents[3] / "samples" / "ubl"


E_FFF = read_invoice(xml.parse((SAMPLES / "e-fff.xml").read_bytes()).root)


def test_belgian_e_fff_has_its_parties_and_payment_elsewhere() -> None:
    assert E_FFF.seller == Party(
        name="Bakkerij Peeters",
        vat_identifier="BE0403170701",
        address=Address(
            line1="Markt 4",
            line3="Left door, First floor",
            city="Lier",
            post_code="2500",
            country="BE",
        ),
    )
    assert E_FFF.buyer == Party(name="Café De Kroon")
    assert E_FFF.delivery == Delivery(date=date(2014, 5, 5), address=Address(city="Mechelen"))
    assert (E_FFF.due_date, E_FFF.payment) == (
        date(2014, 6, 5),
        (
            PaymentMeans(
                code="31",
                remittance="+++010/8068/17183+++",
                transfers=(CreditTransfer(account="BE68539007547034", bic="GKCCBEBB"),),
            ),
        ),
    )


def test_belgian_e_fff_says_some_things_twice_and_vat_elsewhere() -> None:
    vat = VatLine(
        taxable=Decimal("100.00"), tax=Decimal("6.00"), category="S", rate=Decimal("6.00")
    )

    assert E_FFF.payment_terms == "30 days\n2 % at once\nNo cheques"
    assert E_FFF.notes == (Note(text="First note"), Note(text="Second note"))
    assert (E_FFF.totals.vat, E_FFF.vat) == (Decimal("6.00"), (vat,))
    assert E_FFF.lines == (
        Line(
            number="1",
            note="Still warm\nCut",
            quantity=Decimal(50),
            unit="C62",
            amount=Decimal("100.00"),
            price=Price(net=Decimal("2.00")),
            vat_category="S",
            vat_rate=Decimal("6.00"),
            item=Item(description="Grey bread\n800 g"),
        ),
    )


@pytest.mark.parametrize(
    ("body", "root", "expected"),
    [
        ("", "Invoice", False),
        ("", "CreditNote", True),
        ("<b:InvoiceTypeCode>381</b:InvoiceTypeCode>", "Invoice", True),
        ("<b:InvoiceTypeCode>380</b:InvoiceTypeCode>", "Invoice", False),
        ("<b:CreditNoteTypeCode>380</b:CreditNoteTypeCode>", "CreditNote", True),
    ],
)
def test_credit_note_is_told_by_its_root_or_its_type(
    body: str,
    root: str,
    expected: bool,  # noqa: FBT001  # a table's column
) -> None:
    assert invoice(body, root).is_credit_note is expected


def test_header_leaves_out_lines_and_contents() -> None:
    root = xml.parse((SAMPLES / "full-invoice.xml").read_bytes()).root
    header, whole = read_header(root), read_invoice(root)

    assert (header.lines, [each.content for each in header.attachments]) == ((), [None])
    assert [each.is_embedded for each in header.attachments] == [True]
    assert (header.seller, header.totals, header.vat) == (whole.seller, whole.totals, whole.vat)


NAMED = "<a:PartyName><b:Name>{}</b:Name></a:PartyName>"
REGISTERED = "<a:PartyLegalEntity><b:RegistrationName>{}</b:RegistrationName></a:PartyLegalEntity>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (NAMED.format("K") + REGISTERED.format("Kaas bv"), Party(name="Kaas bv", trading_name="K")),
        (REGISTERED.format("Kaas bv"), Party(name="Kaas bv")),
        (NAMED.format("K"), Party(name="K")),
        (NAMED.format("K") + REGISTERED.format(" "), Party(name="K")),
    ],
)
def test_only_name_of_a_party_is_its_name(body: str, expected: Party) -> None:
    seller = f"<a:AccountingSupplierParty><a:Party>{body}</a:Party></a:AccountingSupplierParty>"
    buyer = f"<a:AccountingCustomerParty><a:Party>{body}</a:Party></a:AccountingCustomerParty>"
    read = invoice(seller + buyer)

    assert (read.seller, read.buyer) == (expected, expected)


def test_payee_may_have_its_name_as_a_seller_has() -> None:
    payee = f"<a:PayeeParty>{REGISTERED.format('Factor nv')}</a:PayeeParty>"

    assert invoice(payee).payee == Party(name="Factor nv")


def test_party_that_says_nothing_is_no_payee_or_representative() -> None:
    read = invoice("<a:PayeeParty/><a:TaxRepresentativeParty/>")

    assert (read.payee, read.tax_representative) == (None, None)


def sepa(role: str, *numbers: str) -> str:
    identified = "".join(
        f'<a:PartyIdentification><b:ID schemeID="sepa">{number}</b:ID></a:PartyIdentification>'
        for number in numbers
    )
    return f"<a:{role}>{identified}</a:{role}>"


DEBIT = "<a:PaymentMeans><b:PaymentMeansCode>59</b:PaymentMeansCode></a:PaymentMeans>"
TRANSFER = "<a:PaymentMeans><b:PaymentMeansCode>30</b:PaymentMeansCode></a:PaymentMeans>"


def test_creditor_of_a_direct_debit_is_the_payees_before_the_sellers() -> None:
    seller = f"<a:AccountingSupplierParty>{sepa('Party', 'S')}</a:AccountingSupplierParty>"
    both = invoice(seller + sepa("PayeeParty", "P", "Q") + DEBIT + TRANSFER)
    one = invoice(seller + DEBIT)

    assert both.payment == (
        PaymentMeans(code="59", direct_debit=DirectDebit(creditor="Q")),
        PaymentMeans(code="30"),
    )
    assert both.payee == Party(identifiers=(Identifier(value="P", scheme="sepa"),))
    assert both.seller == Party(identifiers=(Identifier(value="S", scheme="sepa"),))
    assert one.payment == (PaymentMeans(code="59", direct_debit=DirectDebit(creditor="S")),)
    assert one.seller == Party()


def test_creditor_without_a_direct_debit_stays_with_its_party() -> None:
    read = invoice(sepa("PayeeParty", "P") + TRANSFER)

    assert read.payment == (PaymentMeans(code="30"),)
    assert read.payee == Party(identifiers=(Identifier(value="P", scheme="sepa"),))


def test_every_way_to_pay_is_kept() -> None:
    account = "<a:PayeeFinancialAccount><b:ID>{}</b:ID></a:PayeeFinancialAccount>"
    bodies = (
        account.format("1"),
        account.format("2") + account.format("3"),
        "",
        "<a:CardAccount/>",
    )
    read = invoice("".join(f"<a:PaymentMeans>{body}</a:PaymentMeans>" for body in bodies))

    assert [[each.account for each in means.transfers] for means in read.payment] == [
        ["1"],
        ["2", "3"],
    ]


def tax(amount: str, currency: str, *, with_subtotal: bool = False) -> str:
    sent = f'<b:TaxAmount currencyID="{currency}">{amount}</b:TaxAmount>'
    subtotal = f"<a:TaxSubtotal>{sent}</a:TaxSubtotal>" if with_subtotal else ""
    return f"<a:TaxTotal>{sent}{subtotal}</a:TaxTotal>"


CODES = (
    "<b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode><b:TaxCurrencyCode>{}</b:TaxCurrencyCode>"
)


@pytest.mark.parametrize(
    ("body", "vat", "in_tax_currency", "subtotals"),
    [
        (
            CODES.format("SEK") + tax("20", "SEK") + tax("2", "EUR", with_subtotal=True),
            "2",
            "20",
            1,
        ),
        (CODES.format("SEK") + tax("2", "EUR") + tax("20", "SEK"), "2", "20", 0),
        (CODES.format("SEK") + tax("2", "EUR"), "2", None, 0),
        (CODES.format("SEK") + tax("2", "EUR") + tax("3", "USD") + tax("9", "SEK"), "2", "9", 0),
        (CODES.format("EUR") + tax("3", "EUR") + tax("2", "EUR", with_subtotal=True), "2", "3", 1),
        (CODES.format("") + tax("2", "EUR") + tax("20", "SEK"), "2", None, 0),
        (CODES.format("SEK") + tax("20", "SEK"), None, "20", 0),
        (CODES.format("SEK") + "<a:TaxTotal/>" + tax("x", "SEK"), None, None, 0),
        (tax("2", "EUR"), "2", None, 0),
        ("<b:TaxCurrencyCode>SEK</b:TaxCurrencyCode>" + tax("20", "SEK"), None, "20", 0),
        ("<b:TaxCurrencyCode>SEK</b:TaxCurrencyCode>" + tax("2", "EUR"), "2", None, 0),
    ],
)
def test_vat_total_is_the_one_in_the_documents_currency(
    body: str, vat: str | None, in_tax_currency: str | None, subtotals: int
) -> None:
    read = invoice(body)

    assert (read.totals.vat, read.totals.vat_in_tax_currency, len(read.vat)) == (
        vat and Decimal(vat),
        in_tax_currency and Decimal(in_tax_currency),
        subtotals,
    )


def test_category_of_another_tax_stands_back() -> None:
    other = (
        "<a:TaxCategory><b:ID>X</b:ID><a:TaxScheme><b:ID>GST</b:ID></a:TaxScheme></a:TaxCategory>"
    )
    vat = "<a:TaxCategory><b:ID>S</b:ID><a:TaxScheme><b:ID>vat</b:ID></a:TaxScheme></a:TaxCategory>"
    read = invoice(
        f"<a:AllowanceCharge><b:ChargeIndicator>1</b:ChargeIndicator>{other}{vat}</a:AllowanceCharge>"
        f"<a:AllowanceCharge>{other}</a:AllowanceCharge>"
    )

    assert read.charges == (AllowanceCharge(is_charge=True, vat_category="S"),)
    assert read.allowances == (AllowanceCharge(is_charge=False, vat_category="X"),)


def test_credit_notes_project_is_no_attachment() -> None:
    reference = (
        "<a:AdditionalDocumentReference><b:ID>{}</b:ID>"
        "<b:DocumentTypeCode>50</b:DocumentTypeCode>{}</a:AdditionalDocumentReference>"
    )
    body = reference.format("P", "") + reference.format("A", "<a:Attachment/>")
    note, plain = invoice(body, "CreditNote"), invoice(body)

    assert (note.references.project, note.attachments) == ("P", (Attachment(identifier="A"),))
    assert (plain.references.project, len(plain.attachments)) == (None, 2)


def test_document_without_anything_is_an_invoice_without_anything() -> None:
    assert read_invoice(xml.parse(document("")).root) == Invoice()

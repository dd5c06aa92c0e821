from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from posthorn.documents import Category, Facts, Format, Party, read
from tests.pure.documents.ubl.snippets import SPACE
from tests.pure.documents.ubl.snippets import facts as ubl


def seller(body: str) -> Party | None:
    return ubl(
        f"<a:AccountingSupplierParty><a:Party>{body}</a:Party></a:AccountingSupplierParty>"
    ).seller


def total(amount: str) -> str:
    return f"<a:LegalMonetaryTotal>{amount}</a:LegalMonetaryTotal>"


def inclusive(amount: str, currency: str = "EUR") -> str:
    return f'<b:TaxInclusiveAmount currencyID="{currency}">{amount}</b:TaxInclusiveAmount>'


WHOLE = """
<b:CustomizationID> urn:cen.eu:en16931:2017#compliant
  #urn:fdc:peppol.eu:2017:poacc:billing:3.0 </b:CustomizationID>
<b:ID>2026/0017</b:ID><b:IssueDate>2026-03-02</b:IssueDate><b:DueDate>2026-04-01</b:DueDate>
<b:InvoiceTypeCode>380</b:InvoiceTypeCode><b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>
<b:BuyerReference>Aankoop</b:BuyerReference>
<a:OrderReference><b:ID>PO-7</b:ID></a:OrderReference>
<a:BillingReference><a:InvoiceDocumentReference><b:IssueDate>2026-01-05</b:IssueDate></a:InvoiceDocumentReference></a:BillingReference>
<a:BillingReference><a:InvoiceDocumentReference><b:ID>2026/0002</b:ID></a:InvoiceDocumentReference></a:BillingReference>
<a:BillingReference><a:InvoiceDocumentReference><b:ID>2026/0003</b:ID></a:InvoiceDocumentReference></a:BillingReference>
<a:AdditionalDocumentReference><b:ID>T-1</b:ID><a:Attachment><b:EmbeddedDocumentBinaryObject
 mimeCode="text/csv" filename="times.csv">YQ==</b:EmbeddedDocumentBinaryObject></a:Attachment></a:AdditionalDocumentReference>
<a:AdditionalDocumentReference><b:ID>2026/0017</b:ID><a:Attachment><b:EmbeddedDocumentBinaryObject
 mimeCode="application/pdf" filename="2026-0017.pdf">JVBERi0=</b:EmbeddedDocumentBinaryObject></a:Attachment></a:AdditionalDocumentReference>
<a:AccountingSupplierParty><a:Party><b:EndpointID schemeID="0208">0417.710.407</b:EndpointID>
<a:PartyName><b:Name>Drukkerij</b:Name></a:PartyName>
<a:PostalAddress><a:Country><b:IdentificationCode>be</b:IdentificationCode></a:Country></a:PostalAddress>
<a:PartyTaxScheme><b:CompanyID>4711</b:CompanyID><a:TaxScheme><b:ID>TAX</b:ID></a:TaxScheme></a:PartyTaxScheme>
<a:PartyTaxScheme><b:CompanyID>be 0417.710.407</b:CompanyID><a:TaxScheme><b:ID>VAT</b:ID></a:TaxScheme></a:PartyTaxScheme>
<a:PartyLegalEntity><b:RegistrationName>Drukkerij
 De Vos bv</b:RegistrationName><b:CompanyID schemeID="0208">0417710407</b:CompanyID></a:PartyLegalEntity>
</a:Party></a:AccountingSupplierParty>
<a:AccountingCustomerParty><a:Party><b:EndpointID schemeID="0106">12345678</b:EndpointID>
<a:PartyLegalEntity><b:RegistrationName>Kaas BV</b:RegistrationName>
<b:CompanyID schemeID="0106">12345678</b:CompanyID></a:PartyLegalEntity></a:Party></a:AccountingCustomerParty>
<a:PaymentMeans><b:PaymentMeansCode>30</b:PaymentMeansCode></a:PaymentMeans>
<a:PaymentMeans><b:PaymentMeansCode>30</b:PaymentMeansCode><b:PaymentID>+++010/8068/17183+++</b:PaymentID>
<a:PayeeFinancialAccount><b:ID>be68 5390 0754 7034</b:ID></a:PayeeFinancialAccount></a:PaymentMeans>
<a:TaxTotal><b:TaxAmount currencyID="EUR">21.00</b:TaxAmount></a:TaxTotal>
<a:LegalMonetaryTotal><b:TaxExclusiveAmount currencyID="EUR">100.00</b:TaxExclusiveAmount>
<b:TaxInclusiveAmount currencyID="EUR">121.00</b:TaxInclusiveAmount>
<b:PrepaidAmount currencyID="EUR">21.00</b:PrepaidAmount>
<b:PayableAmount currencyID="EUR">100.00</b:PayableAmount></a:LegalMonetaryTotal>
"""  # noqa: E501


def test_invoice_is_read_whole() -> None:
    assert ubl(WHOLE) == Facts(
        format=Format.UBL_INVOICE,
        category=Category.INVOICE,
        profile="urn:cen.eu:en16931:2017#compliant #urn:fdc:peppol.eu:2017:poacc:billing:3.0",
        number="2026/0017",
        issue_date=date(2026, 3, 2),
        due_date=date(2026, 4, 1),
        type_code="380",
        currency="EUR",
        total=Decimal("121.00"),
        without_vat=Decimal("100.00"),
        vat=Decimal("21.00"),
        payable=Decimal("100.00"),
        payment_reference="010806817183",
        pay_to="BE68539007547034",
        order_reference="PO-7",
        buyer_reference="Aankoop",
        preceding_invoice="2026/0002",
        attached_pdf="2026-0017.pdf",
        seller=Party(
            name="Drukkerij De Vos bv",
            vat_number="BE0417710407",
            enterprise_number="0417710407",
            enterprise_scheme="0208",
            endpoint="0417710407",
            endpoint_scheme="0208",
            country="BE",
        ),
        buyer=Party(
            name="Kaas BV",
            enterprise_number="12345678",
            enterprise_scheme="0106",
            endpoint="12345678",
            endpoint_scheme="0106",
        ),
    )


def test_nothing_is_invented() -> None:
    assert ubl("") == Facts(format=Format.UBL_INVOICE, category=Category.INVOICE)
    assert ubl("", "CreditNote") == Facts(
        format=Format.UBL_CREDIT_NOTE, category=Category.CREDIT_NOTE
    )
    assert seller("") == Party()
    assert ubl("<a:AccountingSupplierParty/>").seller is None


def test_elements_of_other_namespaces_are_not_read() -> None:
    body = '<ID>1</ID><x:ID xmlns:x="u">2</x:ID>'
    facts = read(f'<Invoice xmlns="{SPACE}Invoice-2">{body}</Invoice>'.encode())

    assert (facts.format, facts.number) == (Format.UBL_INVOICE, None)


@pytest.mark.parametrize(
    ("body", "root", "category"),
    [
        ("<b:InvoiceTypeCode>380</b:InvoiceTypeCode>", "Invoice", Category.INVOICE),
        ("<b:InvoiceTypeCode>384</b:InvoiceTypeCode>", "Invoice", Category.INVOICE),
        ("<b:InvoiceTypeCode> 381 </b:InvoiceTypeCode>", "Invoice", Category.CREDIT_NOTE),
        (total(inclusive("-0.01")), "Invoice", Category.CREDIT_NOTE),
        (total(inclusive("-0.00")), "Invoice", Category.INVOICE),
        ("<b:CreditNoteTypeCode>380</b:CreditNoteTypeCode>", "CreditNote", Category.CREDIT_NOTE),
        (total(inclusive("-5")), "CreditNote", Category.CREDIT_NOTE),
    ],
)
def test_credit_note_is_told_by_root_code_or_sign(body: str, root: str, category: Category) -> None:
    assert ubl(body, root).category is category


def test_type_code_is_read_from_either_element() -> None:
    assert ubl("<b:InvoiceTypeCode>389</b:InvoiceTypeCode>").type_code == "389"
    assert ubl("<b:CreditNoteTypeCode>381</b:CreditNoteTypeCode>", "CreditNote").type_code == "381"


def test_due_date_may_stand_with_the_payment() -> None:
    due = "<b:PaymentDueDate>2026-05-06</b:PaymentDueDate>"
    means = f"<a:PaymentMeans/><a:PaymentMeans>{due}</a:PaymentMeans>"

    assert ubl(means, "CreditNote").due_date == date(2026, 5, 6)
    assert ubl(f"<b:DueDate>2026-04-01</b:DueDate>{means}").due_date == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0001-01-01", date(1, 1, 1)),
        ("2024-02-29", date(2024, 2, 29)),
        (" 2026-03-02\n", date(2026, 3, 2)),
        ("2026-03-02+01:00", date(2026, 3, 2)),
        ("2026-03-02Z", date(2026, 3, 2)),
        ("2026-02-30", None),
        ("2026-02-29", None),
        ("02-03-2026", None),
        ("20260302", None),
        ("2026-03-02T00:00:00", None),
        ("٢٠٢٦-03-02", None),
        ("", None),
    ],
)
def test_date_is_read_or_absent(text: str, expected: date | None) -> None:
    assert ubl(f"<b:IssueDate>{text}</b:IssueDate>").issue_date == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("121.00", "121.00"),
        ("+1.", "1"),
        (".5", "0.5"),
        ("-0.00", "-0.00"),
        ("0." + "1" * 40, "0." + "1" * 40),
        ("0." + "1" * 41, "None"),
        ("9" * 41, "None"),
        ("1e9", "None"),
        ("1,5", "None"),
        ("1 000", "None"),
        ("NaN", "None"),
        ("INF", "None"),
        ("١٢", "None"),
        ("", "None"),
    ],
)
def test_amount_is_read_or_absent(text: str, expected: str) -> None:
    assert str(ubl(total(inclusive(text))).total) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (total(inclusive("1", "EUR")), (Decimal(1), "EUR")),
        (total(inclusive("1", " EUR ")), (Decimal(1), "EUR")),
        (total(inclusive("1", "euro")), (Decimal(1), None)),
        (total(inclusive("9", "USD") + inclusive("1", "EUR")), (Decimal(9), "USD")),
        (total("<b:PayableAmount>7</b:PayableAmount>"), (None, None)),
    ],
)
def test_total_brings_its_currency_where_the_document_names_none(
    body: str, expected: tuple[Decimal | None, str | None]
) -> None:
    facts = ubl(body)

    assert (facts.total, facts.currency) == expected


@pytest.mark.parametrize(
    ("code", "amounts", "expected"),
    [
        ("EUR", inclusive("9", "USD") + inclusive("1", "EUR"), (Decimal(1), "EUR")),
        ("EUR", inclusive("9", "USD"), (None, "EUR")),
        ("EUR", "<b:TaxInclusiveAmount>3</b:TaxInclusiveAmount>", (Decimal(3), "EUR")),
        ("€", inclusive("9", "USD"), (Decimal(9), "USD")),
        ("XQZ", "", (None, "XQZ")),
    ],
)
def test_total_is_the_one_in_the_documents_currency(
    code: str, amounts: str, expected: tuple[Decimal | None, str | None]
) -> None:
    facts = ubl(f"<b:DocumentCurrencyCode>{code}</b:DocumentCurrencyCode>{total(amounts)}")

    assert (facts.total, facts.currency) == expected


def test_scheme_without_a_number_says_nothing() -> None:
    assert seller('<b:EndpointID schemeID="0208"> </b:EndpointID>') == Party()


@pytest.mark.parametrize("scheme", ["TAX", "", "GST"])
def test_other_tax_registrations_are_no_vat_number(scheme: str) -> None:
    party = seller(
        "<a:PartyTaxScheme><b:CompanyID>4711</b:CompanyID>"
        f"<a:TaxScheme><b:ID>{scheme}</b:ID></a:TaxScheme></a:PartyTaxScheme>"
    )

    assert party == Party()


def test_name_falls_back_to_the_trading_name() -> None:
    assert seller("<a:PartyName><b:Name>Kaas</b:Name></a:PartyName>") == Party(name="Kaas")


@pytest.mark.parametrize("number", ["\u202e4711", "1\u200b2", "😀", "9" * 500, "../x", "=cmd()"])
def test_odd_number_is_kept_as_sent(number: str) -> None:
    assert ubl(f"<b:ID>{number}</b:ID>").number == number

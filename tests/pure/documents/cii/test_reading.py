from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from posthorn.documents import xml
from posthorn.documents.cii import is_summary, read_invoice
from posthorn.documents.invoice import (
    AllowanceCharge,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Identifier,
    Invoice,
    Line,
    Note,
    PaymentMeans,
    Price,
)
from tests.pure.documents.cii.snippets import day, document, invoice, line

SPACE = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"


def tax(body: str) -> str:
    return f"<ram:ApplicableTradeTax>{body}</ram:ApplicableTradeTax>"


def totals(body: str) -> str:
    name = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
    return f"<{name}>{body}</{name}>"


def means(body: str) -> str:
    name = "ram:SpecifiedTradeSettlementPaymentMeans"
    return f"<{name}>{body}</{name}>"


def test_empty_file_says_nothing() -> None:
    root = xml.parse(f'<rsm:CrossIndustryInvoice xmlns:rsm="{SPACE}"/>'.encode()).root

    assert read_invoice(root) == Invoice()


def test_empty_groups_are_none() -> None:
    read = invoice(
        agreement="<ram:SellerTradeParty><ram:PostalTradeAddress/><ram:DefinedTradeContact/>"
        "</ram:SellerTradeParty><ram:AdditionalReferencedDocument><ram:TypeCode>916</ram:TypeCode>"
        "</ram:AdditionalReferencedDocument>",
        delivery="<ram:ShipToTradeParty/>",
        settlement="<ram:InvoiceReferencedDocument/><ram:BillingSpecifiedPeriod/>"
        + means("<ram:PayeePartyCreditorFinancialAccount/>"),
        lines=line(
            "<ram:SpecifiedTradeProduct><ram:ApplicableProductCharacteristic/>"
            "</ram:SpecifiedTradeProduct>"
        ),
    )

    assert read.seller is not None
    assert (read.seller.address, read.seller.contact) == (None, None)
    assert (read.delivery, read.period, read.preceding) == (None, None, ())
    assert (read.payment, read.attachments, read.lines) == ((), (), (Line(),))


@pytest.mark.parametrize("code", ["381", "261", "396", "83", "262"])
def test_type_code_tells_a_credit_note(code: str) -> None:
    read = invoice(head=f"<ram:TypeCode>{code}</ram:TypeCode>")

    assert (read.is_credit_note, read.type_code) == (True, code)


@pytest.mark.parametrize("code", ["380", "384", "389", "326"])
def test_type_code_tells_an_invoice(code: str) -> None:
    assert not invoice(head=f"<ram:TypeCode>{code}</ram:TypeCode>").is_credit_note


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("20260302", date(2026, 3, 2)),
        ("2026-03-02", date(2026, 3, 2)),
        ("2026-03-02T10:00:00+01:00", date(2026, 3, 2)),
        ("20260230", None),
        ("202603", None),
        ("", None),
    ],
)
def test_date_is_read_in_the_forms_that_are_met(sent: str, read: date | None) -> None:
    assert invoice(head=day("ram:IssueDateTime", sent)).issue_date == read


def test_date_without_its_inner_element_is_read() -> None:
    assert invoice(head="<ram:IssueDateTime>20260302</ram:IssueDateTime>").issue_date == date(
        2026, 3, 2
    )


def test_amounts_keep_sign_and_digits() -> None:
    read = invoice(settlement=totals("<ram:GrandTotalAmount>-7.900</ram:GrandTotalAmount>"))

    assert str(read.totals.with_vat) == "-7.900"


@pytest.mark.parametrize("sent", ["1,5", "1e9", "NaN", "12 EUR"])
def test_what_is_no_amount_is_none(sent: str) -> None:
    read = invoice(settlement=totals(f"<ram:DuePayableAmount>{sent}</ram:DuePayableAmount>"))

    assert read.totals.payable is None


def test_vat_total_is_told_from_that_in_the_tax_currency() -> None:
    read = invoice(
        settlement="<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode>"
        "<ram:InvoiceCurrencyCode>USD</ram:InvoiceCurrencyCode>"
        + totals(
            '<ram:TaxTotalAmount currencyID="EUR">90</ram:TaxTotalAmount>'
            '<ram:TaxTotalAmount currencyID="USD">100</ram:TaxTotalAmount>'
        )
    )

    assert (read.totals.vat, read.totals.vat_in_tax_currency) == (Decimal(100), Decimal(90))


def test_vat_total_without_currency_is_in_the_invoices() -> None:
    read = invoice(
        settlement="<ram:InvoiceCurrencyCode>USD</ram:InvoiceCurrencyCode>"
        + totals("<ram:TaxTotalAmount>100</ram:TaxTotalAmount>")
    )

    assert (read.totals.vat, read.totals.vat_in_tax_currency) == (Decimal(100), None)


def test_vat_total_in_another_currency_is_not_taken() -> None:
    read = invoice(
        settlement="<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode>"
        "<ram:InvoiceCurrencyCode>USD</ram:InvoiceCurrencyCode>"
        + totals('<ram:TaxTotalAmount currencyID="GBP">100</ram:TaxTotalAmount>')
    )

    assert (read.totals.vat, read.totals.vat_in_tax_currency) == (None, None)


def test_another_tax_is_not_taken_for_vat() -> None:
    insurance = (
        "<ram:TypeCode>ZF_INSURANCE_TAX</ram:TypeCode><ram:BasisAmount>184.87</ram:BasisAmount>"
    )

    read = invoice(settlement=tax(insurance) + tax("<ram:BasisAmount>5</ram:BasisAmount>"))

    assert [each.taxable for each in read.vat] == [Decimal(5)]


@pytest.mark.parametrize(("sent", "read"), [("5", "3"), ("29", "35"), ("72", "432"), ("9", "9")])
def test_tax_point_code_is_read_in_the_models_list(sent: str, read: str) -> None:
    other = tax("<ram:BasisAmount>5</ram:BasisAmount>")
    code = tax(f"<ram:DueDateTypeCode>{sent}</ram:DueDateTypeCode>")

    assert invoice(settlement=other + code).tax_point_code == read


def test_charge_is_told_from_an_allowance() -> None:
    def one(indicator: str, amount: str) -> str:
        return (
            "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>"
            f"{indicator}</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>{amount}"
            "</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>"
        )

    read = invoice(settlement=one("true", "1") + one("false", "2") + one("1", "3"))

    assert [each.amount for each in read.charges] == [1, 3]
    assert [each.amount for each in read.allowances] == [2]


def test_tax_of_an_allowance_that_is_no_vat_is_not_read() -> None:
    read = invoice(
        settlement="<ram:SpecifiedTradeAllowanceCharge><ram:CategoryTradeTax><ram:TypeCode>GST"
        "</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode></ram:CategoryTradeTax>"
        "</ram:SpecifiedTradeAllowanceCharge>"
    )

    assert read.allowances == (AllowanceCharge(is_charge=False),)


def test_remittance_stands_in_each_way_to_pay() -> None:
    read = invoice(
        settlement="<ram:PaymentReference>R-1</ram:PaymentReference>"
        + means("<ram:TypeCode>30</ram:TypeCode>")
        + means("<ram:TypeCode>58</ram:TypeCode>")
    )

    assert [(each.code, each.remittance) for each in read.payment] == [("30", "R-1"), ("58", "R-1")]


def test_remittance_without_a_way_to_pay_is_kept() -> None:
    read = invoice(settlement="<ram:PaymentReference>R-1</ram:PaymentReference>")

    assert read.payment == (PaymentMeans(remittance="R-1"),)


def test_account_without_iban_is_read() -> None:
    account = (
        "<ram:PayeePartyCreditorFinancialAccount><ram:ProprietaryID>12-34</ram:ProprietaryID>"
        "</ram:PayeePartyCreditorFinancialAccount>"
    )

    assert invoice(settlement=means(account)).payment == (
        PaymentMeans(transfers=(CreditTransfer(account="12-34"),)),
    )


MANDATE = (
    "<ram:SpecifiedTradePaymentTerms><ram:DirectDebitMandateID>M-1</ram:DirectDebitMandateID>"
    "</ram:SpecifiedTradePaymentTerms>"
)


def test_mandate_and_creditor_go_to_the_direct_debit() -> None:
    read = invoice(
        settlement="<ram:CreditorReferenceID>C-1</ram:CreditorReferenceID>"
        + means("<ram:TypeCode>30</ram:TypeCode>")
        + means("<ram:TypeCode>59</ram:TypeCode>")
        + MANDATE
    )

    assert [each.direct_debit for each in read.payment] == [
        None,
        DirectDebit(mandate="M-1", creditor="C-1"),
    ]


@pytest.mark.parametrize("before", ["", means("<ram:TypeCode>30</ram:TypeCode>")])
def test_mandate_without_a_direct_debit_makes_one(before: str) -> None:
    read = invoice(settlement=before + MANDATE)

    assert [each.direct_debit for each in read.payment] == [DirectDebit(mandate="M-1")]


def test_creditor_without_a_direct_debit_is_a_number_of_the_seller() -> None:
    read = invoice(
        agreement="<ram:SellerTradeParty><ram:ID>S-1</ram:ID></ram:SellerTradeParty>",
        settlement="<ram:CreditorReferenceID>C-1</ram:CreditorReferenceID>",
    )

    assert read.seller is not None
    assert read.seller.identifiers == (
        Identifier(value="S-1"),
        Identifier(value="C-1", scheme="SEPA"),
    )


def test_creditor_without_a_seller_is_not_invented_one() -> None:
    assert invoice(settlement="<ram:CreditorReferenceID>C</ram:CreditorReferenceID>").seller is None


def test_payee_keeps_both_kinds_of_number() -> None:
    read = invoice(
        settlement='<ram:PayeeTradeParty><ram:ID>P-1</ram:ID><ram:GlobalID schemeID="0088">'
        "5412345000013</ram:GlobalID></ram:PayeeTradeParty>"
    )

    assert read.payee is not None
    assert read.payee.identifiers == (
        Identifier(value="P-1"),
        Identifier(value="5412345000013", scheme="0088"),
    )


def test_place_of_delivery_has_the_number_of_a_known_scheme() -> None:
    read = invoice(
        delivery='<ram:ShipToTradeParty><ram:ID>W-1</ram:ID><ram:GlobalID schemeID="0088">'
        "5412345000013</ram:GlobalID></ram:ShipToTradeParty>"
    )

    assert read.delivery == Delivery(location=Identifier(value="5412345000013", scheme="0088"))


def test_place_of_delivery_has_the_only_number_there_is() -> None:
    read = invoice(delivery="<ram:ShipToTradeParty><ram:ID>W-1</ram:ID></ram:ShipToTradeParty>")

    assert read.delivery == Delivery(location=Identifier(value="W-1"))


def test_department_is_the_contact_where_no_person_is() -> None:
    read = invoice(
        agreement="<ram:BuyerTradeParty><ram:DefinedTradeContact><ram:DepartmentName>Purchasing"
        "</ram:DepartmentName></ram:DefinedTradeContact></ram:BuyerTradeParty>"
    )

    assert read.buyer is not None
    assert read.buyer.contact is not None
    assert read.buyer.contact.name == "Purchasing"


def test_registration_of_another_kind_is_no_vat_number() -> None:
    read = invoice(
        agreement='<ram:SellerTradeParty><ram:SpecifiedTaxRegistration><ram:ID schemeID="XX">1'
        "</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>"
    )

    assert read.seller is not None
    assert (read.seller.vat_identifier, read.seller.tax_registration) == (None, None)


def test_papers_are_told_apart_by_their_type() -> None:
    def paper(code: str) -> str:
        return (
            f"<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>N-{code}"
            f"</ram:IssuerAssignedID><ram:TypeCode>{code}</ram:TypeCode>"
            "</ram:AdditionalReferencedDocument>"
        )

    read = invoice(agreement=paper("916") + paper("50") + paper("130") + paper("AGG"))

    assert [each.identifier for each in read.attachments] == ["N-916"]
    assert read.references.tender == "N-50"
    assert read.references.invoiced_object == Identifier(value="N-130")


def test_broken_base64_is_an_attachment_without_content() -> None:
    read = invoice(
        agreement="<ram:AdditionalReferencedDocument><ram:TypeCode>916</ram:TypeCode>"
        '<ram:AttachmentBinaryObject mimeCode="application/pdf" filename="a.pdf">J*'
        "</ram:AttachmentBinaryObject>"
        "</ram:AdditionalReferencedDocument>"
    )

    assert [(each.is_embedded, each.content) for each in read.attachments] == [(True, None)]


def test_notes_keep_their_line_ends() -> None:
    note = "<ram:IncludedNote><ram:Content> one\ntwo </ram:Content></ram:IncludedNote>"

    assert invoice(head=note + "<ram:IncludedNote/>").notes == (Note(text="one\ntwo"),)


def price(body: str) -> Price | None:
    read = invoice(
        lines=line(f"<ram:SpecifiedLineTradeAgreement>{body}</ram:SpecifiedLineTradeAgreement>")
    )
    return read.lines[0].price


def gross(body: str) -> str:
    name = "ram:GrossPriceProductTradePrice"
    return f"<{name}><ram:ChargeAmount>10</ram:ChargeAmount>{body}</{name}>"


def off(indicator: str, amount: str) -> str:
    return (
        "<ram:AppliedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>"
        f"{indicator}</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>{amount}"
        "</ram:ActualAmount></ram:AppliedTradeAllowanceCharge>"
    )


def test_base_quantity_of_the_gross_price_serves_where_the_net_price_has_none() -> None:
    base = '<ram:BasisQuantity unitCode="KGM">100</ram:BasisQuantity>'

    assert price(gross(base)) == Price(
        gross=Decimal(10), base_quantity=Decimal(100), base_unit="KGM"
    )


def test_one_discount_is_read() -> None:
    assert price(gross(off("false", "2"))) == Price(gross=Decimal(10), discount=Decimal(2))


@pytest.mark.parametrize("several", [off("false", "2") + off("false", "1"), off("true", "2"), ""])
def test_several_discounts_and_charges_make_no_discount(several: str) -> None:
    assert price(gross(several)) == Price(gross=Decimal(10))


def test_line_without_prices_has_none() -> None:
    assert price("") is None


@pytest.mark.parametrize(
    ("guideline", "summary"),
    [
        ("urn:factur-x.eu:1p0:minimum", True),
        ("urn:factur-x.eu:1p0:basicwl", True),
        ("urn:zugferd.de:2p0:minimum", True),
        ("urn:ferd:CrossIndustryDocument:invoice:1p0:basic", True),
        ("urn:ferd:CrossIndustryDocument:invoice:1p0:comfort", False),
        ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", False),
        ("urn:cen.eu:en16931:2017", False),
        (None, False),
    ],
)
def test_profile_tells_a_summary(guideline: str | None, summary: bool) -> None:  # noqa: FBT001
    assert is_summary(guideline) is summary


def test_document_is_read_whatever_its_prefixes() -> None:
    data = document(head="<ram:ID>7</ram:ID>").replace(b"ram:", b"x:").replace(b":ram", b":x")

    assert read_invoice(xml.parse(data).root).number == "7"

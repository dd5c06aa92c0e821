from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from posthorn.documents import xml
from posthorn.documents.cii import read_invoice
from posthorn.documents.invoice import (
    AllowanceCharge,
    Invoice,
    Line,
)
from tests.pure.documents.cii.snippets import day, invoice, line, means

SPACE = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"


def tax(body: str) -> str:
    return f"<ram:ApplicableTradeTax>{body}</ram:ApplicableTradeTax>"


def totals(body: str) -> str:
    name = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
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

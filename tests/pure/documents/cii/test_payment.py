from __future__ import annotations

import pytest

from posthorn.documents.invoice import (
    CreditTransfer,
    DirectDebit,
    Identifier,
    PaymentMeans,
)
from tests.pure.documents.cii.snippets import invoice, means


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

"""Reads how an invoice is to be paid (BG-16 to BG-19)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from posthorn.documents.cii.values import known, prose
from posthorn.documents.invoice import Card, CreditTransfer, DirectDebit, PaymentMeans
from posthorn.documents.xml import Element

_DEBITS: Final = ("49", "59")  # UNTDID 4461: direct debit, SEPA direct debit
_ACCOUNT = "ram:PayeePartyCreditorFinancialAccount"
_CARD = "ram:ApplicableTradeSettlementFinancialCard"


def read_payment(settlement: Element) -> tuple[PaymentMeans, ...]:
    """Return the ways to pay; the remittance text, which CII has once, stands in each."""
    remittance = settlement.text("ram:PaymentReference")
    found = settlement.each("ram:SpecifiedTradeSettlementPaymentMeans")
    means = tuple(filter(None, (known(_means(each, remittance)) for each in found)))
    if not means and remittance:
        means = (PaymentMeans(remittance=remittance),)
    return _with_debit(settlement, means)


def creditor_of(settlement: Element) -> str | None:
    """Return the number by which a creditor collects direct debits (BT-90)."""
    return settlement.text("ram:CreditorReferenceID")


def _means(found: Element, remittance: str | None) -> PaymentMeans:
    return PaymentMeans(
        code=found.text("ram:TypeCode"),
        text=prose(found, "ram:Information"),
        remittance=remittance,
        transfers=_transfers(found),
        card=_card(found),
        direct_debit=_debited(found),
    )


def _transfers(means: Element) -> tuple[CreditTransfer, ...]:
    found = (
        known(
            CreditTransfer(
                account=account.text("ram:IBANID") or account.text("ram:ProprietaryID"),
                account_name=account.text("ram:AccountName"),
                bic=means.text("ram:PayeeSpecifiedCreditorFinancialInstitution", "ram:BICID"),
            )
        )
        for account in means.each(_ACCOUNT)
    )
    return tuple(filter(None, found))


def _card(means: Element) -> Card | None:
    card = means.first(_CARD)
    if card is None:
        return None
    return known(Card(number=card.text("ram:ID"), holder=card.text("ram:CardholderName")))


def _debited(means: Element) -> DirectDebit | None:
    account = means.text("ram:PayerPartyDebtorFinancialAccount", "ram:IBANID")
    is_debit = means.text("ram:TypeCode") in _DEBITS
    return DirectDebit(debited_account=account) if account or is_debit else None


def _with_debit(settlement: Element, means: tuple[PaymentMeans, ...]) -> tuple[PaymentMeans, ...]:
    """Put the mandate and the creditor, which CII keeps elsewhere, with the direct debits."""
    mandate = settlement.text("ram:SpecifiedTradePaymentTerms", "ram:DirectDebitMandateID")
    if mandate and not any(each.direct_debit for each in means):
        first = means[0] if means else PaymentMeans()
        means = (replace(first, direct_debit=DirectDebit()), *means[1:])
    creditor = creditor_of(settlement)
    return tuple(
        replace(each, direct_debit=replace(debit, mandate=mandate, creditor=creditor))
        if (debit := each.direct_debit)
        else each
        for each in means
    )

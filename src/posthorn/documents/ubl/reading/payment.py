"""Reads how a UBL document is to be paid: BG-16 to BG-19."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from posthorn.documents.invoice import (
    Card,
    CreditTransfer,
    DirectDebit,
    Identifier,
    Party,
    PaymentMeans,
)
from posthorn.documents.ubl.reading.elements import attribute, known, text
from posthorn.documents.xml import Element

_CODE: Final = "cbc:PaymentMeansCode"
_DIRECT_DEBITS: Final = frozenset({"49", "59"})  # UNTDID 4461: direct debit, SEPA direct debit
_SEPA: Final = "SEPA"


def payment_means(root: Element) -> tuple[PaymentMeans, ...]:
    """Return the ways to pay (BG-16); UBL repeats the whole group for each account."""
    read = (known(_means(means)) for means in root.each("cac:PaymentMeans"))
    return tuple(means for means in read if means is not None)


def with_creditor(
    means: tuple[PaymentMeans, ...], seller: Party | None, payee: Party | None
) -> tuple[tuple[PaymentMeans, ...], Party | None, Party | None]:
    """Move the SEPA creditor identifier (BT-90) from a party to the direct debits.

    UBL keeps it among the identifiers of the payee or the seller. It stays there when the document
    has no direct debit.
    """
    if all(each.direct_debit is None for each in means):
        return means, seller, payee
    creditor, payee = _taken(payee)
    if creditor is None:
        creditor, seller = _taken(seller)
    if creditor is None:
        return means, seller, payee
    return tuple(_credited(each, creditor.value) for each in means), seller, payee


def _taken(party: Party | None) -> tuple[Identifier | None, Party | None]:
    found = [each for each in (party.identifiers if party else ()) if _is_creditor(each)]
    # There should be one; with more it is the last, where our own writer puts it.
    creditor = found[-1] if found else None
    if party is None or creditor is None:
        return None, party
    others = tuple(each for each in party.identifiers if each is not creditor)
    return creditor, replace(party, identifiers=others)


def _is_creditor(identifier: Identifier) -> bool:
    return (identifier.scheme or "").upper() == _SEPA


def _credited(means: PaymentMeans, creditor: str) -> PaymentMeans:
    if means.direct_debit is None:
        return means
    return replace(means, direct_debit=replace(means.direct_debit, creditor=creditor))


def _means(means: Element) -> PaymentMeans:
    code = next((each for each in means.each(_CODE) if each.text()), None)
    transfers = (_transfer(each) for each in means.each("cac:PayeeFinancialAccount"))
    return PaymentMeans(
        code=code.text() if code is not None else None,
        text=attribute(code, "name") if code is not None else None,
        remittance=text(means, "cbc:PaymentID"),
        transfers=tuple(transfer for transfer in transfers if transfer is not None),
        card=_card(means),
        direct_debit=_direct_debit(means),
    )


def _transfer(account: Element) -> CreditTransfer | None:
    return known(
        CreditTransfer(
            account=text(account, "cbc:ID"),
            account_name=text(account, "cbc:Name"),
            bic=_bic(account),
        )
    )


def _bic(account: Element) -> str | None:
    branch = "cac:FinancialInstitutionBranch"
    # UBL 2.0 and e-FFF name the institution inside its branch.
    return text(account, branch, "cbc:ID") or text(
        account, branch, "cac:FinancialInstitution", "cbc:ID"
    )


def _card(means: Element) -> Card | None:
    card = means.first("cac:CardAccount")
    if card is None:
        return None
    return known(
        Card(
            number=text(card, "cbc:PrimaryAccountNumberID"),
            network=text(card, "cbc:NetworkID"),
            holder=text(card, "cbc:HolderName"),
        )
    )


def _direct_debit(means: Element) -> DirectDebit | None:
    debit = DirectDebit(
        mandate=text(means, "cac:PaymentMandate", "cbc:ID"),
        debited_account=text(means, "cac:PaymentMandate", "cac:PayerFinancialAccount", "cbc:ID"),
    )
    return debit if text(means, _CODE) in _DIRECT_DEBITS else known(debit)

"""Writes how to pay: BG-16 to BG-19."""

from __future__ import annotations

from typing import Final

from posthorn.documents.invoice import Card, CreditTransfer, DirectDebit, Invoice, PaymentMeans
from posthorn.documents.ubl.writing.branch import Branch

_CODE: Final = "cbc:PaymentMeansCode"


def creditors(invoice: Invoice) -> list[str]:
    """Return the SEPA creditor identifiers (BT-90), each once; UBL keeps them with a party."""
    debits = (means.direct_debit for means in invoice.payment)
    found = (debit.creditor for debit in debits if debit is not None)
    return list(dict.fromkeys(creditor for creditor in found if creditor is not None))


def payment(root: Branch, invoice: Invoice) -> None:
    """Write the ways to pay (BG-16); UBL repeats the group for each account."""
    # UBL 2.1 has no DueDate in a credit note: BT-9 stands with the first way to pay.
    due = invoice.due_date if invoice.is_credit_note else None
    named: set[str | None] = set()
    for means in invoice.payment or (PaymentMeans(),):
        for transfer in means.transfers or (None,):
            at = root.group("cac:PaymentMeans")
            # BT-82 may stand once, however often the group is repeated (UBL-SR-46).
            at.text(_CODE, means.code, name=None if means.text in named else means.text)
            at.day("cbc:PaymentDueDate", due)
            at.text("cbc:PaymentID", means.remittance)
            _card(at.group("cac:CardAccount"), means.card)
            _transfer(at.group("cac:PayeeFinancialAccount"), transfer)
            _direct_debit(at.group("cac:PaymentMandate"), means.direct_debit)
            named.add(means.text)
            due = None
    root.group("cac:PaymentTerms").text("cbc:Note", invoice.payment_terms)


def _card(at: Branch, card: Card | None) -> None:
    if card is not None:
        at.text("cbc:PrimaryAccountNumberID", card.number)
        at.text("cbc:NetworkID", card.network)
        at.text("cbc:HolderName", card.holder)


def _transfer(at: Branch, transfer: CreditTransfer | None) -> None:
    if transfer is not None:
        at.text("cbc:ID", transfer.account)
        at.text("cbc:Name", transfer.account_name)
        at.group("cac:FinancialInstitutionBranch").text("cbc:ID", transfer.bic)


def _direct_debit(at: Branch, debit: DirectDebit | None) -> None:
    if debit is not None:
        at.text("cbc:ID", debit.mandate)
        at.group("cac:PayerFinancialAccount").text("cbc:ID", debit.debited_account)

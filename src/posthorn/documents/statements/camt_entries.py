"""Reads the entries of a CAMT statement with the transactions that each of them holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from posthorn.documents.statements.camt_amounts import (
    account_number,
    bic_of,
    currency,
    day,
    money,
    sign,
    total,
)
from posthorn.documents.statements.communication import free, structured
from posthorn.documents.statements.model import (
    Communication,
    Counterparty,
    Movement,
    Reference,
    ReferenceKind,
)
from posthorn.documents.xml import Element

_BOOKED: Final = "BOOK"
_REFERENCES: Final = {
    "camt:AcctSvcrRef": ReferenceKind.BANK,
    "camt:EndToEndId": ReferenceKind.END_TO_END,
    "camt:MndtId": ReferenceKind.MANDATE,
    "camt:TxId": ReferenceKind.TRANSACTION,
}
_NOT_PROVIDED: Final = "NOTPROVIDED"  # EPC guidelines: what stands where there is no reference


def read_entry(entry: Element, own: str | None) -> Movement:
    """Return the movement of an entry, with details where it holds several transactions.

    Raises CamtValueError.
    """
    amount, of_amount = money(entry)
    movement = Movement(
        amount=amount,
        currency=of_amount,
        entry_date=_day(entry, "camt:BookgDt"),
        value_date=_day(entry, "camt:ValDt"),
        information=tuple(filter(None, [entry.text("camt:AddtlNtryInf")])),
        references=tuple(_references(entry)),
        code=_code(entry),
        charges=_charges(entry),
        is_booked=_status(entry) == _BOOKED,
    )
    transactions = list(entry.each("camt:NtryDtls", "camt:TxDtls"))
    if len(transactions) == 1:
        return _merged(movement, _transaction(transactions[0], movement, entry, own))
    details = tuple(_transaction(each, movement, entry, own) for each in transactions)
    return replace(movement, details=details)


def _merged(movement: Movement, only: Movement) -> Movement:
    """Return an entry with what its only transaction says; the amount is the entry's."""
    return replace(
        movement,
        counterparty=only.counterparty,
        communications=only.communications,
        information=(*movement.information, *only.information),
        references=tuple(dict.fromkeys((*movement.references, *only.references))),
        code=movement.code or only.code,
        charges=movement.charges if movement.charges is not None else only.charges,
    )


def _transaction(element: Element, whole: Movement, entry: Element, own: str | None) -> Movement:
    amount, of_amount = _amount(element, whole)
    return Movement(
        amount=amount,
        currency=of_amount,
        entry_date=whole.entry_date,
        value_date=whole.value_date,
        counterparty=_counterparty(element, entry, own),
        communications=tuple(_communications(element)),
        information=tuple(filter(None, [element.text("camt:AddtlTxInf")])),
        references=tuple(_references(element)),
        code=_code(element) or whole.code,
        charges=_charges(element),
        is_booked=whole.is_booked,
    )


def _amount(element: Element, whole: Movement) -> tuple[Decimal, str | None]:
    """Return the amount of a transaction, signed; versions 2 and 3 keep it among its details."""
    direction = -1 if whole.amount < 0 else 1
    if element.first("camt:CdtDbtInd") is not None:
        direction = sign(element)
    for path in (("camt:Amt",), ("camt:AmtDtls", "camt:TxAmt", "camt:Amt")):
        amount = total(element.text(*path))
        if amount is not None:
            return amount * direction, currency(element, *path)
    return whole.amount, whole.currency


def _counterparty(element: Element, entry: Element, own: str | None) -> Counterparty:
    """Return who is at the other side: the debtor of what comes in, the creditor of what goes out.

    A reversal keeps the sides of what it reverses.
    """
    comes_in = sign(entry) > 0
    if entry.text("camt:RvslInd") in {"true", "1"}:
        comes_in = not comes_in
    expected, other = ("Dbtr", "Cdtr") if comes_in else ("Cdtr", "Dbtr")
    party = _party(element, expected)
    if party != Counterparty():
        return party
    # Some banks name the other side in the wrong place; an account that is not the holder's own
    # is the other side's.
    party = _party(element, other)
    return party if party.account and party.account != own else Counterparty()


def _party(element: Element, side: str) -> Counterparty:
    parties = element.first("camt:RltdPties")
    agent = element.first("camt:RltdAgts", f"camt:{side}Agt", "camt:FinInstnId")
    name, account = None, None
    if parties is not None:
        # From version 8 a party stands in `Pty`, or is itself a bank.
        name = (
            parties.text(f"camt:{side}", "camt:Nm")
            or parties.text(f"camt:{side}", "camt:Pty", "camt:Nm")
            or parties.text(f"camt:{side}", "camt:Agt", "camt:FinInstnId", "camt:Nm")
        )
        account = account_number(parties.first(f"camt:{side}Acct"))
    return Counterparty(
        name=name,
        account=account,
        bic=bic_of(agent),
    )


def _communications(element: Element) -> Iterator[Communication]:
    for remittance in element.each("camt:RmtInf"):
        for each in remittance.each("camt:Strd", "camt:CdtrRefInf"):
            code = each.text("camt:Tp", "camt:CdOrPrtry", "camt:Cd")
            if found := structured(each.text("camt:Ref") or "", code):
                yield found
        told = [" ".join((each.value or "").split()) for each in remittance.each("camt:Ustrd")]
        told += filter(
            None, [each.text("camt:AddtlRmtInf") for each in remittance.each("camt:Strd")]
        )
        if found := free(" ".join(told)):
            yield found


def _references(element: Element) -> Iterator[Reference]:
    for name, kind in _REFERENCES.items():
        text = element.text("camt:Refs", name) or element.text(name)
        if text and text != _NOT_PROVIDED:
            yield Reference(kind=kind, text=text)


def _code(element: Element) -> str | None:
    """Return the bank's code of a transaction: PMNT-RCDT-ESCT, or its own."""
    domain = element.first("camt:BkTxCd", "camt:Domn")
    if domain is None:
        return element.text("camt:BkTxCd", "camt:Prtry", "camt:Cd")
    parts = (
        domain.text("camt:Cd"),
        domain.text("camt:Fmly", "camt:Cd"),
        domain.text("camt:Fmly", "camt:SubFmlyCd"),
    )
    return "-".join(filter(None, parts)) or None


def _charges(element: Element) -> Decimal | None:
    """Return the charges; version 2 has them in a row, later ones as records with a total."""
    charges = list(element.each("camt:Chrgs"))
    if not charges:
        return None
    stated = total(charges[0].text("camt:TtlChrgsAndTaxAmt"))
    if stated is not None:
        return stated
    records = [record for each in charges for record in each.each("camt:Rcrd")] or charges
    taken = Decimal()
    for record in records:
        amount = total(record.text("camt:Amt")) or Decimal()
        taken += -amount if record.text("camt:CdtDbtInd") == "CRDT" else amount
    return taken


def _status(entry: Element) -> str | None:
    """Return the status of an entry: text up to version 7, a code from version 8."""
    return entry.text("camt:Sts") or entry.text("camt:Sts", "camt:Cd")


def _day(entry: Element, name: str) -> date | None:
    return day(entry.text(name, "camt:Dt") or entry.text(name, "camt:DtTm"))

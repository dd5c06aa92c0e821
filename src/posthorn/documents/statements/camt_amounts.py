"""Reads the amounts, days and account numbers of a CAMT file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from posthorn.documents import numbers, values
from posthorn.documents.errors import CamtValueError
from posthorn.documents.xml import Element

_SIGNS = {"CRDT": 1, "DBIT": -1}
_DAY = 10


def money(element: Element) -> tuple[Decimal, str | None]:
    """Return the amount of an element, negative for a debit, and its currency.

    Raises CamtValueError.
    """
    amount = total(element.text("camt:Amt"))
    if amount is None:
        raise CamtValueError("an amount is missing")
    return amount * sign(element), currency(element, "camt:Amt")


def sign(element: Element) -> int:
    """Return 1 for a credit and -1 for a debit. Raises CamtValueError."""
    indicator = element.text("camt:CdtDbtInd")
    if indicator not in _SIGNS:
        raise CamtValueError(f"credit or debit: {indicator!r}")
    return _SIGNS[indicator]


def currency(element: Element, *path: str) -> str | None:
    """Return the currency of the amount at the end of the path."""
    amount = element.first(*path)
    return values.currency(amount.attributes.get("Ccy")) if amount is not None else None


def total(text: str | None) -> Decimal | None:
    """Return an amount without a sign of its own. Raises CamtValueError."""
    if text is None:
        return None
    amount = values.decimal(text)
    # ActiveOrHistoricCurrencyAndAmount: at most 18 digits, none of them below zero.
    if amount is None or amount.is_signed():
        raise CamtValueError(f"amount {text!r}")
    return amount


def day(text: str | None) -> date | None:
    """Return the day of a date or of a time, as the bank's clock had it. Raises CamtValueError."""
    if text is None:
        return None
    # A date may have a time zone of its own: 2026-03-02+01:00.
    found = values.day(text[:_DAY])
    if found is None:
        raise CamtValueError(f"date {text!r}")
    return found


def account_number(account: Element | None) -> str | None:
    """Return the IBAN of an account, or its number as sent."""
    if account is None:
        return None
    sent = account.text("camt:Id", "camt:IBAN") or account.text("camt:Id", "camt:Othr", "camt:Id")
    return numbers.iban(sent) if sent else None


def bic_of(bank: Element | None) -> str | None:
    """Return the code of a bank: `BIC` up to version 2, `BICFI` from version 3."""
    if bank is None:
        return None
    return bank.text("camt:BICFI") or bank.text("camt:BIC")

"""Adds and rounds the amounts of an invoice exactly, as XPath does with xs:decimal."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import MAX_EMAX, MIN_EMIN, ROUND_FLOOR, Context, Decimal
from typing import Final

from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
# Python's own 28 digits would round what a sender may write; these are never reached in good faith.
_EXACT: Final = Context(prec=10_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
_HUNDRED: Final = Decimal(100)
_HUNDREDTH: Final = Decimal("0.01")
_HALF: Final = Decimal("0.5")

plus = _EXACT.add
minus = _EXACT.subtract
times = _EXACT.multiply


def total(subject: Subject, amounts: Iterable[Element]) -> Decimal | None:
    """Return the sum of elements, 0 of none; None where one of them is no number."""
    added = ZERO
    for amount in amounts:
        number = subject.number(amount)
        if number is None:
            return None
        added = plus(added, number)
    return added


def only(subject: Subject, parent: Element, name: str) -> Decimal | None:
    """Return the number in the one child of a name; None where it is no number, absent or twice."""
    found = parent.kids.get(name, ())
    return subject.number(found[0]) if len(found) == 1 else None


def whole(number: Decimal) -> Decimal:
    """Round as XPath's fn:round: to the nearest whole number, halves up (towards the positive)."""
    return plus(number, _HALF).to_integral_value(ROUND_FLOOR)


def cents(number: Decimal) -> Decimal:
    """Round to two decimals, halves up, as the rules of EN 16931 write it in XPath."""
    return times(whole(times(number, _HUNDRED)), _HUNDREDTH)


def share(amount: Decimal, percent: Decimal) -> Decimal:
    """Return that many per cent of an amount without its sign, rounded to two decimals."""
    return cents(times(amount.copy_abs(), times(percent, _HUNDREDTH)))


def is_near(tax: Decimal, expected: Decimal) -> bool:
    """Tell whether an amount of VAT, its sign aside, is less than 1 away from the expected one.

    The rules of EN 16931 allow that much, as VAT may be rounded line by line.
    """
    size = tax.copy_abs()
    return minus(size, ONE) < expected < plus(size, ONE)

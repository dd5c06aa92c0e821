"""Mutations of amounts, quantities, percentages and dates."""

from __future__ import annotations

import random
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from tests.oracle.structure import Mutation, name_of, picked

_OFF: Final = (
    *("0.01", "-0.01", "0.005", "0.02", "-0.02", "0.5", "-0.5", "0.49", "1", "-1", "1.01"),
    *("10", "100", "1000", "0.001", "0.0049"),
)
_WORDS: Final = (
    *("", "0", "-0", "0.00", "+5", ".5", "5.", "1e2", "1E2", "NaN", "INF", "-INF", "abc"),
    *("1,00", "1.000,00", "1 000", " 5 ", "0x10", "--1", "1.2.3", "999999999999999999.99", "١٢"),
    *("0.001", "12.345", "-12.345", "100", "1.10000"),
)
_RATES: Final = (
    *("0", "0.0", "0.00", "6", "6.00", "12", "19", "20", "21", "21.0", "21.00", "25", "25.5"),
    *("-21", "", "21%", "7.123", "100", "1000"),
)
_DATES: Final = (
    *("2026-01-01", "2026-12-31", "2025-02-29", "2024-02-29", "2026-13-01", "2026-1-1"),
    *("01-02-2026", "20260101", "2026-01-01Z", "2026-01-01+02:00", "0000-00-00", "", "today"),
    *("2026-01-01T00:00:00", "1999-12-31", "9999-12-31", " 2026-01-01 ", "-2026-01-01"),
)


def shift(root: etree._Element, dice: random.Random) -> str | None:
    """Make an amount a little wrong."""
    one = _one(root, dice, "Amount")
    if one is None:
        return None
    try:
        one.text = str(Decimal(one.text or "") + Decimal(dice.choice(_OFF)))
    except InvalidOperation:
        return None
    return f"{name_of(one)} = {one.text}"


def negate(root: etree._Element, dice: random.Random) -> str | None:
    """Turn the sign of an amount or a quantity."""
    one = _one(root, dice, "Amount", "Quantity")
    if one is None or not one.text:
        return None
    one.text = one.text[1:] if one.text.startswith("-") else f"-{one.text}"
    return f"{name_of(one)} = {one.text}"


def misspell(root: etree._Element, dice: random.Random) -> str | None:
    """Write a figure as nobody should, or a bare zero."""
    one = _one(root, dice, "Amount", "Quantity", "Percent", "Numeric")
    if one is None:
        return None
    one.text = dice.choice(_WORDS)
    return f"{name_of(one)} = {one.text!r}"


def lengthen(root: etree._Element, dice: random.Random) -> str | None:
    """Add decimals, some of them noughts."""
    one = _one(root, dice, "Amount", "Quantity")
    if one is None or not one.text:
        return None
    point = "" if "." in one.text else "."
    one.text = one.text + point + dice.choice(("0", "00", "001", "1", "123", "0000000"))
    return f"{name_of(one)} = {one.text}"


def rate(root: etree._Element, dice: random.Random) -> str | None:
    """Change a VAT rate."""
    one = _one(root, dice, "Percent")
    if one is None:
        return None
    one.text = dice.choice(_RATES)
    return f"{name_of(one)} = {one.text!r}"


def date(root: etree._Element, dice: random.Random) -> str | None:
    """Change a date, to one that may not exist."""
    one = _one(root, dice, "Date")
    if one is None:
        return None
    one.text = dice.choice(_DATES)
    return f"{name_of(one)} = {one.text!r}"


def _one(root: etree._Element, dice: random.Random, *ends: str) -> etree._Element | None:
    having = [
        each
        for each in root.iterdescendants(etree.Element)
        if not len(each) and etree.QName(each).localname.endswith(ends)
    ]
    if not having:
        return None
    return picked(having, dice)


ALL: Final[tuple[Mutation, ...]] = (
    shift,
    shift,
    shift,
    negate,
    misspell,
    misspell,
    lengthen,
    rate,
    rate,
    date,
    date,
)

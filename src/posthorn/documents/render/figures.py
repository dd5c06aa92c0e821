"""Writes amounts and dates the way a language writes them, every digit kept."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from posthorn.documents.render.words import Words

_GROUPS: Final = re.compile(r"(?<=\d)(?=(?:\d{3})+$)")
_MINUS: Final = "\u2212"
# Febelfin, "structured communication": twelve digits, the last two modulo 97 of the first ten.
_STRUCTURED: Final = re.compile(
    r"(?:\+{3}|\*{3})?\s?(\d{3})\s?/?\s?(\d{4})\s?/?\s?(\d{3})(\d\d)\s?(?:\+{3}|\*{3})?", re.ASCII
)
_IBAN: Final = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{8,30}", re.ASCII)


def amount(number: Decimal | None, words: Words) -> str:
    """Return a number with its groups of three, its sign and the zeros that were sent."""
    if number is None:
        return ""
    if not number.is_finite():
        return str(number)
    marks = words.tables["numbers"]
    whole, _, fraction = f"{number:f}".lstrip("-").partition(".")
    sign = _MINUS if number.is_signed() else ""
    grouped = _GROUPS.sub(marks["group"], whole)
    return sign + grouped + (marks["decimal"] + fraction if fraction else "")


def money(number: Decimal | None, currency: str | None, words: Words) -> str:
    """Return an amount followed by its currency."""
    return " ".join(filter(None, (amount(number, words), currency))) if number is not None else ""


def percent(number: Decimal | None, words: Words) -> str:
    """Return a rate in percent."""
    return f"{amount(number, words)} %" if number is not None else ""


def day(moment: date | None, words: Words) -> str:
    """Return a date with the name of its month, which no reader takes for another day."""
    if moment is None:
        return ""
    names = words.tables["dates"]
    template = names["first" if moment.day == 1 else "long"]
    return template.format(day=moment.day, month=names[f"m{moment.month}"], year=moment.year)


def span(start: date | None, end: date | None, words: Words) -> str:
    """Return a period; an open one says from or until when."""
    if start and end:
        return f"{day(start, words)} \u2013 {day(end, words)}"
    if start:
        return words.label("period_from", date=day(start, words))
    return words.label("period_until", date=day(end, words)) if end else ""


def communication(text: str) -> str:
    """Return a Belgian structured communication as banks print it; any other text as it is."""
    found = _STRUCTURED.fullmatch(text)
    if not found:
        return text
    first, second, third, check = found.groups()
    if int(check) != (int(first + second + third) % 97 or 97):
        return text
    return f"+++{first}/{second}/{third}{check}+++"


def account(number: str) -> str:
    """Return an IBAN in groups of four; any other account as it is."""
    if not _IBAN.fullmatch(number):
        return number
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))

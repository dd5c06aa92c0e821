"""What reading asks of an element: words, prose, numbers, days, identifiers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from posthorn.documents import values
from posthorn.documents.invoice import Identifier
from posthorn.documents.xml import Element

_Group = TypeVar("_Group")
_TAX: Final = ("cac:TaxScheme", "cbc:ID")


def text(element: Element, name: str, *further: str) -> str | None:
    """Return the first value at the end of a path that is not blank, blanks collapsed."""
    # As `Element.text`, without its generators: a line asks twenty times, there may be 10,000.
    for found in element.kids.get(name, ()):
        words = text(found, *further) if further else " ".join((found.value or "").split())
        if words:
            return words
    return None


def prose(element: Element, name: str) -> str | None:
    """Return every value of that name, each on lines of its own, line ends as sent.

    BIS wants one element; UBL allows several notes and descriptions, and XRechnung gives line ends
    in payment terms a meaning (BR-DE-18).
    """
    parts = ((found.value or "").strip() for found in element.kids.get(name, ()))
    return "\n".join(filter(None, parts)) or None


def number(element: Element, name: str) -> Decimal | None:
    """Return a number with its digits as sent; `1,5` and `NaN` are None."""
    return values.decimal(text(element, name))


def amount(element: Element, name: str, currency: str | None) -> Decimal | None:
    """Return the first amount in a currency, or in none; without a currency any amount."""
    wanted = (currency, None)
    for found in element.kids.get(name, ()):
        if currency is None or values.currency(found.attributes.get("currencyID")) in wanted:
            sent = values.decimal(found.text())
            if sent is not None:
                return sent
    return None


def day(element: Element, name: str) -> date | None:
    """Return a day, its time zone dropped."""
    return values.day(text(element, name))


def attribute(element: Element, name: str) -> str | None:
    """Return an attribute's value, blanks at its ends dropped."""
    return element.attributes.get(name, "").strip() or None


def identifier(element: Element, name: str) -> Identifier | None:
    """Return the first identifier of that name with its scheme."""
    return next(iter(identifiers(element, name)), None)


def identifiers(element: Element, *path: str) -> tuple[Identifier, ...]:
    """Return the identifiers at the end of a path, those without a value left out."""
    return tuple(
        Identifier(value=value, scheme=attribute(found, "schemeID"))
        for found in element.each(*path)
        if (value := found.text()) is not None
    )


def known(group: _Group) -> _Group | None:
    """Return a group of terms; None when the document says none of them."""
    return None if group == type(group)() else group


def is_vat(element: Element) -> bool:
    """Tell whether a tax category or scheme is about VAT."""
    return (text(element, *_TAX) or "").upper() == "VAT"

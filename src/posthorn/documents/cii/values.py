"""Reads single values of a cross industry invoice; what cannot be read is None."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TypeVar

from posthorn.documents import values
from posthorn.documents.invoice import Identifier
from posthorn.documents.octets import octets_of
from posthorn.documents.xml import Element

_Group = TypeVar("_Group")
# UNTDID 2379: 102 is CCYYMMDD, the only format of EN 16931-3-3.
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_TIME = re.compile(r"T[\d:.]+(?:Z|[+-]\d\d:\d\d)?$", re.ASCII)


def known(group: _Group) -> _Group | None:
    """Return a group of terms; None when the file says none of them."""
    return None if group == type(group)() else group


def amount(element: Element, *path: str) -> Decimal | None:
    """Return the first value at a path as a decimal, all its digits kept."""
    return values.decimal(element.text(*path))


def prose(element: Element, *path: str) -> str | None:
    """Return all values at a path, one below the other, with the line ends that were sent."""
    # A cash discount of a German invoice is written in lines (XRechnung 3.0, BR-DE-18).
    texts = ((found.value or "").strip() for found in element.each(*path))
    return "\n".join(filter(None, texts)) or None


def day(element: Element, *path: str) -> date | None:
    """Return the first date below a path: CCYYMMDD, or as XML Schema writes it."""
    for found in element.each(*path):
        written = found.text() or next(filter(None, (kid.text() for kid in found.children())), "")
        return parsed_day(written)
    return None


def parsed_day(text: str) -> date | None:
    """Return a date of format 102 or of XML Schema, whose time is dropped."""
    found = _DAY.fullmatch(text)
    return values.day("-".join(found.groups()) if found else _TIME.sub("", text))


def identifier(element: Element | None, attribute: str = "schemeID") -> Identifier | None:
    """Return an element's number with its scheme; None when it is empty."""
    number = None if element is None else element.text()
    if element is None or number is None:
        return None
    return Identifier(value=number, scheme=element.attributes.get(attribute, "").strip() or None)


def content(element: Element | None) -> bytes | None:
    """Return what a base64 value stands for; None when it is empty or no base64."""
    return octets_of("" if element is None else element.value or "") or None

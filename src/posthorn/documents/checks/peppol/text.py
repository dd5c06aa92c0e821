"""Values as the rules of Peppol compare them: as sent, or with the blanks of XML collapsed."""

from __future__ import annotations

import re
from typing import Final

from posthorn.documents.xml import Element

BLANKS: Final = " \t\r\n"  # XML 1.0, 2.3; a no-break space is none of them
_RUN: Final = re.compile(r"[ \t\r\n]+")
# XML Schema 1.1 part 2, 3.3.5: what a number may look like where a rule asks for any number.
_NUMBER: Final = re.compile(
    r"[ \t\r\n]*(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF)[ \t\r\n]*"
)


def tidy(text: str | None) -> str:
    """Return a text without blanks around it and with single ones inside (normalize-space)."""
    if not text:
        return ""
    if text.isascii():
        return " ".join(text.split())
    return _RUN.sub(" ", text.strip(BLANKS))


def raw(element: Element, *path: str) -> str:
    """Return the first value at the end of a path exactly as sent; empty where there is none."""
    found = element.first(*path)
    return (found.value or "") if found is not None else ""


def tidied(element: Element, *path: str) -> str:
    """Return the first value at the end of a path, tidy; empty where there is none."""
    return tidy(raw(element, *path))


def has(element: Element, *path: str) -> bool:
    """Tell whether there is an element at the end of a path, be it empty."""
    return element.first(*path) is not None


def is_number(text: str) -> bool:
    """Tell whether a text is a number in any of XML Schema's ways of writing one."""
    return _NUMBER.fullmatch(text) is not None

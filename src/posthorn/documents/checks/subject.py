"""The document that is being checked, with what many rules ask of it worked out once."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from posthorn.documents.xml import Element, Tree

_LINES: Final = {"ubl:Invoice": "cac:InvoiceLine", "cn:CreditNote": "cac:CreditNoteLine"}
_MISSING: Final = object()


class Subject:
    """One UBL document under check."""

    __slots__ = ("_numbers", "by_name", "is_credit_note", "line_name", "marked", "notes", "root")

    def __init__(self, tree: Tree) -> None:
        """Take the tree of a UBL Invoice or CreditNote."""
        self.root = tree.root
        self.by_name = tree.by_name
        self.marked = tree.marked
        self.is_credit_note = tree.root.name == "cn:CreditNote"
        self.line_name = _LINES.get(tree.root.name, "cac:InvoiceLine")
        # What a family works out once for its own rules, by the family's own key.
        self.notes: dict[str, object] = {}
        self._numbers: dict[int, Decimal | None] = {}

    def named(self, name: str) -> list[Element]:
        """Return every element of that name, in document order."""
        return self.by_name.get(name, [])

    def number(self, element: Element) -> Decimal | None:
        """Return an element's value as a decimal (XML Schema 2, 3.2.3); None when it is none."""
        key = id(element)
        found = self._numbers.get(key, _MISSING)
        if found is _MISSING:
            found = self._numbers[key] = decimal(element.value)
        return found  # type: ignore[return-value]  # mypy does not narrow by a sentinel


def decimal(text: str | None) -> Decimal | None:
    """Return an xs:decimal; None for anything else, exponents and NaN among it."""
    if text is None:
        return None
    word = text.strip(" \t\r\n")
    if not word or word.strip("0123456789.+-"):
        return None
    try:
        return Decimal(word)
    except InvalidOperation:
        return None

"""Selects the allowances and the charges, of the document and of its lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from posthorn.documents.checks.selects import named, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

_BLANKS: Final = " \t\r\n"
# The words of an xs:boolean (XML Schema 2, 3.2.2).
_NO: Final = frozenset({"false", "0"})
_YES: Final = frozenset({"true", "1"})
_LINES: Final = frozenset({"cac:InvoiceLine", "cac:CreditNoteLine"})


def is_allowance(element: Element) -> bool:
    """Tell whether a cac:AllowanceCharge takes something off."""
    return _says(element, _NO)


def is_charge(element: Element) -> bool:
    """Tell whether a cac:AllowanceCharge adds something."""
    return _says(element, _YES)


def is_clear(element: Element) -> bool:
    """Tell whether a cac:AllowanceCharge says true, false or nothing, and no other word."""
    return all(_word(said) in _NO or _word(said) in _YES for said in _indicators(element))


def _says(element: Element, words: frozenset[str]) -> bool:
    return any(_word(said) in words for said in _indicators(element))


def _indicators(element: Element) -> Iterable[Element]:
    return element.kids.get("cbc:ChargeIndicator", ())


def _word(said: Element) -> str:
    return (said.value or "").strip(_BLANKS)


def _stands_in(names: frozenset[str], element: Element) -> bool:
    return element.parent is not None and element.parent.name in names


def children(parent: Element) -> Iterable[Element]:
    """Return the allowances and charges of an element, such as a line."""
    return parent.kids.get("cac:AllowanceCharge", ())


def of_document(subject: Subject) -> list[Element]:
    """Return the allowances and charges of the document itself."""
    return subject.root.kids.get("cac:AllowanceCharge", [])


everywhere = named("cac:AllowanceCharge")
allowances_of_document = where(of_document, is_allowance)
charges_of_document = where(of_document, is_charge)
allowances_of_lines = where(
    everywhere, lambda element: _stands_in(_LINES, element) and is_allowance(element)
)
charges_of_lines = where(
    everywhere, lambda element: _stands_in(_LINES, element) and is_charge(element)
)

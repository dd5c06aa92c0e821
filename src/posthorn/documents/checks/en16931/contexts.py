"""Where rules of EN 16931 look, and how they read: like XPath, to the letter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from posthorn.documents.xml import Element

# XPath's white space (Functions and Operators 3.1, normalize-space); a no-break space is text.
BLANKS: Final = " \t\r\n"
LINES: Final = frozenset({"cac:InvoiceLine", "cac:CreditNoteLine"})
# XML Schema 2, 3.2.2: what xs:boolean may look like.
_ALLOWANCE: Final = ("false", "0")
_CHARGE: Final = ("true", "1")


def every(top: Element, *steps: str) -> list[Element]:
    """Return the elements at a path under an element."""
    found = [top]
    for step in steps:
        if len(found) == 1:  # nearly always, and faster
            found = found[0].kids.get(step, [])
        else:
            found = [kid for at in found for kid in at.kids.get(step, ())]
    return found


def is_child_of(element: Element, names: Iterable[str]) -> bool:
    """Tell whether an element stands directly under one of these names."""
    return element.parent is not None and element.parent.name in names


def has_text(element: Element, name: str) -> bool:
    """Tell whether an element has a child of that name with anything but white space in it."""
    # A loop, as any() takes three times as long.
    for kid in element.kids.get(name, ()):
        value = kid.value
        if (string(kid) if value is None else value).strip(BLANKS):
            return True
    return False


def string(element: Element) -> str:
    """Return an element's value; with elements in it, which the schema forbids, theirs together."""
    if element.value is not None:
        return element.value
    return "".join(string(kid) for kid in element.children())


def strings(elements: Iterable[Element]) -> set[str]:
    """Return the values of elements, to the letter."""
    return {string(found) for found in elements}


def trimmed(element: Element, name: str) -> set[str]:
    """Return the values of an element's children of a name, without white space around them."""
    return {string(kid).strip(BLANKS) for kid in element.kids.get(name, ())}


def is_vat(category: Element) -> bool:
    """Tell whether a tax category, or a party's tax registration, is of the scheme VAT."""
    for scheme in category.kids.get("cac:TaxScheme", ()):
        for name in scheme.kids.get("cbc:ID", ()):
            if name.value == "VAT" or string(name).strip(BLANKS).upper() == "VAT":
                return True
    return False


def vat_categories(element: Element) -> list[Element]:
    """Return the tax categories of an element that are of the scheme VAT."""
    return [found for found in element.kids.get("cac:TaxCategory", ()) if is_vat(found)]


def is_allowance(element: Element) -> bool:
    """Tell whether an allowance or charge says that it is an allowance."""
    return not trimmed(element, "cbc:ChargeIndicator").isdisjoint(_ALLOWANCE)


def is_charge(element: Element) -> bool:
    """Tell whether an allowance or charge says that it is a charge, and not also an allowance."""
    said = trimmed(element, "cbc:ChargeIndicator")
    return not said.isdisjoint(_CHARGE) and said.isdisjoint(_ALLOWANCE)

"""What writing asks of an element: a place for values, which is there once it holds one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from lxml import etree

from posthorn.documents.errors import UnwritableError
from posthorn.documents.names import NAMESPACES


class Branch:
    """An element being written; it comes into the document with the first value inside it.

    So no group is ever empty, and writing a group asks nothing about what it holds. What is
    written must be in the order of the schema.
    """

    __slots__ = ("_currency", "_element", "_name", "_parent")

    def __init__(self, name: str, parent: Branch, currency: str | None) -> None:
        """Take the short name, where to stand, and the currency of the amounts inside."""
        self._name = name
        self._parent = parent
        self._currency = currency
        self._element: etree._Element | None = None

    @property
    def is_written(self) -> bool:
        """Tell whether it holds anything yet."""
        return self._element is not None

    def element(self) -> etree._Element:
        """Return the element, made and put in place when it was not there yet."""
        if self._element is None:
            self._element = etree.SubElement(self._parent.element(), _tag(self._name))
        return self._element

    def group(self, name: str) -> Branch:
        """Return a new element of that name inside this one."""
        return Branch(name, self, self._currency)

    def text(self, name: str, value: str | None, /, **attributes: str | None) -> None:
        """Write a text; nothing when it is None. Attributes that are None are left out."""
        if value is None:
            return
        leaf = etree.SubElement(self.element(), _tag(name))
        try:
            for attribute, word in attributes.items():
                if word is not None:
                    leaf.set(attribute, word)
            leaf.text = value
        except ValueError as error:
            raise UnwritableError(name) from error

    def day(self, name: str, value: date | None) -> None:
        """Write a date."""
        self.text(name, value.isoformat() if value is not None else None)

    def number(self, name: str, value: Decimal | None, *, unit: str | None = None) -> None:
        """Write a number with all its digits; a quantity with its unit."""
        self.text(name, _digits(name, value), unitCode=unit)

    def amount(self, name: str, value: Decimal | None, currency: str | None = None) -> None:
        """Write an amount in the document's currency, or in another."""
        self.text(name, _digits(name, value), currencyID=currency or self._currency)


class Trunk(Branch):
    """The root of a new document, with the three namespaces and their usual prefixes."""

    __slots__ = ()

    def __init__(self, name: str, currency: str | None) -> None:
        """Take the short name, and the currency of the amounts inside."""
        super().__init__(name, self, currency)
        prefix = name.partition(":")[0]
        spaces = {None: NAMESPACES[prefix], "cac": NAMESPACES["cac"], "cbc": NAMESPACES["cbc"]}
        # The stubs know no default namespace.
        self._element = etree.Element(_tag(name), nsmap=spaces)  # type: ignore[arg-type]


@cache
def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _digits(name: str, value: Decimal | None) -> str | None:
    if value is None:
        return None
    if not value.is_finite():
        raise UnwritableError(name)
    return format(value, "f")  # XML Schema knows no exponents

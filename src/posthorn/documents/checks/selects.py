"""Which elements a rule is asked of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from posthorn.documents.checks.rules import Select
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element


def root(subject: Subject) -> Iterable[Element]:
    """Select the Invoice or CreditNote itself."""
    return (subject.root,)


@cache
def named(*names: str) -> Select:
    """Select every element of these names, wherever it stands."""
    if len(names) == 1:
        name = names[0]
        return lambda subject: subject.by_name.get(name, ())
    return lambda subject: [found for name in names for found in subject.by_name.get(name, ())]


@cache
def at(path: str) -> Select:
    """Select the elements at a path from the root, `cac:AccountingSupplierParty/cac:Party`."""
    steps = path.split("/")
    return lambda subject: list(subject.root.each(*steps))


def where(select: Select, holds: Callable[[Element], bool]) -> Select:
    """Select those of a selection for which something holds."""
    return lambda subject: [found for found in select(subject) if holds(found)]


lines = named("cac:InvoiceLine", "cac:CreditNoteLine")
"""Select the lines."""

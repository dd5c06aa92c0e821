"""Which elements a rule is asked of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TypeAlias

from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

Find: TypeAlias = Callable[[Subject], Iterable[Element]]
# What a document has, under the names or codes that rules ask for.
Index: TypeAlias = Callable[[Subject], Mapping[str, Sequence[Element]]]
Narrow: TypeAlias = Callable[[Sequence[Element], Subject], Iterable[Element]]


class Select:
    """The elements under some keys of an index, or what narrowing them down leaves.

    Rules are arranged by index and key, so that those whose keys a document has not cost nothing:
    of a usual invoice two thirds of the selections would be empty.
    """

    __slots__ = ("index", "keys", "narrow")

    def __init__(self, index: Index, *keys: str, narrow: Narrow | None = None) -> None:
        """Take the index, the keys, and what to do with the elements under each of them."""
        self.index = index
        self.keys = keys
        self.narrow = narrow

    def __call__(self, subject: Subject) -> Iterable[Element]:
        """Return the elements of a document, those of the first key first."""
        index = self.index(subject)
        found = [self.narrowed(index[key], subject) for key in self.keys if key in index]
        return found[0] if len(found) == 1 else [one for some in found for one in some]

    def narrowed(self, found: Sequence[Element], subject: Subject) -> Iterable[Element]:
        """Return what is left of the elements under one key."""
        return found if self.narrow is None else self.narrow(found, subject)

    def then(self, narrow: Narrow) -> Select:
        """Return the selection that narrows this one down further."""
        return Select(
            self.index,
            *self.keys,
            narrow=lambda found, subject: narrow([*self.narrowed(found, subject)], subject),
        )


def names(subject: Subject) -> Mapping[str, Sequence[Element]]:
    """Return the elements of a document by their names."""
    return subject.by_name


def whole(subject: Subject) -> Mapping[str, Sequence[Element]]:
    """Return the root, under no name: what is always there."""
    return {"": (subject.root,)}


def top(subject: Subject) -> Mapping[str, Sequence[Element]]:
    """Return the children of the root by their names."""
    return subject.root.kids


root = Select(whole, "")
"""Select the Invoice or CreditNote itself."""


@cache
def found_by(find: Find) -> Select:
    """Select what a function finds, which is called for every document."""
    return Select(whole, "", narrow=lambda _, subject: find(subject))


@cache
def named(*wanted: str) -> Select:
    """Select every element of these names, wherever it stands."""
    return Select(names, *wanted)


@cache
def at(path: str) -> Select:
    """Select the elements at a path from the root, `cac:AccountingSupplierParty/cac:Party`."""
    first, *steps = path.split("/")
    return Select(top, first, narrow=_below(steps))


@cache
def anywhere(path: str) -> Select:
    """Select the elements at the end of a path that may begin at any depth."""
    first, *steps = path.split("/")
    return Select(names, first, narrow=_below(steps))


def _below(steps: Sequence[str]) -> Narrow | None:
    """Return what finds the elements at a path under each of some."""
    if not steps:
        return None
    if len(steps) == 1:
        step = steps[0]
        return lambda tops, _: [found for each in tops for found in each.kids.get(step, ())]
    return lambda tops, _: [found for each in tops for found in each.each(*steps)]


def where(select: Select, holds: Callable[[Element], bool]) -> Select:
    """Select those of a selection for which something holds."""
    return select.then(lambda found, _: [one for one in found if holds(one)])


lines = named("cac:InvoiceLine", "cac:CreditNoteLine")
"""Select the lines."""

"""Sees which values of a file a reader asks for, so that no other is lost in silence."""

from __future__ import annotations

from collections.abc import Iterator

from posthorn.documents.xml import Element


class Watched(Element):
    """A copy of an element that knows whether its value was read."""

    __slots__ = ("_copies", "_value", "is_read", "origin")

    def __init__(self, origin: Element, parent: Watched | None) -> None:
        """Copy an element with all that is in it."""
        super().__init__(origin.name, parent, {}, origin.attributes, None)
        self.origin = origin
        self._copies = [Watched(each, self) for each in origin.children()]
        kids: dict[str, list[Element]] = {}
        for each in self._copies:
            kids.setdefault(each.name, []).append(each)
        self.kids = kids
        self._value = origin.value
        self.is_read = False

    @property
    def value(self) -> str | None:
        """Return the value, and note that it was asked for."""
        self.is_read = True
        return self._value

    @value.setter
    def value(self, _: str | None) -> None:
        self._value = None

    def leaves(self) -> Iterator[Watched]:
        """Yield the elements below that have a value, blank ones left out."""
        for each in self._copies:
            if each.kids:
                yield from each.leaves()
            elif each.sent.strip():
                yield each

    @property
    def sent(self) -> str:
        """Return the value without noting that it was asked for."""
        return self._value or ""

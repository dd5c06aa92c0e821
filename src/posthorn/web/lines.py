"""The ground of what a template places in the lines of a list."""

from __future__ import annotations


class Line:
    """Facts of one line, written already: a list places a thousand of them."""

    __slots__ = ()

    def __getitem__(self, name: str) -> object:
        """Give a fact by its name; raises AttributeError.

        A template asks so first, and for an attribute only once that has failed.
        """
        return getattr(self, name)

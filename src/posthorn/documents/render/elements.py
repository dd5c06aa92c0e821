"""Writes HTML of which every text is escaped; only this module makes markup of a string."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NewType

Markup = NewType("Markup", str)
"""HTML that is safe to send: made by `element`, `text` or `joined`."""

_VOID = frozenset({"meta", "br"})


def text(words: str) -> Markup:
    """Return a text as HTML."""
    return Markup(escape(words))


def joined(pieces: Iterable[Markup]) -> Markup:
    """Return several pieces as one."""
    return Markup("".join(pieces))


def element(tag: str, *content: Markup, **attributes: str) -> Markup:
    """Return an element; a trailing `_` of an attribute's name is dropped, `_` inside is `-`.

    An attribute without a value is left out.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
        if value
    )
    if tag in _VOID:
        return Markup(f"<{tag}{written}>")
    return Markup(f"<{tag}{written}>{''.join(content)}</{tag}>")


def foreign(words: str, **attributes: str) -> Markup:
    """Return a text of the document, its direction its own and kept from its neighbours."""
    lines = [text(line) for line in words.split("\n")]
    return element("bdi", Markup("<br>".join(lines)), dir="auto", **attributes)


def style(sheet: str) -> Markup:
    """Return a style sheet of ours; raises ValueError for one that could close its element."""
    if "</" in sheet or "<!" in sheet:
        raise ValueError("A style sheet may not hold markup: write `<` as an escape.")
    return Markup(f"<style>{sheet}</style>")


def quoted(words: str) -> str:
    r"""Return a CSS string, every sign but letters and digits of ASCII as its number: `\20 `."""
    signs = (sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):x} " for sign in words)
    return f'"{"".join(signs)}"'

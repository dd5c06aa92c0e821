"""Finds the bytes of each statement in a CAMT file, so that it can be cut without rewriting it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from posthorn.documents.encoding import codec_of
from posthorn.documents.statements.model import Span

# Every construct of a well-formed document without a DOCTYPE, XML 1.0 section 2.
_MARKUP: Final = re.compile(
    rb"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"""
    rb"""|<(?P<end>/)?(?P<name>[^\s/>]+)(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""",
    re.DOTALL,
)
_WAY: Final = (b"Document", b"BkToCstmrStmt", b"Stmt")
_WIDE: Final = "utf-16"


def spans_of(data: bytes, count: int) -> list[Span | None]:
    """Return the bytes of each of the statements; None for all of them when they cannot be told.

    The bytes must have been parsed: this only finds again what the parser found.
    """
    if codec_of(data) == _WIDE:
        return [None] * count
    found = list(_statements(data))
    return list(found) if len(found) == count else [None] * count


def _statements(data: bytes) -> Iterator[Span]:
    way: list[bytes] = []
    start = 0
    for markup in _MARKUP.finditer(data):
        name = markup["name"]
        if name is None:
            continue
        if markup["end"] is None:
            way.append(name.rpartition(b":")[2])
            start = markup.start() if len(way) == len(_WAY) else start
        if markup["end"] or markup[0].endswith(b"/>"):
            if tuple(way) == _WAY:
                yield Span(start=start, end=markup.end())
            way.pop()

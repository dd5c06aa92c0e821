"""Takes a document out of its transport envelope, the Standard Business Document of UN/CEFACT."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from typing import Final
from xml.parsers import expat

from posthorn.documents import xml
from posthorn.documents.encoding import as_utf8
from posthorn.documents.errors import EnvelopeError, MalformedError
from posthorn.documents.formats import ENVELOPE_ROOT
from posthorn.documents.limits import LIMITS, Limits

_HEADER: Final = "StandardBusinessDocumentHeader"
_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def unwrap(data: bytes, limits: Limits = LIMITS) -> bytes:
    """Return the one document inside an envelope, in UTF-8; the data itself when there is none.

    The document's own bytes are kept where they stand alone; names that only the envelope declares
    are declared anew. Raises EnvelopeError when there is not exactly one, and what `parse` raises.
    """
    tree = xml.parse(data, limits)
    if tree.root.name != ENVELOPE_ROOT:
        return data
    text = as_utf8(data)
    inner = [child for child in _children(text) if not child.name.endswith(_HEADER)]
    if len(inner) != 1:
        raise EnvelopeError(f"{len(inner)} documents in one envelope")
    alone = _DECLARATION + text[inner[0].start : inner[0].end]
    with suppress(MalformedError):
        xml.parse(alone, limits)
        return alone
    return _DECLARATION + _declared(inner[0], text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Child:
    """A child of the root: its bytes from start to end, its name as sent, prefixes it lacks."""

    start: int
    end: int
    name: str
    lacks: Mapping[str, str]


def _children(text: bytes) -> list[_Child]:
    look = _Look(text)
    look.parser.Parse(text, True)  # noqa: FBT003  # expat's own signature
    return look.found


class _Look:
    """Notes where the children of the root begin and end; the text was parsed well before."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self.found: list[_Child] = []
        self._open: list[tuple[int, dict[str, str]]] = []
        self._latest = 0  # where the latest element began
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, _: str, attributes: dict[str, str]) -> None:
        self._latest = self.parser.CurrentByteIndex
        self._open.append((self._latest, attributes))

    def _end(self, name: str) -> None:
        start, own = self._open.pop()
        if len(self._open) != 1:
            return
        outer = self._open[0][1]
        lacks = {
            key: space for key, space in outer.items() if key.startswith("xmlns") and key not in own
        }
        self.found.append(_Child(start=start, end=self._end_of(start), name=name, lacks=lacks))

    def _end_of(self, start: int) -> int:
        at = self.parser.CurrentByteIndex
        # expat stands behind an element without content, and before the end tag of any other.
        is_empty = self._latest == start and self._text[at - 2 : at] == b"/>"
        return at if is_empty else self._text.index(b">", at) + 1


def _declared(child: _Child, text: bytes) -> bytes:
    """Return the child's bytes with the prefixes declared that only its envelope declares."""
    behind_name = child.start + 1 + len(child.name.encode())
    added = "".join(f' {key}="{escape(space)}"' for key, space in child.lacks.items())
    return text[child.start : behind_name] + added.encode() + text[behind_name : child.end]

"""Looks at the beginning of an XML file: what it is and says it follows, however broken the rest.

Reading stops as soon as enough was seen, so a large file costs no more than a small one.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final

from lxml import etree

from posthorn.documents.encoding import codec_of
from posthorn.documents.errors import XmlDoctypeError, XmlEncodingError, XmlIncludeError
from posthorn.documents.formats import ENVELOPE_ROOT
from posthorn.documents.names import NAMES

_CHUNK: Final = 4_096
_MOST: Final = 200  # elements looked at
_GUIDELINES: Final = (
    "ram:GuidelineSpecifiedDocumentContextParameter",
    "rsm1:GuidelineSpecifiedDocumentContextParameter",
)
_WANTED: Final = frozenset(("cbc:UBLVersionID", "cbc:CustomizationID", "cbc:ProfileID"))
# What comes after all of the above, in UBL and in CII.
_ENOUGH: Final = frozenset(
    ("cbc:ID", "rsm:ExchangedDocument", "rsm1:HeaderExchangedDocument", "camt:GrpHdr")
)


class Head:
    """What the beginning of an XML file says."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.root: str | None = None  # short name of the root, of what an envelope holds
        self.is_enveloped = False  # in a Standard Business Document
        self.values: dict[str, str] = {}  # `cbc:CustomizationID`, …, and `guideline` for CII


def head_of(data: bytes) -> Head:
    """Return what can be seen at the beginning; nothing where not even the root can be read."""
    look = _Look()
    refusals = (etree.XMLSyntaxError, XmlEncodingError, XmlDoctypeError, XmlIncludeError)
    with suppress(_SeenEnough, *refusals):
        parser = etree.XMLParser(
            target=look,  # type: ignore[arg-type]  # the stubs want the optional methods too
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        for piece in _pieces(data):
            parser.feed(piece)
        parser.close()
    return look.head


def _pieces(data: bytes) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec_of(data))("replace")
    for start in range(0, len(data), _CHUNK):
        yield decoder.decode(data[start : start + _CHUNK]).encode()


class _SeenEnough(Exception):  # noqa: N818 (it ends a look, it reports no error)
    pass


class _Look:
    """Takes the parser's events and stops it early."""

    def __init__(self) -> None:
        self.head = Head()
        self._seen = 0
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002
        name = NAMES[tag]
        self._seen += 1
        if self._seen > _MOST or name in _ENOUGH:
            raise _SeenEnough
        if self.head.root is None:
            self._begin(name)
        self._path.append(name)
        self._text = []

    def _begin(self, name: str) -> None:
        if name == ENVELOPE_ROOT and not self._path:
            self.head.is_enveloped = True
        elif not name.startswith("sbd:"):
            self.head.root = name
        elif not self.head.is_enveloped:
            raise _SeenEnough

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, tag: str) -> None:
        name = NAMES[tag]
        self._path.pop()
        value = " ".join("".join(self._text).split())
        self._text = []
        if name in _WANTED:
            self.head.values.setdefault(name, value)
        elif self._path and self._path[-1] in _GUIDELINES:
            self.head.values.setdefault("guideline", value)

    def doctype(self, *_: str | None) -> None:
        raise XmlDoctypeError

    def close(self) -> None:
        pass

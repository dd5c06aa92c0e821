"""Reads hostile XML into a small tree: no DTD, no entities, no network, counted while it comes."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lxml import etree

from posthorn.documents.encoding import codec_of, refuse_doctype
from posthorn.documents.errors import (
    MalformedError,
    TooComplexError,
    TooLargeError,
    XmlDoctypeError,
    XmlEncodingError,
    XmlIncludeError,
)

_CHUNK = 65_536
_INCLUDE = "{http://www.w3.org/2001/XInclude}"
_NO_ATTRIBUTES: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large an XML document may be; all figures are inclusive."""

    max_bytes: int = 50_000_000
    max_depth: int = 64
    max_elements: int = 200_000
    max_attributes: int = 400_000  # namespace declarations count as attributes
    max_attributes_per_element: int = 128


LIMITS: Final = Limits()


class Element:
    """An element with its attributes, children and text; names in the form `{namespace}name`."""

    __slots__ = ("attributes", "children", "name", "pieces")

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        """Make an element without children and text."""
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.pieces: list[str] = []

    @property
    def value(self) -> str | None:
        """Return the whole text, comments and instructions left out; None beside child elements.

        `10<!-- -->00` is "1000" here, where one parser says "10" and the next "1000".
        """
        return None if self.children else "".join(self.pieces)

    def each(self, *path: str) -> Iterator[Element]:
        """Yield the elements at the end of the path of names, in document order."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.each(*path[1:])

    def first(self, *path: str) -> Element | None:
        """Return the first element at the end of the path of names."""
        return next(self.each(*path), None)

    def text(self, *path: str) -> str | None:
        """Return the first value at the end of the path that is not blank, blanks collapsed."""
        words = (" ".join((found.value or "").split()) for found in self.each(*path))
        return next(filter(None, words), None)


def parse(data: bytes, limits: Limits = LIMITS) -> Element:
    """Return the root element.

    Raises TooLargeError, TooComplexError, XmlDoctypeError, XmlEncodingError, XmlIncludeError and
    MalformedError.
    """
    if len(data) > limits.max_bytes:
        raise TooLargeError(f"{len(data)} bytes, at most {limits.max_bytes}")
    codec = codec_of(data)
    refuse_doctype(data)
    builder = _Builder(limits)
    _feed(builder, data, codec)
    return builder.root


def root_name(data: bytes) -> str | None:
    """Return the name of the root element from the beginning of the bytes, None if unreadable."""
    look = _RootOnly()
    with suppress(_RootSeen, MalformedError, XmlEncodingError, XmlDoctypeError):
        _feed(look, data, codec_of(data))
    return look.name


class _Builder:
    """Builds the tree from the parser's events and stops it at the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._elements = 0
        self._attributes = 0
        self._declarations = 0  # of the element that comes next
        self._top = Element("", _NO_ATTRIBUTES)
        self._path = [self._top]

    def start_ns(self, prefix: str, uri: str) -> None:  # noqa: ARG002 (the parser's signature)
        self._declarations += 1

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._count_element()
        self._count_attributes(len(attributes) + self._declarations)
        self._declarations = 0
        if name.startswith(_INCLUDE):
            raise XmlIncludeError
        child = Element(name, dict(attributes) if attributes else _NO_ATTRIBUTES)
        self._path[-1].children.append(child)
        self._path.append(child)

    def data(self, text: str) -> None:
        self._path[-1].pieces.append(text)

    def end(self, name: str) -> None:  # noqa: ARG002 (the parser checks that it fits)
        self._path.pop()

    def doctype(self, *_: str | None) -> None:
        raise XmlDoctypeError

    def close(self) -> None:
        # The parser closes its target after an error too, so this must not fail.
        pass

    @property
    def root(self) -> Element:
        return self._top.children[0]

    def _count_element(self) -> None:
        self._elements += 1
        if self._elements > self._limits.max_elements:
            raise TooComplexError(f"more than {self._limits.max_elements} elements")
        if len(self._path) > self._limits.max_depth:
            raise TooComplexError(f"more than {self._limits.max_depth} levels")

    def _count_attributes(self, number: int) -> None:
        self._attributes += number
        if number > self._limits.max_attributes_per_element:
            raise TooComplexError("too many attributes on one element")
        if self._attributes > self._limits.max_attributes:
            raise TooComplexError(f"more than {self._limits.max_attributes} attributes")


class _RootSeen(Exception):  # noqa: N818 (it ends a look, it reports no error)
    pass


class _RootOnly:
    """Remembers the first element's name and stops the parser there."""

    name: str | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002
        self.name = name
        raise _RootSeen

    def doctype(self, *_: str | None) -> None:
        raise XmlDoctypeError

    def close(self) -> None:
        pass


def _parser(target: _Builder | _RootOnly) -> etree.XMLParser:
    # A target keeps text out of libxml2's own tree, whose text nodes end at 10 MB: attachments
    # are larger, and the switch that lifts that limit lifts all the others with it.
    return etree.XMLParser(
        target=target,  # type: ignore[arg-type]  # the stubs want the optional methods too
        encoding="utf-8",  # what it is fed, whatever the declaration says
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
    )


def _feed(target: _Builder | _RootOnly, data: bytes, codec: str) -> None:
    parser = _parser(target)
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for start in range(0, len(data), _CHUNK):
            text = decoder.decode(data[start : start + _CHUNK], start + _CHUNK >= len(data))
            parser.feed(text.encode("utf-8"))
        parser.close()
    except UnicodeError as error:
        raise XmlEncodingError(f"not {codec}: {error}") from error
    except etree.XMLSyntaxError as error:
        raise MalformedError(error.msg) from error
    if parser.feed_error_log:
        # Prefixes without a namespace end no parser's work, but leave names that mean nothing.
        raise MalformedError(parser.feed_error_log[0].message)

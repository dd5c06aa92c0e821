"""Reads a document's facts from its bytes."""

from __future__ import annotations

from typing import Final

from posthorn.documents import xml
from posthorn.documents.encoding import looks_like_xml
from posthorn.documents.errors import EmptyError, TooLargeError
from posthorn.documents.limits import LIMITS, Limits
from posthorn.documents.model import Category, Facts, Format
from posthorn.documents.sniff import sniff, xml_format
from posthorn.documents.statements import coda
from posthorn.documents.ubl import header

_STATEMENTS: Final = (Format.CAMT053, Format.MT940)


def read(data: bytes, limits: Limits = LIMITS) -> Facts:
    """Return what the bytes say about the document; what they do not say is None.

    Raises a subclass of DocumentError when they cannot be read as what they are.
    """
    if not data:
        raise EmptyError
    if len(data) > limits.max_bytes:
        raise TooLargeError(f"{len(data)} bytes, at most {limits.max_bytes}")
    if looks_like_xml(data):
        return _read_xml(xml.parse(data, limits).root)
    format_ = sniff(data).format
    return coda.read_facts(data) if format_ is Format.CODA else _known_only(format_)


def _read_xml(root: xml.Element) -> Facts:
    if root.name in header.FORMATS:
        return header.read_facts(root)
    return _known_only(xml_format(root.name))


def _known_only(format_: Format) -> Facts:
    category = Category.STATEMENT if format_ in _STATEMENTS else Category.OTHER
    return Facts(format=format_, category=category)

"""Which characters an XML file's bytes stand for, decided before any parser sees them."""

from __future__ import annotations

import codecs
import re
from typing import Final

from posthorn.documents.errors import XmlDoctypeError, XmlEncodingError

_DECLARED = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_PROLOG_DOCTYPE = re.compile(
    rb"(?:\s++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL | re.IGNORECASE
)
_CODECS: Final = {
    "utf-8": "utf-8",
    "us-ascii": "utf-8",
    "iso-8859-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "windows-1252",
}
_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_REFUSED: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, b"<\0", b"\0<", b"\0\0")


def looks_like_xml(data: bytes) -> bool:
    """Say whether the bytes open the way XML does, in any encoding, readable or not."""
    start = data[:1_024].removeprefix(codecs.BOM_UTF8)
    if start.startswith((*_WIDE, *_REFUSED)):
        start = start.replace(b"\0", b"").lstrip(b"\xff\xfe")
    return start.lstrip().startswith(b"<")


def codec_of(data: bytes) -> str:
    """Return Python's name of the encoding; its decoder also takes the byte order mark away.

    Raises XmlEncodingError for what is not UTF-8, UTF-16 with a byte order mark, ISO-8859-1 or
    -15 or windows-1252, and where the mark and the declaration disagree.
    """
    if data.startswith(_REFUSED):
        raise XmlEncodingError("UTF-32, or UTF-16 without a byte order mark")
    marked = data.startswith((codecs.BOM_UTF8, *_WIDE))
    declared = _declared(data)
    if data.startswith(_WIDE):
        if declared not in (None, "utf-16"):
            raise XmlEncodingError(f"UTF-16 that calls itself {declared}")
        return "utf-16"
    codec = _CODECS.get(declared or "utf-8")
    if codec is None or (marked and codec != "utf-8"):
        raise XmlEncodingError(f"declared as {declared}")
    return "utf-8-sig" if marked else codec


def as_utf8(data: bytes) -> bytes:
    """Return the characters of an XML file as UTF-8 without a byte order mark.

    Raises XmlEncodingError as `codec_of`, and where the bytes are not what they are said to be.
    """
    codec = codec_of(data)
    try:
        text = data.decode(codec)
    except UnicodeError as error:
        raise XmlEncodingError(f"not {codec}: {error}") from error
    return data if codec == "utf-8" else text.encode("utf-8")


def refuse_doctype(data: bytes) -> None:
    """Look at the bytes before the first element only; raises XmlDoctypeError.

    The parser looks again: this one is for a door that must not parse.
    """
    prolog = data.replace(b"\0", b"") if b"\0" in data[:4] else data
    if _PROLOG_DOCTYPE.match(prolog.lstrip(b"\xef\xbb\xbf\xff\xfe")):
        raise XmlDoctypeError


def _declared(data: bytes) -> str | None:
    head = data[:1_024].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    found = _DECLARED.match(head)
    return found[1].decode("ascii").lower() if found else None

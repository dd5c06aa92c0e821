"""Tells what a file is by its content, never by its name."""

from __future__ import annotations

import re
from typing import Final

from posthorn.documents import xml
from posthorn.documents.encoding import looks_like_xml
from posthorn.documents.model import Format
from posthorn.documents.ubl.header import FORMATS

_HEAD = 65_536
_CII: Final = ("rsm:CrossIndustryInvoice", "rsm1:CrossIndustryDocument")

# Febelfin CODA 2.6, record 0: zeros, date, bank, application code 05, duplicate mark, blanks.
_CODA = re.compile(rb"0[0 ]{4}\d{6}[\d ]{3}05[D ] {7}")
_MT940 = re.compile(rb":20:.*?^:25:.*?^:60[FM]:", re.DOTALL | re.MULTILINE)
_MT940_START = re.compile(rb"^(?:\{4:\s*)?:20:", re.MULTILINE)
_MAIL_FIELD = re.compile(rb"[!-9;-~]{1,76}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|$)")
_MAIL_NAMES: Final = frozenset(
    (b"from", b"to", b"subject", b"date", b"received", b"message-id", b"mime-version")
)
_MAIL_ENOUGH = 3

_SIGNATURES: Final = (
    (re.compile(rb"PK(?:\x03\x04|\x05\x06)"), Format.ZIP),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), Format.IMAGE),
    (re.compile(rb"\xff\xd8\xff"), Format.IMAGE),  # JPEG
    (re.compile(rb"GIF8[79]a"), Format.IMAGE),
    (re.compile(rb"II\*\0|MM\0\*"), Format.IMAGE),  # TIFF
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), Format.IMAGE),
    (re.compile(rb".{4}ftyp(?:heic|heix|mif1|msf1|avif)", re.DOTALL), Format.IMAGE),
    # ISO 32000-2, annex I: readers accept the header anywhere in the first 1,024 bytes.
    (re.compile(rb".{0,1019}%PDF-", re.DOTALL), Format.PDF),
    (_CODA, Format.CODA),
)


def sniff(data: bytes) -> Format:
    """Return what the bytes are; broken or hostile XML is Format.XML here, reading it says why."""
    if looks_like_xml(data):
        return xml_format(xml.root_name(data))
    for signature, format_ in _SIGNATURES:
        if signature.match(data):
            return format_
    return _text_format(data[:_HEAD])


def xml_format(root: str | None) -> Format:
    """Return the format of an XML document with a root element of that name."""
    if root in _CII:
        return Format.CII
    if root == "camt:Document":
        return Format.CAMT053
    return FORMATS.get(root or "", Format.XML)


def _text_format(head: bytes) -> Format:
    start = _MT940_START.search(head)
    if start and _MT940.match(head, start.end() - len(b":20:")):
        return Format.MT940
    return Format.EML if _is_mail(head) else Format.UNKNOWN


def _is_mail(head: bytes) -> bool:
    names, position = set(), 0
    while found := _MAIL_FIELD.match(head, position):
        names.add(found[0].partition(b":")[0].lower())
        position = found.end()
    return len(names & _MAIL_NAMES) >= _MAIL_ENOUGH

"""Tells what a file is by its content, never by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from posthorn.documents.encoding import looks_like_xml
from posthorn.documents.formats import Format, xml_format
from posthorn.documents.heads import Head, head_of
from posthorn.documents.profiles import Profile, profile_of

_HEAD = 65_536

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


class Confidence(StrEnum):
    """How sure the content makes it."""

    CERTAIN = "certain"  # a namespace, or a signature made for the purpose
    LIKELY = "likely"  # the shape fits, no mark says so
    NONE = "none"  # nothing known fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Sniffed:
    """What a file is."""

    format: Format
    confidence: Confidence = Confidence.CERTAIN
    profile: Profile = Profile.NONE  # of an e-invoice
    is_enveloped: bool = False  # inside a Standard Business Document (SBDH)


def sniff(data: bytes) -> Sniffed:
    """Return what the bytes are; broken or hostile XML is Format.XML here, reading it says why.

    A PDF is Format.PDF here: whether an invoice is inside shows when it is opened, by `read`.
    """
    if looks_like_xml(data):
        return _of_xml(head_of(data))
    for signature, format_ in _SIGNATURES:
        if signature.match(data):
            return Sniffed(format=format_)
    return _of_text(data[:_HEAD])


def _of_xml(head: Head) -> Sniffed:
    customization = head.values.get("cbc:CustomizationID") or head.values.get("guideline")
    return Sniffed(
        format=xml_format(head.root),
        confidence=Confidence.CERTAIN if head.root else Confidence.LIKELY,
        profile=profile_of(customization, head.values.get("cbc:UBLVersionID")),
        is_enveloped=head.is_enveloped,
    )


def _of_text(head: bytes) -> Sniffed:
    # Mail first: it may carry statements as they are.
    if _is_mail(head):
        return Sniffed(format=Format.EML, confidence=Confidence.LIKELY)
    start = _MT940_START.search(head)
    if start and _MT940.match(head, start.end() - len(b":20:")):
        return Sniffed(format=Format.MT940, confidence=Confidence.LIKELY)
    return Sniffed(format=Format.UNKNOWN, confidence=Confidence.NONE)


def _is_mail(head: bytes) -> bool:
    names, position = set(), 0
    while found := _MAIL_FIELD.match(head, position):
        names.add(found[0].partition(b":")[0].lower())
        position = found.end()
    return len(names & _MAIL_NAMES) >= _MAIL_ENOUGH

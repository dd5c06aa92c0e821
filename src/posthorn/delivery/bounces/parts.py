"""Reads a mail that came from anywhere: bounded in size, parts and depth, never an exception."""

from __future__ import annotations

import base64
import binascii
import re
from collections import deque
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser, HeaderParser
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    _Mail = Message[str, str]  # generic to the stubs alone

MAX_BYTES = 262_144
MAX_PARTS = 60
MAX_CHARS = 65_536
_MAX_CONTAINERS = 30
_MAX_HEADERS = 200
_MAX_HEADER_CHARS = 4_000
# What opens one level more for the parser, which calls itself for each.
_CONTAINER = re.compile(rb"boundary\s*=|content-type:\s*message/", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,2000}>")
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li)\b[^>]{0,200}>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(style|script|head)\b.{0,20000}?</\1>", re.IGNORECASE | re.DOTALL)

# The parser's own faults with crooked mail.
_CROOKED = (RecursionError, LookupError, ValueError, AttributeError, TypeError, AssertionError)

Headers = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail in the parts that matter here; header names are in lower case."""

    headers: Mapping[str, tuple[str, ...]]
    report_type: str
    text: str
    blocks: tuple[
        Mapping[str, tuple[str, ...]], ...
    ]  # of message/delivery-status, the first one first
    returned: Mapping[str, tuple[str, ...]]  # the headers of the mail that came back

    def first(self, name: str) -> str:
        """Return the first header of that name, or an empty text."""
        return first(self.headers, name)


def first(headers: Mapping[str, tuple[str, ...]], name: str) -> str:
    """Return the first value of a header, or an empty text."""
    return headers.get(name, ("",))[0]


def read_mail(raw: bytes) -> Mail:
    """Read a mail's first 256 kB; one nested too deep is read as the text it is."""
    octets = raw[:MAX_BYTES]
    if sum(1 for _ in _CONTAINER.finditer(octets)) > _MAX_CONTAINERS:
        return _as_text(octets)
    try:
        return _taken_apart(BytesParser().parsebytes(octets))
    except _CROOKED:
        return _as_text(octets)


def _as_text(octets: bytes) -> Mail:
    _, _, rest = octets.replace(b"\r\n", b"\n").partition(b"\n\n")
    text = rest.decode("latin-1")[:MAX_CHARS]
    return Mail(headers=head_of(octets), report_type="", text=text, blocks=(), returned={})


def head_of(raw: bytes) -> Headers:
    """Read a mail's headers and nothing else."""
    head = raw[:MAX_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    try:
        return headers_of(BytesHeaderParser().parsebytes(head + b"\n\n"))
    except _CROOKED:
        return {}


def _taken_apart(whole: _Mail) -> Mail:
    plain: list[str] = []
    rich: list[str] = []
    blocks: list[Headers] = []
    returned: Headers = {}
    for part in _leaves(whole):
        kind = part.get_content_type()
        if kind.endswith("delivery-status"):
            blocks += _blocks(part)
        elif kind in {"message/rfc822", "message/global"} or kind.endswith("-headers"):
            returned = returned or _returned(part)
        elif kind == "text/plain":
            plain.append(_text(part))
        elif kind == "text/html":
            rich.append(_without_markup(_text(part)))
    return Mail(
        headers=headers_of(whole),
        report_type=str(whole.get_param("report-type", "") or "").lower(),
        text="\n".join(plain or rich)[:MAX_CHARS],
        blocks=tuple(blocks[:MAX_PARTS]),
        returned=returned,
    )


def _leaves(whole: _Mail) -> Iterator[_Mail]:
    """Give the parts that are no multipart, in order; what lies in a returned mail stays in it."""
    waiting, seen = deque([whole]), 0
    while waiting and seen < MAX_PARTS:
        part, seen = waiting.popleft(), seen + 1
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extendleft(reversed(_children(part)))
        else:
            yield part


def _children(part: _Mail) -> list[_Mail]:
    inside = part.get_payload()
    found = inside if isinstance(inside, list) else []
    return [one for one in found if isinstance(one, Message)][:MAX_PARTS]


def headers_of(part: _Mail) -> Headers:
    """Return a part's headers, unfolded and decoded, bounded in number and length."""
    found: Headers = {}
    for name, value in list(part.raw_items())[:_MAX_HEADERS]:
        # Some send UTF-8 as it is; the parser keeps such octets as surrogates.
        plain = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        said = _decoded(" ".join(plain.split()))[:_MAX_HEADER_CHARS]
        found[name.lower()] = (*found.get(name.lower(), ()), said)
    return found


def _decoded(value: str) -> str:
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value[:_MAX_HEADER_CHARS])))
    except (*_CROOKED, MessageError):
        return value


def _text(part: _Mail) -> str:
    try:
        octets = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        octets = None
    if not isinstance(octets, bytes):
        return ""
    charset = part.get_content_charset("latin-1")
    try:
        return octets.decode(charset, "replace")[:MAX_CHARS]
    except (LookupError, ValueError):
        return octets.decode("latin-1")[:MAX_CHARS]


def _without_markup(text: str) -> str:
    shown = _TAG.sub("", _BREAK.sub("\n", _UNSEEN.sub("", text)))
    return unescape(shown)


def _returned(part: _Mail) -> Headers:
    """Return the headers of the mail inside: a whole one, or its headers as a text."""
    inside = _children(part)
    if inside:
        return headers_of(inside[0])
    return headers_of(HeaderParser().parsestr(_text(part).lstrip()))


def _blocks(part: _Mail) -> list[Headers]:
    """Return the groups of fields of a status report (RFC 3464, section 2.1)."""
    inside = _children(part)
    if part.get("content-transfer-encoding", "").strip().lower() == "base64":
        return _groups(_unwrapped("".join(_bodies(inside))))
    # message/global-delivery-status is unknown to the parser: its later groups are one body.
    later = [group for one in inside for group in _groups(_body(one))]
    found = [headers_of(one) for one in inside] + later
    return [one for one in found if one] or _groups(_text(part))


def _bodies(parts: Iterable[_Mail]) -> Iterator[str]:
    for part in parts:
        yield _body(part)


def _body(part: _Mail) -> str:
    inside = part.get_payload()
    return inside if isinstance(inside, str) else ""


def _unwrapped(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split())).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _groups(text: str) -> list[Headers]:
    groups = re.split(r"\r?\n[ \t]*\r?\n", text.strip())[:MAX_PARTS]
    found = [headers_of(HeaderParser().parsestr(group)) for group in groups if ":" in group]
    return [one for one in found if one]

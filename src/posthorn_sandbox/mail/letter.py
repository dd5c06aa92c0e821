"""Reads a stored message for people: headers, text and attachments, whatever the sender wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32, default

# RFC 6838, 4.2: anything else came from a malformed or hostile header.
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One attached file, decoded."""

    file_name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message as read: headers in their order, all plain text, attachments from number 0."""

    headers: tuple[tuple[str, str], ...]
    text: str
    attachments: tuple[Attachment, ...]


def read_letter(content: bytes) -> Letter:
    """Return what can be read; bytes nobody can decode become replacement characters."""
    # compat32 never raises on a malformed header, where the newer policies do.
    parsed = BytesParser(policy=compat32).parsebytes(content)
    leaves = [part for part in parsed.walk() if not part.is_multipart()]
    attachments = [part for part in leaves if _is_attachment(part)]
    texts = [_text(part) for part in leaves if part not in attachments and _is_plain(part)]
    return Letter(
        headers=tuple((name, decode_header(name, value)) for name, value in parsed.items()),
        text="\n".join(texts),
        attachments=tuple(_attachment(part, place) for place, part in enumerate(attachments)),
    )


def decode_header(name: str, value: object) -> str:
    """Return a header's text on one line, encoded words decoded where that is possible."""
    text = " ".join(str(value).encode("utf-8", "replace").decode().split())
    try:
        text = str(default.header_factory(name, text))
    except Exception:  # noqa: BLE001  the header registry raises assorted errors on hostile words
        return text
    return text.encode("utf-8", "replace").decode()


def _is_plain(part: Message) -> bool:
    return part.get_content_type() == "text/plain"


def _is_attachment(part: Message) -> bool:
    return part.get_filename() is not None or part.get_content_disposition() == "attachment"


def _text(part: Message) -> str:
    raw = _bytes(part)
    try:
        return raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _bytes(part: Message) -> bytes:
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def _attachment(part: Message, place: int) -> Attachment:
    media_type = part.get_content_type()
    return Attachment(
        file_name=decode_header("X-File-Name", part.get_filename() or f"attachment-{place}"),
        media_type=media_type if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream",
        content=_bytes(part),
    )

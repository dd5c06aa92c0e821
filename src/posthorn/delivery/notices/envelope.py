"""Makes the bytes of a notice: the same on every try, so that a copy is known as one."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from posthorn.kernel.redact import clean

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from posthorn.delivery.notices.ports import Words

_PRODUCT = "Posthorn"
_MAX_SUBJECT = 200


def message_of(words: Words, *, sender: str, recipient: str, key: UUID, at: datetime) -> bytes:
    """Build a mail with a plain text and an HTML part, lines ended by CRLF."""
    message = EmailMessage(SMTP)
    message["From"] = Address(_PRODUCT, addr_spec=sender)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = subject_line(words.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<notice.{key.hex}@{sender.rpartition('@')[2]}>"
    # RFC 3834 section 5: nobody's holiday answer comes back.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(words.text, cte="quoted-printable")
    message.add_alternative(words.page, subtype="html", cte="quoted-printable")
    message.set_boundary(f"notice-{key.hex}")
    return message.as_bytes()


def subject_line(text: str) -> str:
    """Write a subject on one line, without anything invisible; names in it are foreign text."""
    line = " ".join(clean(text).split())
    return line if len(line) <= _MAX_SUBJECT else f"{line[: _MAX_SUBJECT - 1]}…"

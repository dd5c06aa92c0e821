"""Reads the mailbox to which bounces go; a letter is marked once it is kept, and found by content.

Nothing is remembered about numbers: a mailbox that was rebuilt (another UIDVALIDITY, numbers used
anew) is read again, and what we have is recognised by its bytes (paperless-ngx lost mail by
numbers, #10080).
"""

from __future__ import annotations

import imaplib
import logging
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from posthorn.delivery.bounces.keeping import addressed_to, keep
from posthorn.delivery.bounces.parts import MAX_BYTES
from posthorn.kernel.clock import now

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from posthorn.delivery.bounces.doors import Mailbox

_log = logging.getLogger(__name__)
_TIMEOUT_S = 30.0
_AT_ONCE = 100
_SINCE = timedelta(days=30)
_MARK = (
    "PosthornTaken"  # a keyword of our own: somebody who reads the mailbox hides nothing from us
)
_MOST_LITERAL = MAX_BYTES + 4_096
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class MailboxError(Exception):
    """Look at POSTHORN_BOUNCE_MAILBOX and its server: the mailbox could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one look into the mailbox found: letters that were new, and those we had."""

    new: int
    known: int


class _Line(imaplib.IMAP4_SSL):
    """A connection that reads no more than we asked for, whatever the server announces."""

    def read(self, size: int) -> bytes:
        """Read a literal; raises imaplib's abort for one that is larger than we asked for."""
        if size > _MOST_LITERAL:
            raise self.abort("literal too large")
        return super().read(size)


def look(mailbox: Mailbox, *, ca: Path | None) -> Visit:
    """Take in the newest hundred letters that carry no mark of ours. Raises MailboxError."""
    trust = ssl.create_default_context(cafile=ca)
    try:
        line = _Line(mailbox.host, mailbox.port, ssl_context=trust, timeout=_TIMEOUT_S)
        try:
            line.login(mailbox.username, mailbox.password)
            visit = _visit(line, mailbox.folder)
            line.logout()
            return visit
        finally:
            with suppress(OSError):  # it is closed already after a proper goodbye
                line.shutdown()
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        # The server's words may repeat the password.
        raise MailboxError(type(error).__name__) from None


def _visit(line: _Line, folder: str) -> Visit:
    status, _ = line.select(f'"{folder}"')
    if status != "OK":
        raise MailboxError("no such folder")
    new = known = 0
    for number in _unmarked(line, keeps_marks=_keeps_marks(line)):
        letter = _fetch(line, number)
        if letter is None:
            continue
        is_new = keep(letter, source="imap", sender=None, recipients=addressed_to(letter))
        new, known = new + is_new, known + (not is_new)
        line.uid("STORE", number, "+FLAGS.SILENT", rf"(\Seen {_MARK})")
    return Visit(new=new, known=known)


def _keeps_marks(line: _Line) -> bool:
    """Tell whether the mailbox keeps keywords of our own (RFC 3501 section 7.1, PERMANENTFLAGS)."""
    _, said = line.response("PERMANENTFLAGS")
    flags = b" ".join(one for one in said or [] if isinstance(one, bytes))
    return rb"\*" in flags or _MARK.encode() in flags


def _unmarked(line: _Line, *, keeps_marks: bool) -> Sequence[str]:
    day = now() - _SINCE
    since = f"{day.day:02}-{_MONTHS[day.month - 1]}-{day.year}"  # never in the locale's words
    wanted = ("UNKEYWORD", _MARK) if keeps_marks else ("UNSEEN",)
    _, found = line.uid("SEARCH", *wanted, "SINCE", since)
    numbers = found[0].split() if found and isinstance(found[0], bytes) else []
    return [number.decode("ascii") for number in numbers[-_AT_ONCE:]]


def _fetch(line: _Line, number: str) -> bytes | None:
    """Fetch the beginning of a letter, leaving it unread."""
    _, found = line.uid("FETCH", number, f"(BODY.PEEK[]<0.{MAX_BYTES}>)")
    for item in found or []:
        if isinstance(item, tuple) and isinstance(item[1], bytes):
            return item[1]
    return None

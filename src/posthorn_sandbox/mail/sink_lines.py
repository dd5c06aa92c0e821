"""The sink's side of one SMTP connection, written for little work per message."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

_END = b"\r\n.\r\n"
_FIRST_BUFFER_BYTES = 98_304
# Room for the end of line that content gets in front.
_SPARE_BYTES = 2
_MAX_COMMAND_BYTES = 8_192
_MESSAGE_ID = re.compile(rb"\nmessage-id:[ \t]*(?:\r\n[ \t]+)?([^\r\n]*)", re.IGNORECASE)

BANNER = b"220 sink.sandbox.invalid ESMTP Posthorn sandbox sink\r\n"
STORED = b"250 2.0.0 Stored\r\n"
_EHLO = b"250-sink.sandbox.invalid\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250 8BITMIME\r\n"
_OK = b"250 2.0.0 Ok\r\n"
_SEND_CONTENT = b"354 End data with <CR><LF>.<CR><LF>\r\n"
_BYE = b"221 2.0.0 Bye\r\n"
_NO_RECIPIENT = b"503 5.5.1 Name a recipient first\r\n"
_UNKNOWN = b"500 5.5.2 Not understood\r\n"


class Keeps(StrEnum):
    """How much a sink remembers of a message; a digest of 60 kB costs more than all the rest."""

    COUNTS = "counts"
    RECORDS = "records"
    DIGESTS = "digests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One message the sink has, for one recipient.

    `mail_at` and `accepted_at` are Unix seconds; `sha256` is of the content after dot-unstuffing,
    and empty unless digests are kept.
    """

    message_id: str
    recipient: str
    sha256: str
    mail_at: float
    accepted_at: float


@dataclass(slots=True, kw_only=True)
class Arrived:
    """A complete message before it counts as accepted."""

    recipients: list[bytes]
    mail_at: float
    size: int
    message_id: bytes = b""
    sha256: str = ""

    def accepted(self, at: float) -> list[Accepted]:
        """Return a record per recipient."""
        message_id = self.message_id.decode("utf-8", "replace").strip()
        return [
            Accepted(
                message_id=message_id,
                recipient=recipient.decode("utf-8", "replace"),
                sha256=self.sha256,
                mail_at=self.mail_at,
                accepted_at=at,
            )
            for recipient in self.recipients
        ]


class SinkLine:
    """One connection: `on_readable` reads what is there, answers, and hands over messages.

    The content is received into one buffer and searched where it lies; nothing of it is copied.
    """

    def __init__(
        self,
        peer: socket.socket,
        on_message: Callable[[SinkLine, Arrived], None],
        *,
        keeps: Keeps,
    ) -> None:
        self.peer = peer
        self.is_open = True
        self._on_message = on_message
        self._keeps = keeps
        self._buffer = bytearray(_FIRST_BUFFER_BYTES)
        self._view = memoryview(self._buffer)
        self._used = 0
        self._in_content = False
        self._is_waiting = False
        self._is_handling = False
        self._recipients: list[bytes] = []
        self._mail_at = 0.0

    def on_readable(self) -> None:
        """Read once and handle it; closes the line when the other side did."""
        used = self._used
        try:
            count = self.peer.recv_into(self._view[used:-_SPARE_BYTES])
        except BlockingIOError:
            return
        except OSError:
            count = 0
        if not count:
            self.is_open = False
            return
        self._used = used + count
        if not self._is_waiting:
            self._handle(used)
        if self._used == len(self._buffer) - _SPARE_BYTES:
            self._grow()

    def answer(self, reply: bytes) -> None:
        """Send a reply; a peer that does not take it loses the line."""
        try:
            if self.peer.send(reply) == len(reply):
                return
        except OSError:
            pass
        self.is_open = False

    def finish(self) -> None:
        """Answer the final dot and go on with what the client sent meanwhile."""
        self._is_waiting = False
        if not self.is_open:
            return
        self.answer(STORED)
        if self._used and not self._is_handling:
            self._handle(0)

    def _handle(self, start: int) -> None:
        self._is_handling = True
        while self._used and self.is_open and not self._is_waiting:
            is_done = self._take_content(start) if self._in_content else self._take_command()
            if not is_done:
                break
            start = 0
        self._is_handling = False

    def _take_command(self) -> bool:
        end = self._buffer.find(b"\n", 0, self._used)
        if end < 0:
            if self._used > _MAX_COMMAND_BYTES:
                self.is_open = False
            return False
        command = bytes(self._view[: end + 1])
        self._shift(end + 1)
        self._obey(command)
        return True

    def _obey(self, command: bytes) -> None:
        verb = command[:4].upper()
        if verb == b"MAIL":
            self._mail_at = time.time()
            self._recipients = []
            self.answer(_OK)
        elif verb == b"RCPT":
            self._recipients.append(command[command.find(b"<") + 1 : command.rfind(b">")])
            self.answer(_OK)
        elif verb == b"DATA":
            self._start_content()
        else:
            self._obey_rare(verb)

    def _obey_rare(self, verb: bytes) -> None:
        if verb == b"EHLO":
            self.answer(_EHLO)
        elif verb in {b"HELO", b"NOOP", b"RSET"}:
            if verb == b"RSET":
                self._recipients = []
            self.answer(_OK)
        elif verb == b"QUIT":
            self.answer(_BYE)
            self.is_open = False
        else:
            self.answer(_UNKNOWN)

    def _start_content(self) -> None:
        if not self._recipients:
            self.answer(_NO_RECIPIENT)
            return
        # With an end of line in front, a dot at the very start is found like any other.
        self._buffer[2 : self._used + 2] = self._buffer[: self._used]
        self._buffer[:2] = b"\r\n"
        self._used += 2
        self._in_content = True
        self.answer(_SEND_CONTENT)

    def _take_content(self, start: int) -> bool:
        end = self._buffer.find(_END, max(0, start - len(_END) + 1), self._used)
        if end < 0:
            return False
        arrived = self._arrived(end + 2)
        self._shift(end + len(_END))
        self._in_content = False
        self._is_waiting = True
        self._recipients = []
        self._on_message(self, arrived)
        return True

    def _arrived(self, end: int) -> Arrived:
        arrived = Arrived(recipients=self._recipients, mail_at=self._mail_at, size=end - 2)
        if self._keeps is not Keeps.COUNTS:
            head = self._buffer.find(b"\r\n\r\n", 0, end)
            found = _MESSAGE_ID.search(self._buffer, 0, head if head >= 0 else end)
            arrived.message_id = found.group(1) if found else b""
        if self._keeps is Keeps.DIGESTS:
            arrived.sha256 = self._digest(end)
        return arrived

    def _digest(self, end: int) -> str:
        if self._buffer.find(b"\r\n.", 0, end) < 0:
            return sha256(self._view[2:end]).hexdigest()
        return sha256(self._buffer[:end].replace(b"\r\n.", b"\r\n")[2:]).hexdigest()

    def _shift(self, count: int) -> None:
        left = self._used - count
        if left:
            self._buffer[:left] = self._buffer[count : self._used]
        self._used = left

    def _grow(self) -> None:
        self._view.release()
        self._buffer.extend(bytes(len(self._buffer)))
        self._view = memoryview(self._buffer)

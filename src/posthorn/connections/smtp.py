"""One SMTP connection, exact about what has been said and what has been heard."""

from __future__ import annotations

import re
import select
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from posthorn.kernel.redact import redact

if TYPE_CHECKING:
    from collections.abc import Sequence

REPLY_MAX_BYTES = 65_536
_PIECE_BYTES = 4_096
_REPLY_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)
_CLOSING = 421


class LineLostError(Exception):
    """The line broke, fell silent or carried no SMTP; the message says which."""


class ClosingError(Exception):
    """The relay answered 421: it closes this connection and takes nothing more on it."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Longest waits in seconds: to connect and be greeted, for a reply, for the last reply."""

    connect_s: float
    reply_s: float
    accept_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One reply, all its lines."""

    code: int
    lines: tuple[bytes, ...] = field(repr=False)
    is_cut: bool = False  # it went on beyond the bytes we read

    @property
    def is_positive(self) -> bool:
        """Tell whether it says yes."""
        return self.code // 100 == 2  # noqa: PLR2004  RFC 5321 section 4.2.1

    @property
    def is_temporary(self) -> bool:
        """Tell whether it says: not now."""
        return self.code // 100 == 4  # noqa: PLR2004

    @property
    def is_permanent(self) -> bool:
        """Tell whether it says: never."""
        return self.code // 100 == 5  # noqa: PLR2004

    def said(self, secrets: Sequence[str]) -> str:
        """Return code and text on one line, redacted, at most 2,000 characters."""
        text = b" ".join(self.lines).decode("utf-8", "replace")
        return redact(f"{self.code} {text}".rstrip(), secrets)


class Line(smtplib.SMTP):
    """A connection on which every wait has an end and every reply a bound.

    smtplib builds the commands; reading and writing are ours, because its replies are unbounded,
    its time-outs start anew with every byte, and its errors do not tell what had been sent.
    """

    sock: socket.socket | None

    def __init__(self, host: str, times: Times, secrets: Sequence[str] = ()) -> None:
        super().__init__(local_hostname="localhost")
        self._host = host  # what TLS verifies
        self.times = times
        self.secrets = tuple(secrets)
        self.is_usable = False  # may carry another message
        self.is_reused = False
        self.needs_reset = False
        self._unread = bytearray()

    def open(self, addresses: Sequence[str], port: int, tls: ssl.SSLContext | None) -> None:
        """Connect to the first address that answers, with TLS from the first byte if given.

        Raises LineLostError, ssl.SSLError.
        """
        deadline = time.monotonic() + self.times.connect_s
        self.sock = _connected(addresses, port, deadline)
        # Else the final dot waits for the acknowledgement of the text before it.
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.local_hostname = _literal(str(self.sock.getsockname()[0]))
        if tls is not None:
            self.secure(tls)
        self.is_usable = True

    def secure(self, tls: ssl.SSLContext) -> None:
        """Go on with TLS. Raises ssl.SSLError, LineLostError."""
        plain = self._open_socket()
        if self._unread:
            # RFC 3207 section 6: what came before TLS may be somebody else's.
            raise LineLostError("the relay spoke between STARTTLS and TLS")
        plain.settimeout(self.times.connect_s)
        try:
            self.sock = tls.wrap_socket(plain, server_hostname=self._host)
        except ssl.SSLError:
            raise
        except (OSError, ValueError) as error:
            raise LineLostError(f"TLS failed: {_words(error)}") from None
        self.esmtp_features = {}

    def max_size(self) -> int | None:
        """Return the largest message in bytes that the relay names; None when it names none."""
        named = self.esmtp_features.get("size", "").strip()
        # RFC 1870 section 4: a zero, or nothing, says that there is no fixed limit.
        return int(named) or None if named.isdecimal() else None

    def ask(self, command: str) -> Reply:
        """Send one command and return its reply. Raises LineLostError, ClosingError."""
        self.putcmd(command)
        return self.read_reply(self.times.reply_s)

    def getreply(self) -> tuple[int, bytes]:
        """Read a reply for smtplib's own commands."""
        reply = self.read_reply(self.times.reply_s)
        return reply.code, b"\n".join(reply.lines)

    def send(self, s: object) -> None:
        """Write a command for smtplib."""
        if not isinstance(s, str):  # pragma: no cover  smtplib passes text
            raise TypeError("commands are text")
        self.put(s.encode("utf-8"))  # beyond ASCII only where the relay offers SMTPUTF8

    def put(self, data: bytes) -> None:
        """Write bytes, within the time of one reply. Raises LineLostError."""
        line = self._open_socket()
        try:
            line.settimeout(self.times.reply_s)
            line.sendall(data)
        except OSError as error:
            self.is_usable = False
            raise LineLostError(_words(error)) from error

    def read_reply(self, limit_s: float) -> Reply:
        """Read one whole reply within a time in seconds. Raises LineLostError, ClosingError."""
        try:
            reply = self._read_reply(time.monotonic() + limit_s)
        except LineLostError:
            self.is_usable = False
            raise
        if reply.is_cut or reply.code == _CLOSING:
            self.is_usable = False
        if reply.code == _CLOSING:
            raise ClosingError(reply.said(self.secrets))
        return reply

    def has_spoken(self) -> bool:
        """Tell whether something unasked-for waits: a reply ahead of its time, or the end."""
        if self._unread:
            return True
        line = self._open_socket()
        if isinstance(line, ssl.SSLSocket) and line.pending():
            return True
        poll = select.poll()
        poll.register(line, select.POLLIN)
        return bool(poll.poll(0))

    def tls_words(self) -> str:
        """Return version and cipher of the line, empty when it is plain."""
        cipher = self.sock.cipher() if isinstance(self.sock, ssl.SSLSocket) else None
        return f"{cipher[1]} {cipher[0]}" if cipher else ""

    def leave(self) -> None:
        """Say QUIT without waiting for an answer, and close."""
        self.is_usable = False
        if self.sock is not None:
            try:
                self.sock.settimeout(1)
                self.sock.sendall(b"QUIT\r\n")
            except OSError:
                pass  # it is gone already, which is what was wanted
        self.close()

    def _open_socket(self) -> socket.socket:
        if self.sock is None:
            raise LineLostError("the line is closed")
        return self.sock

    def _read_reply(self, deadline: float) -> Reply:
        lines: list[bytes] = []
        left = REPLY_MAX_BYTES
        while True:
            text = self._read_line(deadline, left)
            left -= len(text)
            found = _REPLY_LINE.fullmatch(text.rstrip(b"\r\n"))
            if found is None:
                raise LineLostError("the answer is no SMTP reply")
            code, dash, rest = found.groups()
            lines.append(rest or b"")
            is_cut = not text.endswith(b"\n")
            if is_cut or dash != b"-" or left <= 0:
                # RFC 5321 section 4.2.1: the code is the same on every line of a reply.
                is_cut = is_cut or dash == b"-"
                return Reply(code=int(code), lines=tuple(lines), is_cut=is_cut)

    def _read_line(self, deadline: float, max_bytes: int) -> bytes:
        """Return one line with its end, or the first bytes of one that is longer than allowed."""
        while True:
            end = self._unread.find(b"\n", 0, max_bytes)
            if end >= 0 or len(self._unread) >= max_bytes:
                size = end + 1 if end >= 0 else max_bytes
                text = bytes(self._unread[:size])
                del self._unread[:size]
                return text
            self._unread += self._receive(deadline)

    def _receive(self, deadline: float) -> bytes:
        line = self._open_socket()
        left = deadline - time.monotonic()
        if left <= 0:
            raise LineLostError("no answer in time")
        try:
            line.settimeout(left)
            data = line.recv(_PIECE_BYTES)
        except OSError as error:
            raise LineLostError(_words(error)) from error
        if not data:
            raise LineLostError("the relay closed the line")
        return data


def _connected(addresses: Sequence[str], port: int, deadline: float) -> socket.socket:
    reason = "the host has no address"
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((address, port), timeout=left)
        except OSError as error:
            reason = f"{address} port {port}: {_words(error)}"
    raise LineLostError(reason)


def _literal(address: str) -> str:
    # RFC 5321 section 4.1.3: right for every host, also for one that has no public name.
    return f"[IPv6:{address.partition('%')[0]}]" if ":" in address else f"[{address}]"


def _words(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(getattr(error, "strerror", None) or error)

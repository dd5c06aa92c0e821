"""A mailer on a sandbox receiver, and a relay that says just what a test scripts."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

import pytest

from posthorn.connections.mail import RelayMailer, Switchboard, Terms
from posthorn.connections.relays import Endpoint, LineSecurity
from posthorn.connections.smtp import Times

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from posthorn_sandbox.mail import Receiver

SENDER = "facturen@kantoor.example"
RECIPIENT = "inkoop@pakket.example"
MESSAGE = b"Subject: Invoice 2026-17\r\n\r\nSee the attachment.\r\n"
MEDIUM = b"Subject: Invoice 2026-17\r\n\r\n" + (b"x" * 76 + b"\r\n") * 5_000
LARGE = MEDIUM * 50
QUICK = Times(connect_s=1.0, reply_s=1.0, accept_s=1.0)
TERMS = Terms(times=QUICK, ca=None, allow_private=frozenset(), concurrency=8)


def terms(*, ca: Path | None = None, allow: Sequence[str] = (), concurrency: int = 8) -> Terms:
    """Give quick terms."""
    return replace(TERMS, ca=ca, allow_private=frozenset(allow), concurrency=concurrency)


_boards: list[Switchboard] = []


def switchboard(wanted: Terms = TERMS) -> Switchboard:
    """Give a switchboard whose lines are closed after the test."""
    _boards.append(Switchboard(wanted))
    return _boards[-1]


@pytest.fixture(autouse=True)
def closed_lines() -> Iterator[None]:
    """Close every line that a test left open; import it where lines are used."""
    yield
    while _boards:
        assert _boards.pop().close_idle(0.0) == 0


def endpoint(address: tuple[str, int], security: LineSecurity = LineSecurity.NONE) -> Endpoint:
    """Give the operator's endpoint at an address."""
    host, port = address
    return Endpoint(host=host, port=port, security=security, is_operators=True)


def mailer_on(receiver: Receiver, board: Switchboard | None = None) -> RelayMailer:
    """Give a mailer over a plain line."""
    return RelayMailer(
        switchboard=board or switchboard(), endpoint=endpoint(receiver.smtp), sender=SENDER
    )


def free_port() -> int:
    """Give a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass(slots=True, kw_only=True)
class Script:
    """A relay that answers line by line from a list; `heard` keeps what clients wrote.

    An answer of None closes the line; `content` is answered in the middle of the content.
    """

    answers: Sequence[bytes | None]
    content: bytes = b""
    heard: list[bytes] = field(default_factory=list)
    address: tuple[str, int] = ("", 0)

    @contextmanager
    def serving(self) -> Iterator[Self]:
        """Listen on loopback, one connection after the other."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.address = server.getsockname()
            thread = threading.Thread(target=self._serve, args=(server,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown(socket.SHUT_RDWR)
                thread.join(timeout=5)

    def _serve(self, server: socket.socket) -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            # A client that leaves without reading our last answer resets or breaks the line.
            with line, suppress(ConnectionError):
                self._speak(line)

    def _speak(self, line: socket.socket) -> None:
        reader = line.makefile("rb")
        for answer in self.answers:
            if answer is None:
                return
            line.sendall(answer)
            if answer.startswith(b"354"):
                self._hear_content(line, reader.readline)
            else:
                self.heard.append(reader.readline())

    def _hear_content(self, line: socket.socket, readline: object) -> None:
        if self.content:
            line.sendall(self.content)
        assert callable(readline)
        while True:
            text = readline()
            self.heard.append(text)
            if text in {b".\r\n", b""}:
                return

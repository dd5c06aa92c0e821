"""A package on loopback that answers each call just as a test scripts it."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from uuid import UUID

import pytest

from posthorn.connections.exchange import Exchange, HttpTerms
from posthorn.connections.http import Caller, GuardedHttp
from posthorn.connections.reach import Origin, Reach

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from posthorn.connections.http import Login
    from posthorn.connections.ports import Meter

CALLER = Caller(firm=UUID(int=1), connection=UUID(int=2), connector_id="ledger", revision=1)
_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)


def answer(
    status: int = 200, body: bytes = b"{}", *, headers: Sequence[str] = ()
) -> Callable[[socket.socket], None]:
    """Answer whole, and keep the line."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers]
    whole = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
    return say(whole)


def say(raw: bytes) -> Callable[[socket.socket], None]:
    """Send these very bytes."""
    return lambda line: line.sendall(raw)


def hang_up(line: socket.socket) -> None:
    """Close without a word more."""
    line.shutdown(socket.SHUT_RDWR)


def fall_silent(line: socket.socket) -> None:
    """Wait until the other side has gone."""
    with suppress(OSError):
        line.recv(1)


def drip(line: socket.socket) -> None:
    """Send a header byte by byte, for ever."""
    line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    waiting = threading.Event()
    with suppress(OSError):
        while not waiting.wait(0.02):
            line.sendall(b"x")


@dataclass(slots=True)
class Package:
    """Takes calls one after another; the n-th call gets the n-th act, the last one repeats."""

    acts: Sequence[Callable[[socket.socket], None]]
    tls: ssl.SSLContext | None = None
    heard: list[bytes] = field(default_factory=list)  # each request as it came
    lines: int = 0
    _server: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Where it listens."""
        found: int = self._server.getsockname()[1]
        return found

    @property
    def pair(self) -> str:
        """How POSTHORN_ALLOW_PRIVATE names it."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # A thread that waits in accept() is woken by this, and by closing alone it is not.
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for line in self._open:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._server.accept()
                self.lines += 1
                self._open.append(line)
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        try:
            if self.tls is not None:
                line = self.tls.wrap_socket(line, server_side=True)
                self._open.append(line)
            while request := _request(line):
                self.heard.append(request)
                place = min(len(self.heard), len(self.acts)) - 1
                self.acts[place](line)
        except OSError:
            pass  # the other side is gone
        finally:
            line.close()  # one that came in while the package closed is closed by nobody else


def _request(line: socket.socket) -> bytes:
    """Read one request whole; empty when the line ends."""
    found = b""
    while b"\r\n\r\n" not in found:
        piece = line.recv(65_536)
        if not piece:
            return b""
        found += piece
    head, _, body = found.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    missing = (int(length[1]) if length else 0) - len(body)
    while missing > 0:
        piece = line.recv(65_536)
        if not piece:
            return b""
        body += piece
        missing -= len(piece)
    return head + b"\r\n\r\n" + body


_exchanges: list[Exchange] = []


@pytest.fixture(autouse=True)
def closed_calls() -> Iterator[None]:
    """Close every line that a test left open; import it where calls are made."""
    yield
    while _exchanges:
        assert _exchanges.pop().close_idle(0.0) == 0


def exchange(terms: HttpTerms) -> Exchange:
    """Give lines that are closed after the test."""
    _exchanges.append(Exchange(terms))
    return _exchanges[-1]


def http_to(
    package: Package,
    *,
    allow: Sequence[str] | None = None,
    total_s: float = 2.0,
    ca: Path | None = None,
    login: Login | None = None,
    meter: Meter | None = None,
) -> GuardedHttp:
    """Give the HTTP of a connector that declares this package alone."""
    scheme = "https" if package.tls else "http"
    allowed = [package.pair] if allow is None else allow
    terms = HttpTerms(
        connect_s=1.0, total_s=total_s, ca=ca, allow_private=frozenset(allowed), max_bytes=100_000
    )
    origin = Origin(scheme=scheme, host="127.0.0.1", port=package.port)
    return GuardedHttp(
        exchange=exchange(terms),
        reach=Reach(base=origin.text, origins=frozenset({origin})),
        caller=CALLER,
        login=login,
        meter=meter,
        secrets=("canary-secret",),
    )


def named(
    package: Package,
    resolver: Callable[[str, int], list[str]],
    *,
    allow: Sequence[str] = (),
    total_s: float = 2.0,
) -> GuardedHttp:
    """Give the HTTP of a connector that knows the package as pkg.example, and asks a resolver."""
    terms = HttpTerms(connect_s=1.0, total_s=total_s, allow_private=frozenset(allow))
    lines = Exchange(terms, resolver)
    _exchanges.append(lines)
    origin = Origin(scheme="http", host="pkg.example", port=package.port)
    reach = Reach(base=origin.text, origins=frozenset({origin}))
    return GuardedHttp(exchange=lines, reach=reach, caller=CALLER)

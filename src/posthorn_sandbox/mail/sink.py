"""A mail server that takes everything with as little work as possible, to measure senders by."""

from __future__ import annotations

import argparse
import heapq
import random
import selectors
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Self

from posthorn_sandbox.mail.serving import announce, stopping_on_signals
from posthorn_sandbox.mail.settings import Address, SandboxError, explain_bind, require_loopback
from posthorn_sandbox.mail.sink_lines import BANNER, Accepted, Arrived, Keeps, SinkLine
from posthorn_sandbox.mail.surface import Reply, Request, RequestError, Surface, reply_json


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkSettings:
    """What a sink does; times in milliseconds.

    A message is accepted after a random wait up to `jitter_ms`, and answered `delay_ms` and
    another random wait after that; `seed` makes the waits repeatable.
    """

    host: str = "127.0.0.1"
    port: int = 0
    control_port: int = 0
    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    seed: int = 1
    keeps: Keeps = Keeps.COUNTS


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkCounts:
    """What a sink has seen; `cpu_s` is the whole process's, `bytes` the contents' on the wire."""

    messages: int = 0
    bytes: int = 0
    connections: int = 0
    open_connections: int = 0
    peak_connections: int = 0
    cpu_s: float = 0.0


class Sink:
    """Accepts mail in its own thread between `start()` and `close()`, or as a context manager."""

    def __init__(self, settings: SinkSettings | None = None) -> None:
        self._settings = settings or SinkSettings()
        self._random = random.Random(self._settings.seed)  # noqa: S311  waits, not secrets
        self._selector = selectors.DefaultSelector()
        self._waits: list[tuple[float, int, Callable[[], None]]] = []
        self._turn = 0
        self._open: dict[int, SinkLine] = {}
        self._is_stopping = False
        self._forget()
        self._thread = threading.Thread(target=self._work, name="sandbox-sink", daemon=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> Self:
        """Listen. Raises SandboxError with one line when a port cannot be had."""
        wanted = (require_loopback(self._settings.host), self._settings.port)
        family = socket.AF_INET6 if ":" in wanted[0] else socket.AF_INET
        try:
            self._listener = socket.create_server(wanted, family=family, backlog=1024)
        except OSError as problem:
            raise explain_bind(problem, wanted) from problem
        try:
            self._control = Surface((wanted[0], self._settings.control_port), self._answer)
        except BaseException:
            self._listener.close()
            raise
        self._listener.settimeout(0)
        self._selector.register(self._listener, selectors.EVENT_READ, self._on_connection)
        self._bell, self._pull = socket.socketpair()
        self._selector.register(self._bell, selectors.EVENT_READ, self._on_bell)
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop, cutting every line."""
        self._pull.send(b"!")
        self._thread.join()
        self._control.close()
        self._pull.close()

    @property
    def smtp(self) -> Address:
        """Host and port of the SMTP server."""
        host, port = self._listener.getsockname()[:2]
        return str(host), int(port)

    @property
    def control_url(self) -> str:
        """Address of the control line, ending in a slash."""
        return self._control.url

    def counts(self) -> SinkCounts:
        """Return what was seen since the start or the last reset."""
        return SinkCounts(
            messages=self._messages,
            bytes=self._bytes,
            connections=self._connections,
            open_connections=len(self._open),
            peak_connections=self._peak,
            cpu_s=time.process_time(),
        )

    def records(self) -> list[Accepted]:
        """Return every accepted message per recipient, in the order of acceptance.

        Empty while only counts are kept.
        """
        stored_at = list(self._stored)
        return [record for arrived, at in stored_at for record in arrived.accepted(at)]

    def reset(self) -> None:
        """Forget counts, records and arrivals."""
        self._forget()

    def _forget(self) -> None:
        self._messages = self._bytes = self._connections = self._peak = 0
        self._stored: list[tuple[Arrived, float]] = []

    def _answer(self, request: Request) -> Reply:
        if request.method == "DELETE" and request.path == "/":
            self.reset()
            return Reply(status=HTTPStatus.NO_CONTENT)
        if request.method != "GET":
            raise RequestError(HTTPStatus.METHOD_NOT_ALLOWED, "GET, or DELETE /.")
        if request.path == "/":
            return reply_json(asdict(self.counts()))
        if request.path == "/records":
            return reply_json([asdict(record) for record in self.records()])
        raise RequestError(HTTPStatus.NOT_FOUND, "Ask for / or /records.")

    def _work(self) -> None:
        while not self._is_stopping:
            for key, _ in self._selector.select(self._patience_s()):
                key.data()
            self._run_due()
        for line in list(self._open.values()):
            self._hang_up(line)
        self._selector.close()
        self._listener.close()
        self._bell.close()

    def _patience_s(self) -> float | None:
        return max(0.0, self._waits[0][0] - time.monotonic()) if self._waits else None

    def _run_due(self) -> None:
        while self._waits and self._waits[0][0] <= time.monotonic():
            heapq.heappop(self._waits)[2]()

    def _later(self, wait_ms: float, act: Callable[[], None]) -> None:
        if wait_ms <= 0:
            act()
            return
        self._turn += 1
        heapq.heappush(self._waits, (time.monotonic() + wait_ms / 1000, self._turn, act))

    def _on_bell(self) -> None:
        self._is_stopping = True

    def _on_connection(self) -> None:
        try:
            peer, _ = self._listener.accept()
        except OSError:
            return
        peer.settimeout(0)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = SinkLine(peer, self._on_message, keeps=self._settings.keeps)
        self._open[peer.fileno()] = line
        self._connections += 1
        self._peak = max(self._peak, len(self._open))
        self._selector.register(peer, selectors.EVENT_READ, lambda: self._on_readable(line))
        line.answer(BANNER)

    def _on_readable(self, line: SinkLine) -> None:
        line.on_readable()
        if not line.is_open:
            self._hang_up(line)

    def _hang_up(self, line: SinkLine) -> None:
        line.is_open = False
        if self._open.pop(line.peer.fileno(), None) is not None:
            self._selector.unregister(line.peer)
            line.peer.close()

    def _on_message(self, line: SinkLine, arrived: Arrived) -> None:
        # Once the final dot is here the message is taken, whether or not the sender still waits.
        wait_ms = self._random.uniform(0, self._settings.jitter_ms)
        self._later(wait_ms, lambda: self._accept(line, arrived))

    def _accept(self, line: SinkLine, arrived: Arrived) -> None:
        self._messages += 1
        self._bytes += arrived.size
        if self._settings.keeps is not Keeps.COUNTS:
            self._stored.append((arrived, time.time()))
        wait_ms = self._settings.delay_ms + self._random.uniform(0, self._settings.jitter_ms)
        self._later(wait_ms, lambda: self._finish(line))

    def _finish(self, line: SinkLine) -> None:
        line.finish()
        if not line.is_open:
            self._hang_up(line)


def main(arguments: list[str] | None = None) -> int:
    """Run a sink until SIGTERM; the first line on stdout is {"smtp": [host, port], "control": url}.

    Returns the process's exit code: 1 with one line on stderr when a port cannot be had.
    """
    given = _parser().parse_args(arguments)
    stop = threading.Event()
    with stopping_on_signals(stop):
        try:
            with Sink(SinkSettings(**vars(given))) as sink:
                announce({"smtp": list(sink.smtp), "control": sink.control_url})
                stop.wait()
        except SandboxError as problem:
            sys.stderr.write(f"{problem}\n")
            return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m posthorn_sandbox.mail.sink")
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on")
    parser.add_argument("--port", type=int, default=0, help="SMTP port; 0 is any free one")
    parser.add_argument("--control-port", type=int, default=0, help="HTTP port; 0 is any free one")
    parser.add_argument("--delay-ms", type=float, default=0.0, help="before the final reply")
    parser.add_argument("--jitter-ms", type=float, default=0.0, help="at most, on either side")
    parser.add_argument("--seed", type=int, default=1, help="of the random waits")
    parser.add_argument(
        "--keeps", type=Keeps, choices=list(Keeps), default=Keeps.COUNTS, help="per message"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""A small HTTP server that can also misbehave below HTTP: drop, reset, stall or stay silent."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from http import HTTPStatus
from typing import cast

import httptools

_REASONS = {status.value: status.phrase for status in HTTPStatus}
_BODILESS = frozenset({HTTPStatus.NO_CONTENT.value, HTTPStatus.NOT_MODIFIED.value})


class Ending(StrEnum):
    """What becomes of the answer and of the line it would go over."""

    ANSWERED = "answered"
    DROPPED = "dropped"
    RESET = "reset"
    SILENT = "silent"
    CUT = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request; header names in lower case, the last one wins where a name comes twice."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to answer, after how many real seconds, and whether the answer arrives.

    With `then`, nothing is done before the delay is over: it does it and gives the answer. `fault`
    names what was done wrong on request, for the journal.
    """

    status: int = 200
    body: bytes = b""
    media_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    delay_s: float = 0.0
    ending: Ending = Ending.ANSWERED
    then: Callable[[], Reply] | None = None
    fault: str | None = None


Answer = Callable[[Call], Reply]


@dataclass(slots=True, kw_only=True)
class Desk:
    """What all lines of one server share; `done` hears of every call that has its answer."""

    answer: Answer
    max_body_bytes: int
    done: Callable[[Call], None] | None = None


class Line(asyncio.Protocol):
    """One client's connection; answers one request after the other, in their order."""

    def __init__(self, desk: Desk, open_lines: set[Line]) -> None:
        self._desk = desk
        self._open = open_lines
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[tuple[Call, bool]] = deque()
        self._unanswered: Call | None = None
        self._is_busy = False
        self._clear()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the line."""
        self._transport = cast("asyncio.Transport", transport)
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio calls it so
        """Forget the line; what it had asked for and not yet begun is not done."""
        self._transport = None
        self._waiting.clear()
        self._open.discard(self)
        if self._unanswered is not None and self._desk.done is not None:
            self._desk.done(self._unanswered)

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._refuse(HTTPStatus.BAD_REQUEST)

    def cut(self) -> None:
        """Close the line now."""
        if self._transport is not None:
            self._transport.abort()

    def on_url(self, url: bytes) -> None:
        """Take the request's target."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take one header."""
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Let a client send its body that waits to be let."""
        if self._headers.get("expect", "").lower() == "100-continue" and self._transport:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._size += len(body)
        if self._size > self._desk.max_body_bytes:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        self._pieces.append(body)

    def on_message_complete(self) -> None:
        """Answer, or wait until the requests before it have theirs."""
        path, _, query = self._url.decode("latin-1").partition("?")
        call = Call(
            method=self._parser.get_method().decode("latin-1"),
            path=path,
            query=query,
            headers=self._headers,
            body=self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces),
        )
        self._waiting.append((call, self._parser.should_keep_alive()))
        self._clear()
        if not self._is_busy:
            self._next()

    def _clear(self) -> None:
        self._url = b""
        self._headers: dict[str, str] = {}
        self._pieces: list[bytes] = []
        self._size = 0

    def _next(self) -> None:
        while self._waiting and not self._is_busy and self._transport is not None:
            call, is_kept = self._waiting.popleft()
            self._settle(call, self._desk.answer(call), is_kept=is_kept)

    def _settle(self, call: Call, reply: Reply, *, is_kept: bool) -> None:
        """Answer now, or later; what is to be done later is done even when the client has gone."""
        if reply.delay_s > 0:
            self._is_busy = True
            resume = partial(self._resume, call, reply, is_kept=is_kept)
            asyncio.get_running_loop().call_later(reply.delay_s, resume)
        elif reply.then is not None:
            self._settle(call, reply.then(), is_kept=is_kept)
        else:
            self._finish(call, reply, is_kept=is_kept)

    def _resume(self, call: Call, reply: Reply, *, is_kept: bool) -> None:
        self._is_busy = False
        self._settle(call, replace(reply, delay_s=0.0), is_kept=is_kept)
        self._next()

    def _finish(self, call: Call, reply: Reply, *, is_kept: bool) -> None:
        is_over = reply.ending is not Ending.SILENT or self._transport is None
        if self._desk.done is not None and is_over:
            self._desk.done(call)
        if self._transport is None:
            return
        if reply.ending is Ending.ANSWERED:
            self._send(call, reply, is_kept=is_kept)
        elif reply.ending is Ending.SILENT:
            self._is_busy = True
            self._unanswered = call
        else:
            self._end(reply)

    def _send(self, call: Call, reply: Reply, *, is_kept: bool) -> None:
        if self._transport is None:
            return
        has_body = call.method != "HEAD" and reply.status not in _BODILESS
        self._transport.write(_head(reply, is_kept=is_kept) + (reply.body if has_body else b""))
        if not is_kept:
            self._transport.close()

    def _end(self, reply: Reply) -> None:
        """End the line without a whole answer."""
        if self._transport is None:
            return
        if reply.ending is Ending.CUT:
            half = reply.body[: len(reply.body) // 2]
            self._transport.write(_head(reply, is_kept=True) + half)
            self._transport.close()
        elif reply.ending is Ending.RESET:
            _forget_on_close(self._transport)
            self._transport.abort()
        else:
            self._transport.close()
        self._waiting.clear()

    def _refuse(self, status: HTTPStatus) -> None:
        if self._transport is not None:
            self._transport.write(_head(Reply(status=status.value), is_kept=False))
            self._transport.close()
            self._transport = None


def _head(reply: Reply, *, is_kept: bool) -> bytes:
    lines = [f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in reply.headers]
    if reply.status not in _BODILESS:
        lines.append(f"Content-Length: {len(reply.body)}")
        if reply.body:
            lines.append(f"Content-Type: {reply.media_type}")
    if not is_kept:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _forget_on_close(transport: asyncio.Transport) -> None:
    """Make the close a reset: the other side reads an error, not an end."""
    handle = transport.get_extra_info("socket")
    if handle is not None:
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

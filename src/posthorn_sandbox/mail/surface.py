"""A small HTTP server on loopback, for the admin surface and the sink's control line."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from posthorn_sandbox.mail.settings import Address, explain_bind, require_loopback

_MAX_BODY_BYTES = 1_000_000
_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_SAFETY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked; the last value wins where a query names a thing twice."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to answer."""

    body: bytes = b""
    media_type: str = "text/plain; charset=utf-8"
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


class RequestError(Exception):
    """Correct the request; the message says how."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


def reply_json(value: object, status: HTTPStatus = HTTPStatus.OK) -> Reply:
    """Return the value as JSON."""
    return Reply(body=json.dumps(value).encode(), media_type="application/json", status=status)


class Surface:
    """Answers on loopback from construction to `close()`. Raises SandboxError for a taken port."""

    def __init__(self, address: Address, answer: Callable[[Request], Reply]) -> None:
        host = require_loopback(address[0])
        try:
            self._server = _Server((host, address[1]), answer)
        except OSError as problem:
            raise explain_bind(problem, address) from problem
        port = self._server.server_address[1]
        self.url = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
        self._thread = threading.Thread(target=self._work, name="sandbox-http", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _work(self) -> None:
        self._server.serve_forever(poll_interval=0.05)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: Address, answer: Callable[[Request], Reply]) -> None:
        self.answer = answer
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "PosthornSandbox"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer GET."""
        self._answer()

    def do_POST(self) -> None:
        """Answer POST."""
        self._answer()

    def do_DELETE(self) -> None:
        """Answer DELETE."""
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        """Say nothing: the process's output is its one line of JSON."""

    def _answer(self) -> None:
        try:
            reply = self.server.answer(self._request())
        except RequestError as wrong:
            reply = reply_json({"error": str(wrong)}, wrong.status)
        self.send_response(reply.status)
        for name, value in {**_SAFETY, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", reply.media_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def _request(self) -> Request:
        # A web page elsewhere must not reach us under a name that resolves to loopback.
        if self.headers.get("Host", "").rsplit(":", 1)[0] not in _OWN_NAMES:
            raise RequestError(HTTPStatus.MISDIRECTED_REQUEST, "Ask for 127.0.0.1 or localhost.")
        if self.headers.get("Origin") is not None and self.command != "GET":
            raise RequestError(HTTPStatus.FORBIDDEN, "Changes are not taken from a web page.")
        parts = urlsplit(self.path)
        return Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            body=self.rfile.read(self._body_size()),
        )

    def _body_size(self) -> int:
        stated = self.headers.get("Content-Length", "0")
        size = int(stated) if stated.isdecimal() else _MAX_BODY_BYTES + 1
        if size > _MAX_BODY_BYTES:
            raise RequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Send a smaller body.")
        return size

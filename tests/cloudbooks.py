"""The server of a package people sign in to, on loopback; extensions/cloudbooks is its connector.

Its tokens behave as Exact Online's: each refresh gives a new pair and ends the old one, a new
sign-in of a user ends the one before.
"""

from __future__ import annotations

import json
import secrets
import socket
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from django.conf import settings as django_settings

from posthorn.connections.sites import parse_sites

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from posthorn.project.env import Env

USERS = {
    "an": {"id": "U1", "name": "An Peeters", "company": "Kantoor Peeters"},
    "bob": {"id": "U2", "name": "Bob Maes", "company": "Kantoor Maes"},
}
FOLDER = Path(__file__).parent / "extensions"
CLIENT_ID, CLIENT_SECRET = "app-1", "canary-client-secret"


@dataclass(slots=True)
class Chain:
    """The tokens of one sign-in that are good."""

    user: str
    access: str
    refresh: str


@dataclass(slots=True)
class Cloudbooks:
    """What the server holds, and what it is told to do wrong next."""

    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    chains: list[Chain] = field(default_factory=list)
    token_calls: list[dict[str, str]] = field(default_factory=list)
    revoke_calls: list[dict[str, str]] = field(default_factory=list)
    api_calls: list[str] = field(default_factory=list)
    documents: list[bytes] = field(default_factory=list)
    faults: deque[str] = field(default_factory=deque)  # of the next calls for or about tokens
    api_faults: deque[str] = field(default_factory=deque)
    life: str = "600"
    lock: threading.Lock = field(default_factory=threading.Lock)
    port: int = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def consent(self, user: str, authorize_url: str) -> dict[str, str]:
        """Sign in as a user and agree; gives what the browser is sent back with."""
        query = {
            name: values[0] for name, values in parse_qs(urlsplit(authorize_url).query).items()
        }
        code = f"code!{secrets.token_hex(8)}"
        self.codes[code] = {**query, "user": user}
        return {"code": code, "state": query["state"]}

    def sign_in_elsewhere(self, user: str) -> Chain:
        """Let another system sign in as the user: every chain of hers ends."""
        with self.lock:
            return self._new_chain(user)

    def refreshes(self) -> int:
        return sum(call["grant_type"] == "refresh_token" for call in self.token_calls)

    def token(self, form: dict[str, str]) -> tuple[int, object]:
        with self.lock:
            self.token_calls.append(form)
            if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
                return 400, {"error": "invalid_client"}
            if form["grant_type"] == "authorization_code":
                return self._first(form)
            return self._next(form["refresh_token"])

    def revoke(self, form: dict[str, str]) -> tuple[int, object]:
        """End the chain of a token; one that is not known is no error (RFC 7009, section 2.2)."""
        with self.lock:
            self.revoke_calls.append(form)
            if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
                return 401, {"error": "invalid_client"}
            self.chains = [one for one in self.chains if one.refresh != form["token"]]
            return 200, {}

    def me(self, bearer: str) -> dict[str, str] | None:
        chain = next((one for one in self.chains if one.access == bearer), None)
        return USERS[chain.user] if chain else None

    def _first(self, form: dict[str, str]) -> tuple[int, object]:
        from posthorn.connections.oauth import challenge  # noqa: PLC0415  needs settings

        asked = self.codes.pop(form["code"], None)
        if asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_request"}
        if asked["code_challenge"] != challenge(form["code_verifier"]):
            return 400, {"error": "invalid_grant"}
        return 200, self._said(self._new_chain(asked["user"]))

    def _next(self, refresh: str) -> tuple[int, object]:
        chain = next((one for one in self.chains if one.refresh == refresh), None)
        if chain is None:
            said = "Old refresh token used."
            return 401, {"error": "unauthorized_client", "error_description": said}
        chain.access, chain.refresh = _token(), _token()
        return 200, self._said(chain)

    def _new_chain(self, user: str) -> Chain:
        self.chains = [one for one in self.chains if one.user != user]
        self.chains.append(Chain(user, _token(), _token()))
        return self.chains[-1]

    def _said(self, chain: Chain) -> dict[str, str]:
        return {
            "access_token": chain.access,
            "refresh_token": chain.refresh,
            "token_type": "bearer",
            "expires_in": self.life,
        }


def _token() -> str:
    return f"canary-{secrets.token_hex(12)}"


_REFUSALS = {
    "too early": (400, {"error": "access_denied", "error_description": "access_token not expired"}),
    "expired": (400, {"error_description": "The refresh token expired at 10/11/2022 9:18:20 PM"}),
    "chain": (400, {"error": "invalid_grant", "error_description": "empty chainId"}),
    "setup": (400, {"error": "invalid_request"}),
    "down": (503, {}),
    "limited": (429, {}),
}
_ODD = {"empty": b"", "html": b"<html>Sign in</html>", "cut": b'{"access_token":"', "list": b"[]"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, books: Cloudbooks) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.books = books


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base's
        """Say nothing."""

    def do_GET(self) -> None:
        self._api(b"")

    def do_POST(self) -> None:
        books = self.server.books
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        form = {name: found[0] for name, found in parse_qs(body.decode("latin-1")).items()}
        if self.path == "/token":
            self._tokens(form, books.token, books.token_calls)
        elif self.path == "/revoke":
            self._tokens(form, books.revoke, books.revoke_calls)
        else:
            self._api(body)

    def _tokens(
        self,
        form: dict[str, str],
        act: Callable[[dict[str, str]], tuple[int, object]],
        calls: list[dict[str, str]],
    ) -> None:
        books = self.server.books
        fault = books.faults.popleft() if books.faults else ""
        if fault in _REFUSALS:
            calls.append(form)
            self._answer(*_REFUSALS[fault])
            return
        status, said = act(form)
        if fault == "lost":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault in _ODD:
            self._raw(200, _ODD[fault])
        else:
            self._answer(status, said)

    def _api(self, body: bytes) -> None:
        books = self.server.books
        books.api_calls.append(f"{self.command} {self.path}")
        who = books.me(self.headers.get("Authorization", "").removeprefix("Bearer "))
        fault = books.api_faults.popleft() if books.api_faults else ""
        if who is None or fault == "401":
            self._raw(401, b"")
        elif fault:
            self._raw(int(fault), b"{}")
        elif body:
            books.documents.append(body)
            self._answer(201, {"id": f"D{len(books.documents)}"})
        else:
            self._answer(200, who)

    def _answer(self, status: int, said: object) -> None:
        self._raw(status, json.dumps(said).encode())

    def _raw(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving() -> Iterator[Cloudbooks]:
    """Run the server."""
    books = Cloudbooks()
    server = _Server(books)
    books.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield books
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sites(books: Cloudbooks, *, nl: Cloudbooks | None = None) -> str:
    """Give the operator's registrations: Belgium on one server, the Netherlands on another."""
    keys = f'client_id = "{CLIENT_ID}"\nclient_secret = "{CLIENT_SECRET}"'
    other = nl or books
    return (
        f'[cloudbooks.be]\n{keys}\nbase = "{books.base}"\n'
        f'[cloudbooks.nl]\n{keys}\nbase = "{other.base}"\n'
    )


def operators(books: Cloudbooks, *, nl: Cloudbooks | None = None) -> Env:
    """Give the settings of an operator who registered with the package, and lets it be reached."""
    ports = sorted({books.port, (nl or books).port})
    found: Env = replace(
        django_settings.POSTHORN,
        connector_folder=FOLDER,
        sites=parse_sites(sites(books, nl=nl)),
        allow_private=tuple(f"127.0.0.1:{port}" for port in ports),
        public_url="https://hub.firm.example",
        http_timeout=5.0,
    )
    return found

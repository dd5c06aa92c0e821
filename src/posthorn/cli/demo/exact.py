"""Prepares the stand-in for Exact Online, over its admin surface: our app, the clients' books."""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from posthorn.cli.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from http.client import HTTPResponse

    from posthorn.cli.demo.samples import SampleClient

_TIMEOUT_S = 10.0
_LICENCE = "2100001"
_FIRST_DIVISION = 5_100_001
_SITES = ("be", "nl")
NAME = "Exact Online"
USER, PASSWORD = "lindekade", "demo"


class ExactOnlineError(CommandError):
    """Start the demonstration again: its stand-in for Exact Online does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """A client's books: the code that people type, and the number in addresses."""

    dossier_number: str
    name: str
    code: int
    division: int

    def __str__(self) -> str:
        """Write it as Exact Online shows it: the code left of the company's name."""
        return f"{self.code} · {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """One document of an administration, and the SHA-256 of each of its files in lower-case hex."""

    division: int
    files: tuple[str, ...]


def administrations(clients: Sequence[SampleClient]) -> tuple[Administration, ...]:
    """Give each client's books, in the clients' order."""
    return tuple(
        Administration(
            dossier_number=client.dossier_number,
            name=client.name,
            code=number,
            division=_FIRST_DIVISION + number - 1,
        )
        for number, client in enumerate(clients, start=1)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactOnline:
    """A stand-in for Exact Online on this machine, and how this installation is known there."""

    port: int
    admin_port: int
    client_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(12), repr=False)

    @property
    def host(self) -> str:
        """Its host and port, as the settings name what may be reached in private."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The page on which a person sees what arrived."""
        return f"http://127.0.0.1:{self.admin_port}/"

    @property
    def registrations(self) -> str:
        """The text of POSTHORN_SITES, in TOML."""
        tables = (
            f'[exact_online.{site}]\nclient_id = "{self.client_id}"\n'
            f'client_secret = "{self.client_secret}"\nbase = "http://{self.host}"\n'
            for site in _SITES
        )
        return "".join(tables)

    def is_open(self) -> bool:
        """Tell whether it answers."""
        try:
            self._send("GET", "/where")
        except ExactOnlineError:
            return False
        return True

    def prepare(self, clients: Sequence[SampleClient], redirect_uri: str) -> None:
        """Register us as an app, and give each client an administration that one person sees."""
        app = {"client_id": self.client_id, "client_secret": self.client_secret}
        self._send("POST", "/apps", app | {"redirect_uris": [redirect_uri]})
        self._send("POST", "/licences", {"code": _LICENCE, "name": "Lindekade Accountants"})
        books = administrations(clients)
        divisions = [_division(*each) for each in zip(books, clients, strict=True)]
        self._send("POST", "/divisions", divisions)
        user = {"name": USER, "password": PASSWORD, "licence": _LICENCE, "full_name": "Linde Kade"}
        codes = [one.division for one in books]
        seen = {"divisions": codes, "current_division": codes[0]}
        self._send("POST", "/users", user | seen)

    def agree(self, address: str) -> str:
        """Let somebody in who asks at this address; gives where the person is sent back to.

        It is what the person's browser would be told after signing in and allowing access.
        """
        self._send("PATCH", "/switches", {"auto_consent": True, "auto_consent_user": USER})
        try:
            parts = urlsplit(address)
            answer, _ = _asked(self.port, "GET", f"{parts.path}?{parts.query}")
        finally:
            self._send("PATCH", "/switches", {"auto_consent": False, "auto_consent_user": ""})
        back = answer.headers.get("Location", "")
        if not back:
            message = f"The stand-in for Exact Online lets nobody in: it answers {answer.status}."
            raise ExactOnlineError(message)
        return back

    def booked(self) -> list[Booked]:
        """Read every document, oldest first, with the files as they can be fetched."""
        found: list[dict[str, Any]] = json.loads(self._send("GET", "/documents"))
        return [
            Booked(
                division=int(one["division"]),
                files=tuple(
                    # Of what is handed out, not what the sandbox says of itself.
                    sha256(self._send("GET", f"/attachments/{file['id']}")).hexdigest()
                    for file in one["files"]
                ),
            )
            for one in found
        ]

    def _send(self, method: str, path: str, body: object = None) -> bytes:
        answer, said = _asked(self.admin_port, method, path, body)
        if answer.status >= 400:  # noqa: PLR2004  # HTTP's errors begin there
            told = said.decode(errors="replace")
            message = f"The stand-in for Exact Online answers {answer.status} for {path}: {told}"
            raise ExactOnlineError(message)
        return said


def _asked(port: int, method: str, path: str, body: object = None) -> tuple[HTTPResponse, bytes]:
    """Ask one of its two ports. Raises ExactOnlineError when it does not answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    try:
        connection.request(method, path, None if body is None else json.dumps(body))
        answer = connection.getresponse()
        return answer, answer.read()
    except (OSError, HTTPException) as error:
        message = f"The stand-in for Exact Online does not answer: {error}."
        raise ExactOnlineError(message) from error
    finally:
        connection.close()


def _division(books: Administration, client: SampleClient) -> dict[str, object]:
    return {
        "code": books.division,
        "hid": books.code,
        "description": books.name,
        "licence": _LICENCE,
        "country": client.country,
        "vat_number": client.vat_number,
        "chamber_of_commerce": client.enterprise_number,
    }

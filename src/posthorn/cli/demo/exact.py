"""Prepares the stand-in for Exact Online, over its admin surface: our app, the clients' books."""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from posthorn.cli.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posthorn.cli.demo.samples import SampleClient

_TIMEOUT_S = 10.0
_LICENCE = "2100001"
_FIRST_DIVISION = 5_100_001
_SITES = ("be", "nl")
USER, PASSWORD = "lindekade", "demo"


class ExactOnlineError(CommandError):
    """Start the demonstration again: its stand-in for Exact Online does not answer."""


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
        divisions = [_division(number, client) for number, client in enumerate(clients)]
        self._send("POST", "/divisions", divisions)
        user = {"name": USER, "password": PASSWORD, "licence": _LICENCE, "full_name": "Linde Kade"}
        codes = [division["code"] for division in divisions]
        seen = {"divisions": codes, "current_division": codes[0]}
        self._send("POST", "/users", user | seen)

    def _send(self, method: str, path: str, body: object = None) -> None:
        connection = HTTPConnection("127.0.0.1", self.admin_port, timeout=_TIMEOUT_S)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            said = answer.read().decode(errors="replace")
        except (OSError, HTTPException) as error:
            message = f"The stand-in for Exact Online does not answer: {error}."
            raise ExactOnlineError(message) from error
        finally:
            connection.close()
        if answer.status >= 400:  # noqa: PLR2004  # HTTP's errors begin there
            message = f"The stand-in for Exact Online answers {answer.status} for {path}: {said}"
            raise ExactOnlineError(message)


def _division(number: int, client: SampleClient) -> dict[str, object]:
    return {
        "code": _FIRST_DIVISION + number,
        "hid": number + 1,
        "description": client.name,
        "licence": _LICENCE,
        "country": client.country,
        "vat_number": client.vat_number,
        "chamber_of_commerce": client.enterprise_number,
    }

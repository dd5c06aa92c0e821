"""Where a demonstration runs: its folder, its ports, and where a person can look at it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from posthorn.cli.demo.exact import ExactOnline
from posthorn.cli.demo.mailboxes import Mailboxes

_TIMEOUT_S = 5.0
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A demonstration's folder, the address of its site, its mailboxes and its Exact Online."""

    folder: Path
    host: str
    port: int
    smtp_port: int
    mailboxes: Mailboxes
    exact: ExactOnline

    @property
    def site(self) -> str:
        """The site's address; by name, for browsers know no passkeys for a bare address."""
        name = "localhost" if self.host == _LOOPBACK else self.host
        return f"http://{name}:{self.port}/"

    def is_site_up(self) -> bool:
        """Tell whether the site answers that all is well."""
        connection = HTTPConnection(self.host.strip("[]"), self.port, timeout=_TIMEOUT_S)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

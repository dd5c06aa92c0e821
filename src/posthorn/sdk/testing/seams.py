"""Stand-ins for the parts of a context that belong to the engine."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import NoReturn

from posthorn.sdk.connector import Context
from posthorn.sdk.http import Http
from posthorn.sdk.links import Linkable
from posthorn.sdk.mail import Mailer

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


class NetworkUsedError(AssertionError):
    """Keep the network out of `prepare`, and declare what `deliver` uses."""


class NoHttp:
    """Refuses every call and remembers that there was one."""

    base = ""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def read(self, url: str, **_: object) -> NoReturn:
        """Refuse."""
        self._refuse(f"GET {url}")

    def write(self, method: str, url: str, **_: object) -> NoReturn:
        """Refuse."""
        self._refuse(f"{method} {url}")

    def _refuse(self, call: str) -> NoReturn:
        self.calls.append(call)
        raise NetworkUsedError(call)


class NoMail:
    """Has a sender, refuses every mail and remembers that there was one."""

    def __init__(self, sender: str = "") -> None:
        self.sender = sender
        self.calls: list[str] = []

    def check(self) -> NoReturn:
        """Refuse."""
        self._refuse("mail check")

    def send(self, message: bytes, **_: object) -> NoReturn:
        """Refuse."""
        self._refuse(f"mail of {len(message)} bytes")

    def _refuse(self, call: str) -> NoReturn:
        self.calls.append(call)
        raise NetworkUsedError(call)


class MemoryProgress:
    """Keeps finished steps for as long as it lives."""

    def __init__(self) -> None:
        self.steps: dict[str, str] = {}

    def record(self, step: str, remote_id: str) -> None:
        """Keep a finished call."""
        self.steps[step] = remote_id

    def recorded(self, step: str) -> str | None:
        """Return the remote id kept for a step."""
        return self.steps.get(step)


class MemoryLog:
    """Keeps every note as it was given."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, str, dict[str, str]]] = []

    def info(self, event: str, **values: str) -> None:
        """Keep a note."""
        self.notes.append(("info", event, values))

    def warning(self, event: str, **values: str) -> None:
        """Keep a warning."""
        self.notes.append(("warning", event, values))


class MemoryLinks:
    """Gives addresses as the engine does, and remembers whose bytes each gives."""

    def __init__(self) -> None:
        self.given: dict[str, str] = {}

    def address(self, document: Linkable, *, key: str) -> str:
        """Return the address of a document in a delivery; the same for the same."""
        digest = sha256(f"{key} {document.sha256}".encode()).digest()
        token = urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
        address = f"https://posthorn.example/d/{token}/"
        self.given[address] = document.sha256
        return address


def memory_context(
    settings: Mapping[str, str], *, http: Http | None = None, mail: Mailer | None = None
) -> Context:
    """Return a context with a fixed time; whatever is not given refuses to be used."""
    return Context(
        settings=settings,
        http=http or NoHttp(),
        mail=mail or NoMail(),
        progress=MemoryProgress(),
        now=NOW,
        log=MemoryLog(),
        links=MemoryLinks(),
    )

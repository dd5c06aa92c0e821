"""Reads where bounces come in: the address to listen on and the mailbox to read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

_HIGHEST_PORT = 65_535
_IMAPS_PORT = 993


class DoorError(ValueError):
    """Write POSTHORN_BOUNCE_LISTEN or POSTHORN_BOUNCE_MAILBOX as the message says."""


class Protocol(StrEnum):
    """How mail servers speak to us."""

    LMTP = "lmtp"
    SMTP = "smtp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where we listen."""

    protocol: Protocol
    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Where mail is fetched, always over TLS."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    folder: str


def door_of(address: str) -> Door | None:
    """Read `lmtp://127.0.0.1:2424`; None when it is empty. Raises DoorError."""
    if not address:
        return None
    parts = urlsplit(address)
    try:
        port = parts.port
        protocol = Protocol(parts.scheme)
    except ValueError:
        port, protocol = None, None
    if protocol is None or not parts.hostname or not port:
        raise DoorError(
            "POSTHORN_BOUNCE_LISTEN must read lmtp://127.0.0.1:2424 or smtp://127.0.0.1:2525."
        )
    return Door(protocol=protocol, host=parts.hostname, port=port)


def mailbox_of(address: str) -> Mailbox | None:
    """Read `imaps://user:password@host:993/folder`; None when it is empty.

    Raises DoorError, which never repeats the address: it holds the password.
    """
    if not address:
        return None
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    port = _port(place)
    if parts.scheme != "imaps" or not parts.hostname or not parts.username or not port:
        raise DoorError(
            "POSTHORN_BOUNCE_MAILBOX must read imaps://user:password@host:993/INBOX, with what is"
            " special in user and password percent-encoded."
        )
    return Mailbox(
        host=parts.hostname,
        port=port,
        username=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


def _port(place: str) -> int:
    """Give the port, 993 where none is named and 0 for one that cannot be."""
    _, colon, text = place.rpartition("]")[2].rpartition(":")
    if not colon:
        return _IMAPS_PORT
    return int(text) if text.isdecimal() and int(text) <= _HIGHEST_PORT else 0

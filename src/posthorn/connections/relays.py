"""A mail server to hand messages to: the operator's, read from one address, or a firm's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from posthorn.connections.guard import is_loopback, pair

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from posthorn.sdk.relay import Relay


class LineSecurity(StrEnum):
    """How the line is protected; `none` is the operator's choice alone."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


_PORTS = {LineSecurity.STARTTLS: 587, LineSecurity.IMPLICIT: 465, LineSecurity.NONE: 25}


class RelayAddressError(ValueError):
    """Write POSTHORN_MAIL_RELAY as the message says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One relay and how to get in; equal endpoints share their connections."""

    host: str
    port: int
    security: LineSecurity
    username: str = ""
    password: str = field(default="", repr=False)
    is_operators: bool = False

    @property
    def name(self) -> str:
        """Host and port, as evidence shows them."""
        return f"{self.host}:{self.port}"


def operator_endpoint(address: str) -> Endpoint | None:
    """Read `smtp://user:password@host:port?tls=…`; None when it is empty.

    Raises RelayAddressError, which never repeats the address: it holds the password.
    """
    if not address:
        return None
    try:
        return _parsed(address)
    except ValueError as error:
        raise RelayAddressError(
            "POSTHORN_MAIL_RELAY must read smtp://user:password@host:587?tls=starttls"
            f" (or tls=implicit, tls=none): {error}"
        ) from None


def _parsed(address: str) -> Endpoint:
    parts = urlsplit(address)
    if parts.scheme != "smtp":
        raise ValueError("it does not start with smtp://")
    if not parts.hostname:
        raise ValueError("it names no host")
    security = _security(parts.query)
    return Endpoint(
        host=parts.hostname,
        port=_port(parts.netloc, security),
        security=security,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_operators=True,
    )


def _security(query: str) -> LineSecurity:
    given = parse_qs(query, keep_blank_values=True)
    if set(given) - {"tls"}:
        raise ValueError("only tls may follow the question mark")
    try:
        return LineSecurity(given.get("tls", ["starttls"])[-1])
    except ValueError:
        raise ValueError("tls is starttls, implicit or none") from None


def _port(place: str, security: LineSecurity) -> int:
    # Read by hand: the error of urlsplit's own port repeats what may be a part of the password.
    text = place.rpartition("@")[2].rpartition("]")[2]
    _, colon, port = text.rpartition(":")
    if not colon:
        return _PORTS[security]
    if not port.isdecimal() or not 0 < int(port) <= 65_535:  # noqa: PLR2004  the largest port
        raise ValueError("the port is no number from 1 to 65535")
    return int(port)


def firm_endpoint(relay: Relay) -> Endpoint:
    """Return the endpoint of a firm's own relay; always protected."""
    starttls = relay.security == LineSecurity.STARTTLS.value
    return Endpoint(
        host=relay.host,
        port=relay.port,
        security=LineSecurity.STARTTLS if starttls else LineSecurity.IMPLICIT,
        username=relay.username,
        password=relay.password,
    )


def may_be_plain(endpoint: Endpoint, addresses: Sequence[str], allowed: Collection[str]) -> bool:
    """Tell whether the line needs no more protection than it has: TLS, this machine, or allowed.

    `allowed` are the host:port pairs of POSTHORN_ALLOW_PRIVATE.
    """
    if endpoint.security is not LineSecurity.NONE or all(map(is_loopback, addresses)):
        return True
    return any(pair(host, endpoint.port) in allowed for host in (endpoint.host, *addresses))

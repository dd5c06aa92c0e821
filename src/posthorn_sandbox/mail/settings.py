"""What a receiver is started with."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from posthorn_sandbox.mail.certificates import CertificateOrder

Address = tuple[str, int]


class Tls(StrEnum):
    """How a client gets TLS: never, by the STARTTLS command, or from the first byte."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """The user and password a client must log in with."""

    user: str
    password: str = field(repr=False)


class SandboxError(Exception):
    """Do what the message says: it is one line, for whoever started the sandbox."""


class NotLoopbackError(SandboxError):
    """Bind a loopback address: the sandbox believes everyone who reaches it."""


class PortTakenError(SandboxError):
    """Choose another port, or stop what holds this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverSettings:
    """A receiver's choices; port 0 is any free one, no folder keeps messages in memory.

    `max_bytes` is announced as SIZE and enforced; `requires_tls` refuses mail before STARTTLS.
    """

    host: str = "127.0.0.1"
    port: int = 0
    admin_port: int = 0
    folder: Path | None = None
    tls: Tls = Tls.NONE
    requires_tls: bool = False
    certificate: CertificateOrder = field(default_factory=CertificateOrder)
    login: Login | None = None
    max_bytes: int = 35_000_000
    host_name: str = "mail.sandbox.invalid"


def require_loopback(host: str) -> str:
    """Return the address to bind. Raises NotLoopbackError for anything but loopback."""
    if host == "localhost":
        return "127.0.0.1"
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise NotLoopbackError(
            f"The sandbox listens on this machine only: use 127.0.0.1 or ::1, not {host}."
        )
    return host


def explain_bind(problem: OSError, address: Address) -> SandboxError:
    """Return the one line for a port that cannot be had."""
    host, port = address
    if problem.errno in {98, 48}:  # EADDRINUSE on Linux and on macOS
        return PortTakenError(f"Port {port} on {host} is taken; choose another one, or 0 for any.")
    return SandboxError(f"Cannot listen on {host} port {port}: {problem.strerror or problem}.")

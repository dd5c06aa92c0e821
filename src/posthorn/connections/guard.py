"""Keeps what a firm typed from reaching into the operator's own network."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 6052: these addresses reach the IPv4 address in their last 32 bits.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class PrivateAddressError(Exception):
    """Use a public host, or let the operator add host:port to POSTHORN_ALLOW_PRIVATE."""


class UnresolvedError(Exception):
    """Check the host's name; the message is the resolver's own."""


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host in the resolver's order. Raises UnresolvedError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnresolvedError(f"{host}: {error}") from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Resolves a host once and gives the addresses that may be connected to."""

    allowed: frozenset[str] = frozenset()  # host:port pairs, of names or of addresses
    resolve: Callable[[str, int], list[str]] = resolve

    def addresses(self, host: str, port: int) -> list[str]:
        """Return where to connect: never ask the resolver again, it may answer otherwise.

        Raises PrivateAddressError when one of the addresses is not public, UnresolvedError.
        """
        found = self.resolve(host, port)
        if pair(host, port) in self.allowed:
            return found
        for address in found:
            if not is_public(address) and pair(address, port) not in self.allowed:
                raise PrivateAddressError(f"{host} is at {address}, which is not public")
        return found


def pair(host: str, port: int) -> str:
    """Return host:port as POSTHORN_ALLOW_PRIVATE writes it: lower case, IPv6 in brackets."""
    return f"[{host}]:{port}".lower() if ":" in host else f"{host}:{port}".lower()


def is_public(address: str) -> bool:
    """Tell whether an address lies on the open internet, an IPv4 one inside it included."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = _inner(found)
    if inner is not None:
        return is_public(str(inner))
    return found.is_global and not found.is_multicast


def is_loopback(address: str) -> bool:
    """Tell whether an address never leaves this machine."""
    found = ipaddress.ip_address(address.partition("%")[0])
    return (_inner(found) or found).is_loopback


def _inner(address: IPAddress) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]

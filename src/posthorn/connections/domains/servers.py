"""Reads which name servers the operator wants to be asked."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Server = tuple[str, int]
_PORT = 53
_HIGHEST_PORT = 65_535


class NameServerError(ValueError):
    """Write POSTHORN_DNS as addresses with ports, such as 192.0.2.53:53."""


def parse_servers(texts: Iterable[str]) -> tuple[Server, ...]:
    """Read `192.0.2.53:53`, `[2001:db8::53]:53`, or an address alone. Raises NameServerError."""
    return tuple(_server(text) for text in texts)


def _server(text: str) -> Server:
    address, port = text, str(_PORT)
    if text.count(":") == 1 or "]:" in text:
        address, _, port = text.rpartition(":")
    try:
        host = str(ipaddress.ip_address(address.strip("[]")))
    except ValueError:
        host = ""
    if not host or not port.isdecimal() or not 0 < int(port) <= _HIGHEST_PORT:
        raise NameServerError(f"{text!r} is no address with a port, such as 192.0.2.53:53.")
    return host, int(port)

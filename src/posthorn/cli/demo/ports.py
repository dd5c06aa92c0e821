"""Finds ports on this machine that nobody listens on."""

from __future__ import annotations

import socket
from contextlib import ExitStack

_NEXT = 100


def free_ports(count: int) -> list[int]:
    """Give that many free ports of the loopback address."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def first_free(host: str, port: int) -> int:
    """Give the wanted port, or the first free one after it; at last any free one."""
    tried = range(port, min(port + _NEXT, 65_536))
    found = next((number for number in tried if is_free(host, number)), None)
    return found if found is not None else free_ports(1)[0]


def is_free(host: str, port: int) -> bool:
    """Tell whether a program could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
            probe.listen(1)
        except OSError:
            return False
    return True

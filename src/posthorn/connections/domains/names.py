"""Asks the domain name system, each question and all of them together within a time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

import dns.exception
import dns.nameserver
import dns.rdatatype
import dns.resolver

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dns.rdata import Rdata

    from posthorn.connections.domains.servers import Server

QUESTION_S = 3.0
_MOST_ANSWERS = 100


class NamesUnavailableError(Exception):
    """Ask again later: no name server gave an answer; the message says why."""


class Names(Protocol):
    """What a check asks of the domain name system; nothing found is an empty list.

    Every question raises NamesUnavailableError when there was no answer to rely on.
    """

    def texts(self, name: str) -> list[str]:
        """Return the TXT records of a name, each put together from its pieces."""

    def addresses(self, name: str) -> list[str]:
        """Return the IPv4 and IPv6 addresses of a name."""

    def mail_hosts(self, name: str) -> list[str]:
        """Return the MX hosts, the preferred first; an empty text is the null MX of RFC 7505."""


class ServerNames:
    """Asks name servers until a deadline, which is in seconds from now."""

    def __init__(self, servers: Sequence[Server], within_s: float) -> None:
        self._resolver = dns.resolver.Resolver(configure=not servers)
        if servers:
            self._resolver.nameservers = [
                dns.nameserver.Do53Nameserver(host, port) for host, port in servers
            ]
        self._deadline = time.monotonic() + within_s

    def texts(self, name: str) -> list[str]:
        """Return the TXT records of a name."""
        pieces = [getattr(one, "strings", ()) for one in self._ask(name, "TXT")]
        return [b"".join(each).decode("utf-8", "replace") for each in pieces]

    def addresses(self, name: str) -> list[str]:
        """Return the addresses of a name."""
        found = [*self._ask(name, "A"), *self._ask(name, "AAAA")]
        return [one.to_text() for one in found]

    def mail_hosts(self, name: str) -> list[str]:
        """Return the MX hosts of a name."""
        found = [(one.preference, one.exchange) for one in self._ask(name, "MX")]  # type: ignore[attr-defined]  # an MX has both
        return [str(host).rstrip(".").lower() for _, host in sorted(found)]

    def _ask(self, name: str, kind: str) -> list[Rdata]:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise NamesUnavailableError(f"{name} {kind}: no time left")
        try:
            answer = self._resolver.resolve(
                name, kind, search=False, lifetime=min(left, QUESTION_S)
            )
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.Timeout:
            raise NamesUnavailableError(f"{name} {kind}: no answer in time") from None
        except dns.resolver.NoNameservers:
            raise NamesUnavailableError(f"{name} {kind}: the name server failed") from None
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise NamesUnavailableError(f"{name} {kind}: {type(error).__name__}") from None
        return list(answer)[:_MOST_ANSWERS]

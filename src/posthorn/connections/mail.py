"""The mail a connector is given: the operator's relay or the firm's own, over shared lines."""

from __future__ import annotations

import re
import ssl
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from posthorn.connections.guard import Guard, PrivateAddressError, UnresolvedError, resolve
from posthorn.connections.handover import Post, ask_nothing, hand_over
from posthorn.connections.limits import Limits
from posthorn.connections.opening import TooManyLinesError, open_line
from posthorn.connections.pool import Gate, Pool
from posthorn.connections.relays import may_be_plain
from posthorn.sdk.errors import Misconfigured, RateLimited, Unavailable
from posthorn.sdk.mail import MailReply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from posthorn.connections.pace import Pacer
    from posthorn.connections.relays import Endpoint
    from posthorn.connections.smtp import Line, Reply, Times
    from posthorn.sdk.mail import Quota

DOMAIN_NOT_PROVEN = "domain_not_proven"

# Postfix: queued as X. Exim: OK id=X. Exchange: [InternalId=X]. The sandbox: Stored as X.
_QUEUE_ID = re.compile(
    r"(?:queued as|stored as|\bid=|InternalId=)\s*([A-Za-z0-9._-]+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the operator allows every relay: times, certificates, private hosts, connections."""

    times: Times
    ca: Path | None
    allow_private: frozenset[str]
    concurrency: int
    limits: Limits = field(default_factory=Limits)


class Switchboard:
    """Knows the pools of this process, one per endpoint and its login."""

    def __init__(
        self,
        terms: Terms,
        pacer: Pacer | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.terms = terms
        self._pacer = pacer
        self._clock = clock
        self._pools: dict[Endpoint, Pool] = {}
        self._domains: dict[str, Gate] = {}
        self._lock = threading.Lock()

    def pool(self, endpoint: Endpoint) -> Pool:
        """Return the pool of an endpoint."""
        with self._lock:
            if endpoint not in self._pools:
                own = self.terms.limits.of_relay(endpoint.name).at_once
                self._pools[endpoint] = Pool(
                    lambda: self.dial(endpoint),
                    Gate(min(own or self.terms.concurrency, self.terms.concurrency), self._clock),
                    patience_s=self.terms.times.connect_s,
                )
            return self._pools[endpoint]

    @contextmanager
    def turn(self, endpoint: Endpoint, domain: str) -> Iterator[None]:
        """Hold a place for one message to a domain, once its rates allow it.

        Raises Unavailable when there is no place in time, RateLimited.
        """
        limits = self.terms.limits
        relay, receiver = limits.of_relay(endpoint.name), limits.of_domain(domain)
        with ExitStack() as held:
            if receiver.at_once:
                held.enter_context(self._place(domain, receiver.at_once))
            for key, limit in ((f"@{domain}", receiver), (endpoint.name, relay)):
                if limit.interval_s and self._pacer:
                    self._pacer.take_turn(key.lower(), limit.interval_s)
            yield

    @contextmanager
    def room(self, recipient: str, quotas: Sequence[Quota]) -> Iterator[None]:
        """Hold room in a mailbox's quotas; what certainly did not arrive gives it back.

        Raises RateLimited, Unavailable.
        """
        if not quotas or self._pacer is None:
            yield
            return
        taken_at = self._pacer.take_room(recipient, quotas)
        try:
            yield
        except (Unavailable, Misconfigured, RateLimited):
            self._pacer.give_back(recipient, taken_at)
            raise

    @contextmanager
    def _place(self, domain: str, at_once: int) -> Iterator[None]:
        with self._lock:
            gate = self._domains.setdefault(domain.lower(), Gate(at_once))
        if not gate.enter(self.terms.times.connect_s):
            raise Unavailable("relay_busy", detail=f"{at_once} at once to {domain} are in use")
        try:
            yield
        finally:
            gate.leave()

    def close_idle(self, older_than_s: float = 60.0) -> int:
        """Close lines nobody used for that long; return how many stay open. Call now and then."""
        with self._lock:
            pools = list(self._pools.values())
        return sum(pool.close_idle(older_than_s) for pool in pools)

    def dial(self, endpoint: Endpoint) -> Line:
        """Open a new line. Raises what `open_line` raises, and Misconfigured(private_address)."""
        try:
            addresses = self._guard(endpoint).addresses(endpoint.host, endpoint.port)
        except UnresolvedError as error:
            raise Unavailable("relay_unreachable", detail=str(error)) from None
        except PrivateAddressError as error:
            raise Misconfigured("private_address", field="relay_host", detail=str(error)) from None
        if not may_be_plain(endpoint, addresses, self.terms.allow_private):
            raise Misconfigured("plain_line", field="relay_security", detail=endpoint.name)
        trust = trusted(self.terms.ca)
        return open_line(endpoint, addresses, times=self.terms.times, trust=trust)

    def _guard(self, endpoint: Endpoint) -> Guard:
        # The operator's own relay is the operator's business.
        own = {f"{endpoint.host}:{endpoint.port}".lower()} if endpoint.is_operators else set()
        return Guard(allowed=self.terms.allow_private | own, resolve=resolve)


@cache
def trusted(ca: Path | None) -> ssl.SSLContext:
    """Return the TLS context that verifies host and certificate against a file or the system's."""
    return ssl.create_default_context(cafile=ca)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayMailer:
    """Implements posthorn.sdk.Mailer over one endpoint."""

    switchboard: Switchboard
    endpoint: Endpoint
    sender: str

    def check(self) -> MailReply:
        """Connect, log in and leave; the reply is the last one heard."""
        try:
            line = self.switchboard.dial(self.endpoint)
        except TooManyLinesError as closing:
            raise Unavailable("relay_busy", detail=closing.said) from None
        try:
            return self._proof(line, ask_nothing(line))
        finally:
            line.leave()

    def send(
        self,
        message: bytes,
        *,
        sender: str,
        recipient: str,
        envelope_id: str = "",
        quotas: Sequence[Quota] = (),
    ) -> MailReply:
        """Send complete CRLF message bytes to one recipient.

        Raises one of the six outcomes, or MessageError for bytes that are no mail.
        """
        post = Post(message=message, sender=sender, recipient=recipient, envelope_id=envelope_id)

        def work(line: Line) -> MailReply:
            return self._proof(line, hand_over(line, post))

        with (
            self.switchboard.turn(self.endpoint, recipient.rpartition("@")[2]),
            self.switchboard.room(recipient, quotas),
        ):
            return self.switchboard.pool(self.endpoint).use(work)

    def _proof(self, line: Line, reply: Reply) -> MailReply:
        said = reply.said(line.secrets)
        found = _QUEUE_ID.search(said)
        return MailReply(
            server=self.endpoint.name,
            reply=said,
            tls=line.tls_words(),
            queue_id=found.group(1) if found else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMailer:
    """Stands where neither the operator nor the firm has a relay; refuses to send."""

    sender: str = ""

    def check(self) -> MailReply:
        """Raise Misconfigured."""
        raise Misconfigured("no_relay", field="relay")

    def send(
        self,
        message: bytes,
        *,
        sender: str,
        recipient: str,
        envelope_id: str = "",
        quotas: Sequence[Quota] = (),
    ) -> MailReply:
        """Raise Misconfigured."""
        del message, sender, recipient, envelope_id, quotas
        raise Misconfigured("no_relay", field="relay")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprovenMailer:
    """Stands where a firm's own From is not yet proven to be its own; refuses to send."""

    sender: str

    def check(self) -> MailReply:
        """Raise Misconfigured."""
        raise self._refusal()

    def send(
        self,
        message: bytes,
        *,
        sender: str,
        recipient: str,
        envelope_id: str = "",
        quotas: Sequence[Quota] = (),
    ) -> MailReply:
        """Raise Misconfigured."""
        del message, sender, recipient, envelope_id, quotas
        raise self._refusal()

    def _refusal(self) -> Misconfigured:
        domain = self.sender.rpartition("@")[2]
        return Misconfigured(DOMAIN_NOT_PROVEN, field="mail_from", detail=domain)

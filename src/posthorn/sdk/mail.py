"""The mail a connector sees: one relay, one message, one final reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReply:
    """The relay's final answer to the message: what we keep as proof."""

    server: str  # host name and port we spoke to
    reply: str  # code and text of the reply to the final dot, capped
    tls: str = ""  # version and cipher; empty when the line was plain
    queue_id: str = ""  # the relay's own number for the message, when it names one


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many mails one mailbox takes in any stretch of time; at most a week long."""

    most: int
    within: timedelta


class Mailer(Protocol):
    """Hands one message to the relay of this connection."""

    @property
    def sender(self) -> str:
        """Return the From and envelope address of this connection's mail."""
        ...

    def check(self) -> MailReply:
        """Connect, log in and leave without sending anything; the reply is the last one heard.

        Raises Misconfigured when the login is refused, Unavailable when nobody answers.
        """
        ...

    def send(
        self,
        message: bytes,
        *,
        sender: str,
        recipient: str,
        envelope_id: str = "",
        quotas: Sequence[Quota] = (),
    ) -> MailReply:
        """Send complete CRLF message bytes, not dot-stuffed, to one recipient.

        `envelope_id` is repeated in the notice a relay sends of a failure, where it offers that
        (RFC 3461); give the key of the delivery. `quotas` are what the recipient's mailbox takes,
        counted over all workers: without room nothing leaves and RateLimited says until when.

        Raises one of the six outcomes: Unavailable when the relay certainly did not take it,
        Uncertain when the line broke after our last byte, Rejected when it refused the document.
        """
        ...

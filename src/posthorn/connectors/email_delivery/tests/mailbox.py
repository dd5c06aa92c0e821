"""A stand-in mailbox behind a relay, with real state: what it took, and how it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from posthorn.sdk import Context, MailReply, Quota, Rejected, Unavailable, Uncertain
from posthorn.sdk.testing import Cut, Stored, memory_context

SENDER = "posthorn@kantoor.example"
REPLY = "250 2.0.0 Ok: queued as 4Bx1"


class Mailbox:
    """Takes mail as a relay would, and keeps it byte for byte."""

    def __init__(self, sender: str = SENDER) -> None:
        self.sender = sender
        self.mails: list[tuple[str, str, bytes]] = []  # envelope sender, recipient, message
        self.quotas: tuple[Quota, ...] = ()
        self.checks = 0
        self._sends = 0
        self._cut: Cut | None = None
        self._refuses = False

    def context(self, settings: Mapping[str, str]) -> Context:
        return memory_context(settings, mail=self)

    def stored(self) -> Sequence[Stored]:
        return [
            Stored(
                key=read(message)["X-Posthorn-Delivery"],
                remote_id=read(message)["Message-ID"],
                content=message,
            )
            for _, _, message in self.mails
        ]

    def writes(self) -> int:
        return self._sends

    def cut_line(self, when: Cut) -> None:
        self._cut = when

    def refuse(self) -> None:
        self._refuses = True

    def check(self) -> MailReply:
        self.checks += 1
        return MailReply(server="relay.example:587", reply="250 Ok", tls="TLSv1.3")

    def send(
        self,
        message: bytes,
        *,
        sender: str,
        recipient: str,
        envelope_id: str = "",
        quotas: Sequence[Quota] = (),
    ) -> MailReply:
        del envelope_id
        self.quotas = tuple(quotas)
        self._sends += 1
        cut, self._cut = self._cut, None
        if cut is Cut.BEFORE:
            raise Unavailable("relay_unreachable")
        refuses, self._refuses = self._refuses, False
        if refuses:
            raise Rejected("refused_by_mailbox", detail="552 5.3.4 Message too big")
        self.mails.append((sender, recipient, message))
        if cut is Cut.AFTER:
            raise Uncertain("answer_lost")
        return MailReply(server="relay.example:587", reply=REPLY, tls="TLSv1.3", queue_id="4Bx1")


def read(message: bytes) -> EmailMessage:
    """Return the message as the standard library understands it."""
    parsed = message_from_bytes(message, policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    return parsed

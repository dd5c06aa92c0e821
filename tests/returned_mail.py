"""Mails of ours that servers send back, and why."""

from __future__ import annotations

from dataclasses import dataclass

DOMAIN = "bounces.kantoor.example"
SENDER = "facturen@kantoor.example"


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Why a server sends a mail back: its code, its words, and the cause a person should read."""

    reply: int
    status: str
    words: str
    cause: str


TROUBLES = (
    Trouble(
        reply=550,
        status="5.1.1",
        words="<{to}>: Recipient address rejected: User unknown in virtual mailbox table",
        cause="bounce_no_mailbox",
    ),
    Trouble(reply=550, status="5.1.1", words="User unknown", cause="bounce_no_mailbox"),
    Trouble(
        reply=550,
        status="5.1.10",
        words="RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by SMTP address lookup",
        cause="bounce_no_mailbox",
    ),
    Trouble(
        reply=550,
        status="5.1.2",
        words="Host or domain name not found. Name service error for name={host} type=AAAA",
        cause="bounce_no_domain",
    ),
    Trouble(
        reply=554,
        status="5.4.4",
        words="unable to look up host {host}: no such host",
        cause="bounce_no_domain",
    ),
    Trouble(reply=551, status="5.1.6", words="Mailbox has moved", cause="bounce_moved"),
    Trouble(
        reply=550,
        status="5.2.1",
        words="The email account that you tried to reach is disabled",
        cause="bounce_mailbox_off",
    ),
    Trouble(
        reply=552, status="5.2.2", words="Mailbox full, quota exceeded", cause="bounce_mailbox_full"
    ),
    Trouble(
        reply=552,
        status="5.3.4",
        words="Message size exceeds fixed maximum message size",
        cause="bounce_too_large",
    ),
    Trouble(
        reply=550,
        status="5.7.26",
        words="This mail is unauthenticated: SPF and DKIM did not pass",
        cause="bounce_not_authentic",
    ),
    Trouble(
        reply=550,
        status="5.7.1",
        words="Message rejected as spam by content scanning",
        cause="bounce_blocked",
    ),
    Trouble(
        reply=550,
        status="5.7.1",
        words="Sender is not allowed: only registered senders may deliver here",
        cause="bounce_sender_unknown",
    ),
    Trouble(
        reply=552,
        status="5.7.0",
        words="Attachment with this file type is blocked for its content: virus found",
        cause="bounce_blocked",
    ),
    Trouble(
        reply=554,
        status="5.4.6",
        words="Too many hops, mail loop detected",
        cause="bounce_loop",
    ),
    Trouble(
        reply=450,
        status="4.4.7",
        words="Delivery time expired: connection timed out",
        cause="bounce_not_reached",
    ),
    Trouble(reply=554, status="5.0.0", words="Transaction refused", cause="bounce_other"),
)


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A mail of ours that comes back: its key, its return path and to whom it went."""

    key: str
    to: str
    path: str = SENDER  # with a tag, or the plain sender
    trouble: Trouble = TROUBLES[0]

    @property
    def host(self) -> str:
        return self.to.rpartition("@")[2]

    @property
    def said(self) -> str:
        return self.trouble.words.format(to=self.to, host=self.host)

    @property
    def diagnostic(self) -> str:
        return f"{self.trouble.reply} {self.trouble.status} {self.said}"

    def headers(self, message_id: str = "") -> str:
        """Give the headers of the mail that was sent; a relay may have changed its Message-ID."""
        return (
            f"Return-Path: <{self.path}>\r\n"
            f"Received: from posthorn.example by mx.{self.host} with ESMTPS; "
            "Sat, 21 Nov 2026 09:00:01 +0000\r\n"
            f"From: {SENDER}\r\nTo: {self.to}\r\nSubject: Purchase invoice F1 - Maes\r\n"
            "Date: Sat, 21 Nov 2026 09:00:00 +0000\r\n"
            f"Message-ID: {message_id or f'<{self.key}@kantoor.example>'}\r\n"
            f"X-Posthorn-Delivery: {self.key}\r\nAuto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            'Content-Type: multipart/mixed; boundary="=_own"\r\n'
        )

    def whole(self) -> str:
        """Give all of the mail that was sent."""
        return (
            f"{self.headers()}\r\n--=_own\r\nContent-Type: text/plain\r\n\r\nSee the attachment."
            "\r\n--=_own\r\nContent-Type: application/xml\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\nPEludm9pY2UvPg==\r\n--=_own--\r\n"
        )

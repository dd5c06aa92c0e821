"""Mails that come back, as mail servers write them: from the RFCs and real servers' shapes.

The shapes follow RFC 3462/3464/6533 and the public descriptions of Postfix, Exim, qmail (QSBMF),
Sendmail, Exchange and Gmail; every word in them is ours or theirs, no customer's.
"""

from __future__ import annotations

import base64
import quopri
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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


def _report(  # noqa: PLR0913  # one for each part of a report
    lost: Lost,
    *,
    sender: str,
    subject: str,
    told: str,
    status: str,
    returned: str,
    returned_type: str,
    extra: str = "",
    report: str = "delivery-status",
) -> str:
    return (
        f"Return-Path: <>\r\nFrom: {sender}\r\nTo: {lost.path}\r\nSubject: {subject}\r\n"
        f"Date: Sat, 21 Nov 2026 09:05:00 +0000\r\nMessage-ID: <dsn-{lost.key[:8]}@mx.example>\r\n"
        f"{extra}MIME-Version: 1.0\r\nContent-Type: multipart/report;"
        f' report-type={report};\r\n\tboundary="=_dsn"\r\n\r\n'
        "This is a MIME-encapsulated message.\r\n\r\n"
        f"--=_dsn\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{told}\r\n"
        f"--=_dsn\r\nContent-Type: message/{report}\r\n\r\n{status}\r\n"
        f"--=_dsn\r\nContent-Type: {returned_type}\r\n\r\n{returned}\r\n--=_dsn--\r\n"
    )


def postfix(lost: Lost) -> str:
    status = (
        "Reporting-MTA: dns; relay.kantoor.example\r\nX-Postfix-Queue-ID: 4XcQ1n0kZ2z9x\r\n"
        f"X-Postfix-Sender: rfc822; {lost.path}\r\n"
        "Arrival-Date: Sat, 21 Nov 2026 09:00:00 +0000 (UTC)\r\n\r\n"
        f"Final-Recipient: rfc822; {lost.to}\r\nOriginal-Recipient: rfc822;{lost.to}\r\n"
        f"Action: failed\r\nStatus: {lost.trouble.status}\r\n"
        f"Remote-MTA: dns; mx.{lost.host}\r\nDiagnostic-Code: smtp; {lost.diagnostic}\r\n"
    )
    told = (
        "This is the mail system at host relay.kantoor.example.\r\n\r\n"
        "I'm sorry to have to inform you that your message could not\r\n"
        "be delivered to one or more recipients. It's attached below.\r\n\r\n"
        f"<{lost.to}>: host mx.{lost.host}[192.0.2.1] said: {lost.diagnostic}\r\n"
        "    (in reply to RCPT TO command)\r\n"
    )
    return _report(
        lost,
        sender="MAILER-DAEMON@relay.kantoor.example (Mail Delivery System)",
        subject="Undelivered Mail Returned to Sender",
        told=told,
        status=status,
        returned=lost.whole(),
        returned_type="message/rfc822",
        extra="Auto-Submitted: auto-replied\r\n",
    )


def sendmail(lost: Lost) -> str:
    status = (
        "Reporting-MTA: dns; relay.example\r\nReceived-From-MTA: DNS; posthorn.example\r\n"
        "Arrival-Date: Sat, 21 Nov 2026 10:00:00 +0100\r\n\r\n"
        f"Final-Recipient: RFC822; {lost.to}\r\nAction: failed\r\nStatus: {lost.trouble.status}"
        f"\r\nRemote-MTA: DNS; mx.{lost.host}\r\nDiagnostic-Code: SMTP; {lost.diagnostic}\r\n"
        "Last-Attempt-Date: Sat, 21 Nov 2026 10:05:00 +0100\r\n"
    )
    told = (
        "The original message was received at Sat, 21 Nov 2026 10:00:00 +0100\r\n"
        "   ----- The following addresses had permanent fatal errors -----\r\n"
        f"<{lost.to}>\r\n    (reason: {lost.diagnostic})\r\n"
    )
    return _report(
        lost,
        sender="Mail Delivery Subsystem <MAILER-DAEMON@relay.example>",
        subject="Returned mail: see transcript for details",
        told=told,
        status=status,
        returned=lost.headers(),
        returned_type="text/rfc822-headers",
        extra="Auto-Submitted: auto-generated (failure)\r\n",
    )


def exim(lost: Lost) -> str:
    status = (
        "Reporting-MTA: dns; relay.example\r\n\r\n"
        f"Action: failed\r\nFinal-Recipient: rfc822;{lost.to}\r\nStatus: 5.0.0\r\n"
        f"Remote-MTA: dns; mx.{lost.host}\r\nDiagnostic-Code: smtp; {lost.diagnostic}\r\n"
    )
    told = (
        "This message was created automatically by mail delivery software.\r\n\r\n"
        "A message that you sent could not be delivered to one or more of its\r\n"
        "recipients. This is a permanent error. The following address(es) failed:\r\n\r\n"
        f"  {lost.to}\r\n    host mx.{lost.host} [192.0.2.1]\r\n"
        f"    SMTP error from remote mail server after RCPT TO:<{lost.to}>:\r\n"
        f"    {lost.diagnostic}\r\n"
    )
    return _report(
        lost,
        sender="Mail Delivery System <Mailer-Daemon@relay.example>",
        subject="Mail delivery failed: returning message to sender",
        told=told,
        status=status,
        returned=lost.whole(),
        returned_type="message/rfc822",
        extra=f"X-Failed-Recipients: {lost.to}\r\nAuto-Submitted: auto-replied\r\n",
    )


def old_exim(lost: Lost) -> str:
    return (
        f"Return-path: <>\r\nX-Failed-Recipients: {lost.to}\r\nAuto-Submitted: auto-replied\r\n"
        f"From: Mail Delivery System <Mailer-Daemon@relay.example>\r\nTo: {lost.path}\r\n"
        "Subject: Mail delivery failed: returning message to sender\r\n"
        "Date: Sat, 21 Nov 2026 09:05:00 +0000\r\n\r\n"
        "This message was created automatically by mail delivery software.\r\n\r\n"
        "A message that you sent could not be delivered to one or more of its\r\n"
        "recipients. This is a permanent error. The following address(es) failed:\r\n\r\n"
        f"  {lost.to}\r\n    SMTP error from remote mail server after RCPT TO:<{lost.to}>:\r\n"
        f"    host mx.{lost.host} [192.0.2.1]: {lost.diagnostic}\r\n\r\n"
        "------ This is a copy of the message, including all the headers. ------\r\n\r\n"
        f"{lost.whole()}"
    )


def qmail(lost: Lost) -> str:
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@relay.example\r\nTo: {lost.path}\r\n"
        "Subject: failure notice\r\nDate: 21 Nov 2026 09:05:00 -0000\r\n\r\n"
        "Hi. This is the qmail-send program at relay.example.\r\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\r\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n"
        f"<{lost.to}>:\r\n192.0.2.1 does not like recipient.\r\n"
        f"Remote host said: {lost.diagnostic}\r\nGiving up on 192.0.2.1.\r\n\r\n"
        "--- Below this line is a copy of the message.\r\n\r\n"
        f"{lost.whole()}"
    )


def exchange(lost: Lost) -> str:
    status = (
        "Reporting-MTA: dns;EXCH01.pakket.example\r\nReceived-From-MTA: dns;posthorn.example\r\n"
        "Arrival-Date: Sat, 21 Nov 2026 09:00:00 +0000\r\n\r\n"
        f"Original-Recipient: rfc822;{lost.to}\r\nFinal-Recipient: rfc822;{lost.to}\r\n"
        f"Action: failed\r\nStatus: {lost.trouble.status}\r\n"
        f"Diagnostic-Code: smtp;{lost.diagnostic}\r\n"
        "X-Display-Name: Inkoop\r\n"
    )
    told = (
        "Delivery has failed to these recipients or groups:\r\n\r\n"
        f"{lost.to}<mailto:{lost.to}>\r\n"
        "Your message wasn't delivered.\r\n\r\nDiagnostic information for administrators:\r\n\r\n"
        f"Generating server: EXCH01.pakket.example\r\n\r\n{lost.to}\r\n"
        f"Remote Server returned '{lost.diagnostic}'\r\n"
    )
    return _report(
        lost,
        sender="<postmaster@pakket.example>",
        subject="Undeliverable: Purchase invoice F1 - Maes",
        told=told,
        status=status,
        returned=lost.headers(),
        returned_type="message/rfc822",
        extra="X-MS-Exchange-Message-Is-Ndr:\r\nAuto-Submitted: auto-replied\r\n",
    )


def old_exchange(lost: Lost) -> str:
    return (
        f"Return-Path: <>\r\nFrom: System Administrator <postmaster@pakket.example>\r\n"
        f"To: {lost.path}\r\nSubject: Undeliverable: Purchase invoice F1\r\n"
        f"References: <{lost.key}@kantoor.example>\r\n\r\n"
        "Your message\r\n\r\n  To:      Inkoop\r\n  Subject: Purchase invoice F1\r\n"
        "  Sent:    Sat, 21 Nov 2026 09:00:00 +0000\r\n\r\n"
        "did not reach the following recipient(s):\r\n\r\n"
        f"{lost.to} on Sat, 21 Nov 2026 09:00:02 +0000\r\n"
        f"    <EXCH01.pakket.example #{lost.diagnostic}>\r\n"
    )


def gmail(lost: Lost) -> str:
    status = (
        "Reporting-MTA: dns; googlemail.example\r\nArrival-Date: Sat, 21 Nov 2026 01:00:00 -0800"
        "\r\nX-Original-Message-ID: <changed@relay.example>\r\n\r\n"
        f"Final-Recipient: rfc822; {lost.to}\r\nAction: failed\r\nStatus: {lost.trouble.status}"
        f"\r\nRemote-MTA: dns; mx.{lost.host}. (192.0.2.1, the server for the domain.)\r\n"
        f"Diagnostic-Code: smtp; {lost.trouble.reply}-{lost.trouble.status} {lost.said}\r\n"
        f" {lost.trouble.reply} {lost.trouble.status} see https://support.example/mail\r\n"
    )
    return _report(
        lost,
        sender="Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        subject="Delivery Status Notification (Failure)",
        told=f"** Message not delivered **\r\n\r\nYour message to {lost.to} was not delivered.\r\n",
        status=status,
        returned=lost.headers("<changed@relay.example>"),
        returned_type="message/rfc822",
        extra=f"X-Failed-Recipients: {lost.to}\r\nAuto-Submitted: auto-replied\r\n",
    )


def dutch(lost: Lost) -> str:
    """Prose in Dutch, in quoted-printable, with the headers quoted below."""
    words = (
        "Uw bericht kon niet worden afgeleverd: helaas één adres, onbestelbaar.\r\n\r\n"
        f"{lost.to}:\r\n{lost.diagnostic}\r\n\r\n-----Original message headers:\r\n\r\n"
        f"{lost.headers()}"
    )
    body = quopri.encodestring(words.encode()).decode("ascii")
    return (
        f"Return-Path: <>\r\nFrom: Mail Administrator <Postmaster@provider.example>\r\n"
        f"To: {lost.path}\r\nSubject: =?utf-8?q?Onbestelbaar=3A_Inkoopfactuur?=\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{body}"
    )


def html_only(lost: Lost) -> str:
    shown = (
        "<html><head><style>p{color:red}</style></head><body>"
        "<p>Die Nachricht ist unzustellbar.</p>"
        f"<p>{lost.to}:<br>{lost.diagnostic.replace('<', '&lt;').replace('>', '&gt;')}</p>"
        "</body></html>"
    )
    return (
        "Return-Path: <>\r\nFrom: Mail Delivery System <mailer-daemon@anbieter.example>\r\n"
        f"To: {lost.path}\r\nSubject: Unzustellbar\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="=_h"\r\n\r\n--=_h\r\n'
        f"Content-Type: text/html; charset=utf-8\r\n\r\n{shown}\r\n"
        f"--=_h\r\nContent-Type: message/rfc822\r\n\r\n{lost.whole()}\r\n--=_h--\r\n"
    )


def envelope_id(lost: Lost) -> str:
    """Nothing of the mail comes back but the ENVID it was given (RFC 3461 section 4.4)."""
    status = (
        f"Original-Envelope-Id: {lost.key.replace('.', '+2E')}\r\n"
        "Reporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; {lost.to}\r\nAction: failed (no second try)\r\n"
        f"Status: {lost.trouble.status}\r\nDiagnostic-Code: smtp; {lost.diagnostic}\r\n"
    )
    return _report(
        lost,
        sender="postmaster@relay.example",
        subject="Delivery failure",
        told="The mail could not be delivered.\r\n",
        status=status,
        returned="Subject: Purchase invoice F1\r\n",
        returned_type="text/rfc822-headers",
    )


def international(lost: Lost) -> str:
    """RFC 6533: message/global-delivery-status, which the parser of Python does not know."""
    status = (
        "Reporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: utf-8; {lost.to}\r\nAction: failed\r\nStatus: {lost.trouble.status}"
        f"\r\nDiagnostic-Code: smtp; {lost.diagnostic}\r\n"
    )
    return _report(
        lost,
        sender="MAILER-DAEMON@relay.example",
        subject="Undeliverable mail",
        told="The mail could not be delivered.\r\n",
        status=status,
        returned=lost.headers(),
        returned_type="message/global-headers",
        report="global-delivery-status",
    )


def in_base64(lost: Lost) -> str:
    """Some gateways encode the report (RFC 3464 section 2.1 allows 7bit alone)."""
    status = (
        "Reporting-MTA: dns; gateway.example\r\n\r\n"
        f"Final-Recipient: rfc822; {lost.to}\r\nAction: failed\r\nStatus: {lost.trouble.status}"
        f"\r\nDiagnostic-Code: smtp; {lost.diagnostic}\r\n"
    )
    encoded = base64.encodebytes(status.encode()).decode().replace("\n", "\r\n")
    mail = _report(
        lost,
        sender="postmaster@gateway.example",
        subject="Undeliverable mail",
        told="The mail could not be delivered.\r\n",
        status=f"@@{encoded}",
        returned=lost.whole(),
        returned_type="message/rfc822",
    )
    return mail.replace(
        "message/delivery-status\r\n\r\n@@",
        "message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n",
    )


SHAPES: Sequence[Callable[[Lost], str]] = (
    postfix,
    sendmail,
    exim,
    old_exim,
    qmail,
    exchange,
    old_exchange,
    gmail,
    dutch,
    html_only,
    envelope_id,
    international,
    in_base64,
)


def _lf(mail: str) -> str:
    return mail.replace("\r\n", "\n")


def _lower_addresses(mail: str) -> str:
    return mail.replace("Final-Recipient: rfc822", "final-recipient: RFC822").replace(
        "Action: failed", "ACTION: FAILED"
    )


def _wrapped(mail: str) -> str:
    """Pass it through a mailing gateway that adds headers on top."""
    return f"Received: from gateway by us; Sat, 21 Nov 2026 09:06:00 +0000\r\nX-Spam: no\r\n{mail}"


BENDS: Sequence[Callable[[str], str]] = (str, _lf, _lower_addresses, _wrapped)


def bounces(losses: Sequence[Lost], *, seed: int) -> Iterator[tuple[Lost, str, bytes]]:
    """Give one bounce for each mail, every shape and every bend in turn: (mail, shape, bytes)."""
    dice = random.Random(seed)  # noqa: S311  # shapes of tests
    for number, lost in enumerate(losses):
        shape = SHAPES[number % len(SHAPES)]
        bend = dice.choice(BENDS)
        yield lost, f"{shape.__name__}{bend.__name__}", bend(shape(lost)).encode()

"""Bounces in prose: qmail (QSBMF), old Exim and Exchange, Dutch and German, HTML alone."""

from __future__ import annotations

import quopri
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.returned_mail import Lost


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


def dutch(lost: Lost) -> str:
    """Prose in Dutch, in quoted-printable, with the headers quoted below."""
    words = (
        "Uw bericht kon niet worden afgeleverd: helaas, onbestelbaar.\r\n\r\n"
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
        "<p>Unzustellbar, die Nachricht.</p>"
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

"""Bounces with a report: the shapes of Postfix, Sendmail, Exim, Exchange, Gmail and gateways.

They follow RFC 3462, 3464 and 6533 and what those servers are publicly known to write.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.returned_mail import Lost


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

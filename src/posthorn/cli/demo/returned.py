"""Plays the server behind one mailbox: it takes a mail, and gives it back later (RFC 3464)."""

from __future__ import annotations

from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import TYPE_CHECKING

from posthorn.delivery.bounces.keeping import keep
from posthorn.delivery.bounces.settling import settle_due

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posthorn.cli.demo.arrivals import Arrival
    from posthorn.cli.demo.mailboxes import Mail

RESULT = "returned"
_STATUS, _SAID = "5.2.2", "552 5.2.2 Mailbox full, quota exceeded"


def give_back(mails: Sequence[Mail], arrivals: Sequence[Arrival]) -> None:
    """Return what the manifest says comes back, as any server's notice of it is taken in."""
    wanted = {one.sample.sha256 for one in arrivals if one.sample.result == RESULT}
    for mail in mails:
        if wanted.intersection(mail.attachments):
            keep(_notice(mail), source="demo", sender="", recipients=[mail.sender])
    while settle_due():
        pass


def _notice(mail: Mail) -> bytes:
    to = mail.recipients[0]
    host = f"mx.{to.rpartition('@')[2]}"
    notice = MIMEMultipart("report")
    notice.set_param("report-type", "delivery-status")
    notice["From"] = f"Mail Delivery System <mailer-daemon@{host}>"
    notice["To"] = mail.sender
    notice["Subject"] = "Undelivered Mail Returned to Sender"
    notice["Auto-Submitted"] = "auto-replied"
    notice.attach(MIMEText(f"Your mail to {to} could not be delivered.\n\n{_SAID}\n"))
    status = MIMEBase("message", "delivery-status")
    status.attach(_block({"Reporting-MTA": f"dns; {host}"}))
    status.attach(
        _block(
            {
                "Final-Recipient": f"rfc822; {to}",
                "Action": "failed",
                "Status": _STATUS,
                "Diagnostic-Code": f"smtp; {_SAID}",
            }
        )
    )
    notice.attach(status)
    return notice.as_bytes()


def _block(fields: Mapping[str, str]) -> Message:
    block = Message()
    for name, value in fields.items():
        block[name] = value
    return block

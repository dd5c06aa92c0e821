"""Every shared sample, in each of the five families, through Postfix into a mailbox and back.

The samples lie beside the repository; without them, or without the servers, these tests skip.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.mail import RelayMailer
from posthorn.connections.relays import LineSecurity
from posthorn.connectors.email_delivery.contents import contents_of
from posthorn.connectors.email_delivery.families import Family
from posthorn.connectors.email_delivery.message import Envelope, build
from posthorn.connectors.email_delivery.presets import presets
from posthorn.connectors.email_delivery.tests.process.test_samples import (
    ADDED,
    INVOICES,
    ON,
    PRESETS,
    SAMPLES,
    STATEMENTS,
    document_of,
)
from posthorn.sdk import Rejected
from tests.process.mail_relay import (
    SENDER,
    TERMS,
    closed_lines,  # noqa: F401  used by every test
    endpoint,
    switchboard,
)
from tests.process.mail_server_files import PASSWORD
from tests.process.mail_servers import mail_servers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.process.mail_servers import MailServers

pytestmark = [
    pytest.mark.xdist_group("mail-servers"),
    pytest.mark.skipif(
        not INVOICES or not STATEMENTS, reason=f"no samples in {SAMPLES}: nothing to send"
    ),
]
PATIENT = replace(TERMS, times=replace(TERMS.times, connect_s=20.0, reply_s=30.0, accept_s=60.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One sample as it left: what travels, by extension."""

    path: Path
    key: str
    message: bytes
    files: dict[str, bytes]


@pytest.fixture(scope="module")
def servers() -> Iterator[MailServers]:
    with mail_servers() as started:
        yield started


def mails_of(family: Family) -> list[Sent]:
    """Build the mail of every sample; one whose PDF cannot be drawn makes none where one must."""
    preset = presets()[PRESETS[family]]
    made: list[Sent] = []
    for number, path in enumerate([*INVOICES, *STATEMENTS]):
        document = document_of(path)
        envelope = Envelope(sender=SENDER, recipient=box(family), key=f"{family}-{number}")
        try:
            files = contents_of(document, preset, ON).files
        except Rejected:
            continue  # counted below
        made.append(
            Sent(
                path=path,
                key=envelope.key,
                message=build(document, envelope, files),
                files={one.name.rpartition(".")[2]: one.content for one in files},
            )
        )
    return made


def box(family: Family) -> str:
    return f"box-{family}@pakket.example"


def send_all(servers: MailServers, family: Family, mails: list[Sent]) -> None:
    place = replace(
        endpoint(servers.smtp("login"), LineSecurity.STARTTLS),
        username="kantoor",
        password=PASSWORD,
    )
    board = switchboard(replace(PATIENT, ca=servers.ca))
    mailer = RelayMailer(switchboard=board, endpoint=place, sender=SENDER)

    def send(one: Sent) -> None:
        mailer.send(one.message, sender=SENDER, recipient=box(family), envelope_id=one.key)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(send, mails))


def arrived(servers: MailServers, family: Family, count: int) -> dict[str, dict[str, bytes]]:
    """Read the mailbox back: key → what was attached, by extension."""
    found: dict[str, dict[str, bytes]] = {}
    for raw in servers.mails(box(family), count, within_s=90.0):
        mail = message_from_bytes(raw, policy=policy.SMTP)
        assert isinstance(mail, EmailMessage)
        found[mail["X-Posthorn-Delivery"]] = {
            (part.get_filename() or "").rpartition(".")[2]: bytes(
                part.get_payload(decode=True) or b""
            )
            for part in mail.iter_attachments()
        }
    return found


def may_differ(family: Family, sent: Sent) -> bool:
    """Tell whether the family puts a PDF into this sample."""
    return family is Family.EMBEDDED_ONLY and sent.path in INVOICES


@pytest.mark.parametrize("family", Family)
def test_every_sample_is_read_back_as_it_was(servers: MailServers, family: Family) -> None:
    mails = mails_of(family)

    send_all(servers, family, mails)
    found = arrived(servers, family, len(mails))

    assert found == {one.key: one.files for one in mails}
    for one in mails:
        original, (ending, content) = one.path.read_bytes(), next(iter(one.files.items()))
        if family is Family.PDF_ONLY:
            assert (ending, content[:5]) == ("pdf", b"%PDF-")
        elif may_differ(family, one):
            assert ADDED.sub(b"", content) == original, one.path.name
        else:
            assert content == original, one.path.name
    assert len(mails) == len(INVOICES) + len(STATEMENTS)

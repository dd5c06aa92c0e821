"""Posthorn against Postfix and Dovecot: what it says is what real servers take."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.mail import RelayMailer
from posthorn.connections.relays import LineSecurity
from posthorn.sdk import AuthorizationLost, Misconfigured, Rejected, Scope, Unavailable
from tests.process.mail_relay import (
    MESSAGE,
    SENDER,
    TERMS,
    closed_lines,  # noqa: F401  used by every test
    endpoint,
    switchboard,
)
from tests.process.mail_server_files import MAX_BYTES, PASSWORD, REFUSING
from tests.process.mail_servers import mail_servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.process.mail_servers import MailServers

pytestmark = pytest.mark.xdist_group("mail-servers")

PATIENT = replace(TERMS, times=replace(TERMS.times, connect_s=10.0, reply_s=20.0, accept_s=20.0))
KEY = "0190a1b2-delivery"


@pytest.fixture(scope="module")
def servers() -> Iterator[MailServers]:
    with mail_servers() as started:
        yield started


def mailer(
    servers: MailServers,
    door: str,
    *,
    address: tuple[str, int] | None = None,
    password: str = PASSWORD,
) -> RelayMailer:
    """Give a mailer at one of Postfix's doors; those with TLS want a login."""
    is_plain = door in {"open", "grey"}
    place = endpoint(address or servers.smtp(door), LineSecurity.STARTTLS)
    if is_plain:
        place = replace(place, security=LineSecurity.NONE)
    else:
        place = replace(place, username="kantoor", password=password)
    terms = replace(PATIENT, ca=servers.ca)
    return RelayMailer(switchboard=switchboard(terms), endpoint=place, sender=SENDER)


def send(to: RelayMailer, recipient: str, message: bytes = MESSAGE) -> str:
    return to.send(message, sender=SENDER, recipient=recipient, envelope_id=KEY).reply


def test_a_mail_goes_over_starttls_and_login_into_a_mailbox(servers: MailServers) -> None:
    reply = mailer(servers, "login").send(
        MESSAGE, sender=SENDER, recipient="box-login@pakket.example", envelope_id=KEY
    )

    (arrived,) = servers.mails("box-login@pakket.example")
    assert reply.reply == f"250 2.0.0 Ok: queued as {reply.queue_id}"
    assert reply.tls.startswith("TLSv1.3 ")
    assert arrived.endswith(MESSAGE.partition(b"\r\n\r\n")[2])
    assert message_from_bytes(arrived)["Return-Path"] == f"<{SENDER}>"


def test_twenty_mails_go_over_one_line(servers: MailServers) -> None:
    to = mailer(servers, "login")

    for _ in range(20):
        send(to, "box-many@pakket.example")

    assert len(servers.mails("box-many@pakket.example", 20)) == 20
    assert to.switchboard.close_idle(60.0) == 1


def test_a_wrong_password_is_told_and_no_mail_leaves(servers: MailServers) -> None:
    with pytest.raises(AuthorizationLost) as raised:
        send(mailer(servers, "login", password="wrong"), "box-nobody@pakket.example")  # noqa: S106

    assert (raised.value.code, raised.value.field) == ("login_refused", "relay_password")
    assert raised.value.detail.startswith("535 5.7.8 Error: authentication failed")


def test_a_mail_over_the_size_limit_is_refused_before_it_is_sent(servers: MailServers) -> None:
    with pytest.raises(Rejected) as raised:
        send(mailer(servers, "login"), "box-size@pakket.example", MESSAGE + b"x\r\n" * MAX_BYTES)

    size = len(MESSAGE) + 3 * MAX_BYTES
    assert (raised.value.code, raised.value.detail) == (
        "too_large",
        f"the mail is {size} bytes, the server takes {MAX_BYTES}",
    )


def test_an_unknown_recipient_is_refused_with_the_servers_words(servers: MailServers) -> None:
    to = mailer(servers, "open")

    with pytest.raises(Rejected) as raised:
        send(to, "nobody@pakket.example")
    send(to, "box-after@pakket.example")

    assert raised.value.code == "recipient_refused"
    assert raised.value.detail.startswith("550 5.1.1 <nobody@pakket.example>: Recipient address")
    assert len(servers.mails("box-after@pakket.example")) == 1


def test_a_relay_that_greylists_takes_the_mail_later(servers: MailServers) -> None:
    to = mailer(servers, "grey")
    servers.greylist.wait_s = 3_600.0

    with pytest.raises(Unavailable) as raised:
        send(to, "box-grey@pakket.example")
    servers.greylist.wait_s = 0.0
    send(to, "box-grey@pakket.example")

    assert (raised.value.code, raised.value.scope) == ("recipient_deferred", Scope.DOCUMENT)
    assert raised.value.detail.startswith("450 4.2.0 <box-grey@pakket.example>: Recipient address")
    assert len(servers.mails("box-grey@pakket.example")) == 1


def test_a_failure_comes_back_as_a_notice_that_names_the_delivery(servers: MailServers) -> None:
    send(mailer(servers, "open"), f"weg@{REFUSING}")

    (raw,) = servers.mails(SENDER)
    notice = message_from_bytes(raw, policy=policy.SMTP)
    assert isinstance(notice, EmailMessage)
    assert notice["Return-Path"] == "<>"
    assert notice.get_content_type() == "multipart/report"
    assert notice.get_param("report-type") == "delivery-status"
    words, status, returned = notice.iter_parts()
    _, whole, recipient = status.walk()  # itself, then the two groups of RFC 3464 section 2.1
    assert "550 5.1.1 No such mailbox here" in " ".join(words.get_content().split())
    assert recipient["Diagnostic-Code"] == "smtp; 550 5.1.1 No such mailbox here"
    assert whole["Original-Envelope-Id"] == KEY
    assert recipient["Original-Recipient"] == f"rfc822;weg@{REFUSING}"
    assert (recipient["Action"], recipient["Status"]) == ("failed", "5.1.1")
    # RET=HDRS: the document itself does not travel back.
    assert returned.get_content_type() == "text/rfc822-headers"
    assert b"See the attachment." not in raw


@dataclass(slots=True, kw_only=True)
class Wiretap:
    """Passes a line on to a server and keeps what the client wrote, as it was on the wire."""

    to: tuple[str, int]
    heard: bytearray = field(default_factory=bytearray)
    address: tuple[str, int] = ("", 0)

    @contextmanager
    def listening(self) -> Iterator[Wiretap]:
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.address = server.getsockname()
            thread = threading.Thread(target=self._serve, args=(server,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown(socket.SHUT_RDWR)
                thread.join(timeout=10)

    def _serve(self, server: socket.socket) -> None:
        while True:
            try:
                near, _ = server.accept()
            except OSError:
                return
            with near, socket.create_connection(self.to) as far:
                back = threading.Thread(target=_pump, args=(far, near, None), daemon=True)
                back.start()
                _pump(near, far, self.heard)
                back.join(timeout=10)


def _pump(source: socket.socket, target: socket.socket, heard: bytearray | None) -> None:
    try:
        while data := source.recv(65_536):
            if heard is not None:
                heard += data
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one side hung up, which ends the line


@pytest.mark.parametrize("door", ["expired", "elsewhere"])
def test_a_wrong_certificate_lets_no_byte_of_the_mail_out(servers: MailServers, door: str) -> None:
    with Wiretap(to=servers.smtp(door)).listening() as tap:
        to = mailer(servers, door, address=tap.address)
        with pytest.raises(Misconfigured) as raised:
            send(to, "box-tls@pakket.example")

    assert (raised.value.code, raised.value.field) == ("certificate_refused", "relay_host")
    clear, _, hello = bytes(tap.heard).partition(b"STARTTLS\r\n")
    assert clear == b"ehlo [127.0.0.1]\r\n"
    assert hello[:1] == b"\x16"  # a TLS handshake record, and nothing before it
    for secret in (MESSAGE[:20], SENDER.encode(), b"pakket.example", b"AUTH", PASSWORD.encode()):
        assert secret not in tap.heard


def test_over_a_good_certificate_the_wire_carries_no_word_of_the_mail(
    servers: MailServers,
) -> None:
    with Wiretap(to=servers.smtp("login")).listening() as tap:
        to = mailer(servers, "login", address=tap.address)
        send(to, "box-tapped@pakket.example")
        to.switchboard.close_idle(0.0)

    assert len(servers.mails("box-tapped@pakket.example")) == 1
    for secret in (MESSAGE[:20], SENDER.encode(), b"pakket.example", PASSWORD.encode()):
        assert secret not in tap.heard


def test_a_recipient_beyond_ascii_arrives_where_smtputf8_is_offered(servers: MailServers) -> None:
    with pytest.raises(Rejected) as raised:
        send(mailer(servers, "open"), "jürgen@pakket.example")

    # Postfix offers SMTPUTF8, so the address reaches it; it has no such mailbox.
    assert raised.value.code == "recipient_refused"
    assert "jürgen@pakket.example" in raised.value.detail

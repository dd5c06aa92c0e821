"""What the receiver takes, stores and refuses, as a real client sees it."""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posthorn_sandbox.mail import (
    CertificateOrder,
    Login,
    PortTakenError,
    Receiver,
    ReceiverSettings,
    Tls,
)

SENDER = "firm@posthorn.example"
BOX = "in@package.example"
LOGIN = Login(user="relay", password="s3cret")  # noqa: S106  nobody's


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def client_of(receiver: Receiver) -> smtplib.SMTP:
    """Connect under the name the certificate carries."""
    return smtplib.SMTP("localhost", receiver.smtp[1], timeout=10)


def send_wire(receiver: Receiver, *wire: bytes) -> list[bytes]:
    """Send content exactly as given, piece by piece, then QUIT; return the replies from then on."""
    with socket.create_connection(receiver.smtp, timeout=10) as line:
        replies = line.makefile("rb")
        replies.readline()
        for command in (b"HELO x", b"MAIL FROM:<a@x.example>", b"RCPT TO:<b@x.example>", b"DATA"):
            line.sendall(command + b"\r\n")
            replies.readline()
        for piece in wire:
            line.sendall(piece)
            time.sleep(0.02 if len(wire) > 1 else 0)
        line.sendall(b"QUIT\r\n")
        return replies.readlines()


def test_message_is_stored_with_both_recipients_before_the_reply(receiver: Receiver) -> None:
    with client_of(receiver) as client:
        client.sendmail(SENDER, [BOX, "out@package.example"], b"Subject: one\r\n\r\nhello\r\n")

    (message,) = receiver.messages()
    assert message.recipients == (BOX, "out@package.example")
    assert message.sender == SENDER
    assert message.subject == "one"
    assert message.tls == ""
    assert message.answered_at is not None
    assert message.received_at <= message.stored_at <= message.answered_at
    assert receiver.content(1) == b"Subject: one\r\n\r\nhello\r\n"


@pytest.mark.parametrize(
    ("wire", "content"),
    [
        (b".\r\n", b""),
        (b"a\r\n.\r\n", b"a\r\n"),
        (b"..\r\n.\r\n", b".\r\n"),
        (b"a\r\n..b\r\n...\r\n.\r\n", b"a\r\n.b\r\n..\r\n"),
        (b".a\r\n.\r\n", b"a\r\n"),
        (b"\xff\x80\x00\r\n.\r\n", b"\xff\x80\x00\r\n"),
        (b"a\n.\nb\r.\rc\r\n.\r\n", b"a\n.\nb\r.\rc\r\n"),
        (b"a\r\n.\nb\r\n.\r\n", b"a\r\n\nb\r\n"),
    ],
    ids=["empty", "one-line", "dot", "stuffed", "lone-dot", "8-bit", "bare-ends", "dot-and-lf"],
)
def test_content_is_stored_as_it_came_without_the_stuffing(
    receiver: Receiver, wire: bytes, content: bytes
) -> None:
    assert send_wire(receiver, wire) == [b"250 2.0.0 Stored as 1\r\n", b"221 Bye\r\n"]
    assert receiver.content(1) == content


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.binary(max_size=40).map(lambda one: one.replace(b"\r", b".").replace(b"\n", b"."))
    )
)
def test_smtplib_and_receiver_agree_about_every_line(
    receiver: Receiver, lines: list[bytes]
) -> None:
    content = b"".join(line + b"\r\n" for line in lines)

    with client_of(receiver) as client:
        client.sendmail(SENDER, [BOX], content)

    assert receiver.content(receiver.messages()[-1].number) == (content or b"\r\n")


def test_line_over_998_bytes_is_refused_and_one_of_998_is_not(receiver: Receiver) -> None:
    refused = send_wire(receiver, b"x" * 999 + b"\r\n" + b"y" * 5000 + b"\r\n.\r\n")
    taken = send_wire(receiver, b"x" * 998 + b"\r\n.\r\n")

    assert refused[0].startswith(b"500 5.5.2 A line, which CR LF ends, is over 998 bytes")
    assert taken[0] == b"250 2.0.0 Stored as 1\r\n"


def test_dot_at_the_end_of_an_endless_line_does_not_end_the_message(receiver: Receiver) -> None:
    # The server takes 1,002 bytes of the first piece, so that the dot comes to it alone.
    replies = send_wire(receiver, b"x" * 1002 + b".", b"\r\n", b"NOOP\r\n.\r\n")

    assert [reply[:3] for reply in replies] == [b"500", b"221"]


def test_message_over_the_size_is_refused_at_mail_and_at_the_dot() -> None:
    with Receiver(ReceiverSettings(max_bytes=1000)) as receiver:
        with client_of(receiver) as client:
            client.ehlo()
            assert client.esmtp_features["size"] == "1000"
            with pytest.raises(smtplib.SMTPSenderRefused) as refused:
                client.sendmail(SENDER, [BOX], b"x" * 900 + b"\r\n" + b"y" * 100)
        at_the_dot = send_wire(receiver, (b"x" * 100 + b"\r\n") * 10 + b".\r\n")
        assert receiver.messages() == []

    assert refused.value.smtp_code == 552
    assert at_the_dot[0].startswith(b"552 5.3.4 ")


def test_several_messages_on_one_line_keep_their_envelopes_apart(receiver: Receiver) -> None:
    with client_of(receiver) as client:
        for number in range(3):
            client.sendmail(SENDER, [f"box{number}@x.example"], f"Subject: {number}\r\n\r\n")

    assert [(one.number, one.recipients, one.subject) for one in receiver.messages()] == [
        (1, ("box0@x.example",), "0"),
        (2, ("box1@x.example",), "1"),
        (3, ("box2@x.example",), "2"),
    ]


def test_starttls_with_the_authority_verifies_and_is_noted() -> None:
    with Receiver(ReceiverSettings(tls=Tls.STARTTLS)) as receiver:
        assert receiver.certificate is not None
        with client_of(receiver) as client:
            client.starttls(context=receiver.certificate.client_context())
            client.sendmail(SENDER, [BOX], b"Subject: x\r\n\r\n")
            assert isinstance(client.sock, ssl.SSLSocket)
            used = client.sock.cipher()

        assert used is not None
        assert receiver.messages()[0].tls == f"{used[1]} {used[0]}"


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (CertificateOrder(valid_for=timedelta(days=-1)), "certificate has expired"),
        (CertificateOrder(hosts=("other.example",)), "Hostname mismatch"),
    ],
)
def test_expired_or_wrong_certificate_is_refused_by_a_verifying_client(
    order: CertificateOrder, reason: str
) -> None:
    with Receiver(ReceiverSettings(tls=Tls.STARTTLS, certificate=order)) as receiver:
        assert receiver.certificate is not None
        client = client_of(receiver)
        with pytest.raises(ssl.SSLCertVerificationError, match=reason):
            client.starttls(context=receiver.certificate.client_context())
        client.close()

        assert receiver.messages() == []


def test_stranger_to_the_authority_refuses_and_the_next_client_is_served() -> None:
    with Receiver(ReceiverSettings(tls=Tls.STARTTLS)) as receiver:
        client = client_of(receiver)
        with pytest.raises(ssl.SSLCertVerificationError):
            client.starttls(context=ssl.create_default_context())
        client.close()

        with client_of(receiver) as other:
            other.sendmail(SENDER, [BOX], b"Subject: x\r\n\r\n")
        assert [one.tls for one in receiver.messages()] == [""]


def test_tls_can_be_required() -> None:
    wanted = ReceiverSettings(tls=Tls.STARTTLS, requires_tls=True)
    with Receiver(wanted) as receiver, client_of(receiver) as client:
        client.ehlo()
        assert client.mail(SENDER)[0] == 530


def test_tls_from_the_first_byte_takes_a_login_and_a_message() -> None:
    with Receiver(ReceiverSettings(tls=Tls.IMPLICIT, login=LOGIN)) as receiver:
        assert receiver.certificate is not None
        context = receiver.certificate.client_context()
        with smtplib.SMTP_SSL("localhost", receiver.smtp[1], context=context) as client:
            client.login(LOGIN.user, LOGIN.password)
            client.sendmail(SENDER, [BOX], b"Subject: x\r\n\r\n")

        (message,) = receiver.messages()
        assert message.tls.startswith("TLSv1.")
        assert message.login == LOGIN.user


def test_login_is_asked_for_and_a_wrong_one_refused() -> None:
    with Receiver(ReceiverSettings(login=LOGIN)) as receiver, client_of(receiver) as client:
        client.ehlo()
        assert client.mail(SENDER)[0] == 530
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            client.login(LOGIN.user, "wrong")
        assert refused.value.smtp_code == 535
        assert client.mail(SENDER)[0] == 530

        assert client.login(LOGIN.user, LOGIN.password)[0] == 235
        assert client.mail(SENDER)[0] == 250


def test_login_is_not_offered_before_starttls_nor_where_none_is_wanted() -> None:
    with Receiver(ReceiverSettings(tls=Tls.STARTTLS, login=LOGIN)) as receiver:
        assert receiver.certificate is not None
        with client_of(receiver) as client:
            client.ehlo()
            assert not client.has_extn("auth")
            client.starttls(context=receiver.certificate.client_context())
            client.ehlo()
            assert client.esmtp_features["auth"].split() == ["LOGIN", "PLAIN"]
            client.login(LOGIN.user, LOGIN.password)
    with Receiver() as receiver, client_of(receiver) as client:
        client.ehlo()
        assert sorted(client.esmtp_features) == ["8bitmime", "help", "pipelining", "size"]


def test_commands_sent_in_one_go_are_answered_in_order(receiver: Receiver) -> None:
    with socket.create_connection(receiver.smtp, timeout=10) as line:
        replies = line.makefile("rb")
        line.sendall(b"HELO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n")
        codes = [replies.readline()[:3] for _ in range(5)]
        line.sendall(b"x\r\n.\r\nNOOP\r\nQUIT\r\n")
        codes += [replies.readline()[:3] for _ in range(3)]

    assert codes == [b"220", b"250", b"250", b"250", b"354", b"250", b"250", b"221"]
    assert receiver.content(1) == b"x\r\n"


def test_disk_that_refuses_is_a_refused_message(tmp_path: Path) -> None:
    with Receiver(ReceiverSettings(folder=tmp_path)) as receiver:
        (tmp_path / "000001.eml").mkdir()
        refused = send_wire(receiver, b"x\r\n.\r\n")
        (tmp_path / "000001.eml").rmdir()
        taken = send_wire(receiver, b"x\r\n.\r\n")

    assert refused[0] == b"452 4.3.1 The sandbox cannot store it: Is a directory\r\n"
    assert taken[0] == b"250 2.0.0 Stored as 1\r\n"


def test_data_out_of_turn_is_refused(receiver: Receiver) -> None:
    with client_of(receiver) as client:
        assert client.docmd("DATA")[0] == 503
        client.ehlo()
        assert client.docmd("DATA")[0] == 503
        client.mail(SENDER)
        client.rcpt(BOX)
        assert client.docmd("DATA", "now")[0] == 501


def test_taken_port_is_one_clear_line(receiver: Receiver) -> None:
    host, port = receiver.smtp

    with pytest.raises(PortTakenError) as refused:
        Receiver(ReceiverSettings(port=port)).start()

    assert (
        str(refused.value) == f"Port {port} on {host} is taken; choose another one, or 0 for any."
    )


def test_closing_frees_the_port_and_cuts_the_lines() -> None:
    receiver = Receiver().start()
    port = receiver.smtp[1]
    client = client_of(receiver)

    receiver.close()
    receiver.close()

    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.noop()
    client.close()
    with Receiver(ReceiverSettings(port=port)) as again:
        assert again.smtp == ("127.0.0.1", port)

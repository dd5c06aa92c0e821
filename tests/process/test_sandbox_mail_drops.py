"""The line cut at every place, and what the server has afterwards."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Iterator

import pytest

from posthorn_sandbox.mail import Action, Fault, Moment, Receiver, Verb

SENDER = "firm@posthorn.example"
BOX = "in@package.example"
CONTENT = b"Subject: x\r\n\r\n" + b"0123456789\r\n" * 50
GONE = (smtplib.SMTPServerDisconnected, ConnectionError)
TIMEOUT_S = 0.3


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def client_of(receiver: Receiver) -> smtplib.SMTP:
    """Connect and read the banner."""
    return smtplib.SMTP(*receiver.smtp, timeout=10)


def send(client: smtplib.SMTP) -> None:
    """Send the one message of these tests."""
    client.sendmail(SENDER, [BOX], CONTENT)


def begin_content(client: smtplib.SMTP) -> None:
    """Bring the conversation to the content."""
    client.ehlo()
    client.mail(SENDER)
    client.rcpt(BOX)
    client.docmd("DATA")


@pytest.mark.parametrize("action", [Action.DROP, Action.RESET])
@pytest.mark.parametrize("verb", [Verb.EHLO, Verb.MAIL, Verb.RCPT, Verb.DATA])
def test_dropped_line_stores_nothing(receiver: Receiver, verb: Verb, action: Action) -> None:
    receiver.add_fault(Fault(at=verb, action=action, times=1))
    client = client_of(receiver)

    with pytest.raises(GONE):
        send(client)
    client.close()

    assert receiver.messages() == []


@pytest.mark.parametrize("action", [Action.DROP, Action.RESET])
@pytest.mark.parametrize(("when", "stored"), [(Moment.BEFORE, 0), (Moment.AFTER, 1)])
def test_line_dropped_at_the_dot_hides_whether_it_was_stored(
    receiver: Receiver, action: Action, when: Moment, stored: int
) -> None:
    receiver.add_fault(Fault(at=Verb.DOT, when=when, action=action, times=1))
    client = client_of(receiver)

    with pytest.raises(GONE):
        send(client)
    client.close()

    assert [one.answered_at for one in receiver.messages()] == [None] * stored


@pytest.mark.parametrize("action", [Action.DROP, Action.RESET])
@pytest.mark.parametrize("at_byte", [0, 1, 13, 14, 300, len(CONTENT), len(CONTENT) + 3, 10_000])
def test_line_dropped_at_a_byte_of_the_content_stores_nothing(
    receiver: Receiver, action: Action, at_byte: int
) -> None:
    receiver.add_fault(Fault(at=Verb.CONTENT, action=action, at_byte=at_byte, times=1))
    client = client_of(receiver)

    with pytest.raises(GONE):
        send(client)
    client.close()

    with client_of(receiver) as again:
        send(again)
    assert [receiver.content(one.number) for one in receiver.messages()] == [CONTENT]


def test_line_is_not_dropped_before_its_byte_came(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.CONTENT, action=Action.DROP, at_byte=20))
    client = client_of(receiver)
    begin_content(client)
    assert client.sock is not None
    client.sock.settimeout(TIMEOUT_S)

    client.send(b"0123456789\r\n")
    with pytest.raises(TimeoutError):
        client.sock.recv(1)
    client.send(b"0123456789\r\n")

    assert client.sock.recv(1) == b""
    client.close()


def test_line_is_dropped_as_soon_as_its_byte_came(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.CONTENT, action=Action.DROP, at_byte=12))
    client = client_of(receiver)
    begin_content(client)
    assert client.sock is not None

    client.send(b"0123456789\r\n")

    assert client.sock.recv(1) == b""
    client.close()


def test_stall_within_the_content_then_stores_it_whole(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.CONTENT, action=Action.STALL, at_byte=100, seconds=0.15))

    with client_of(receiver) as client:
        start = time.monotonic()
        send(client)
        assert time.monotonic() - start >= 0.15

    assert receiver.content(1) == CONTENT

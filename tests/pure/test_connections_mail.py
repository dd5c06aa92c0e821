"""What may be handed over at all, and how many lines a relay gets."""

from __future__ import annotations

import pytest

from posthorn.connections.handover import MessageError, Post, stuffed
from posthorn.connections.mail import NoMailer
from posthorn.connections.pool import RECOVERY_S, Gate
from posthorn.connections.smtp import REPLY_MAX_BYTES, Reply
from posthorn.sdk import Misconfigured

GOOD = b"Subject: x\r\n\r\nbody\r\n"


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (b"Subject: x\n\nbody\r\n", "the message holds a bare CR or LF"),
        (b"Subject: x\r\n\r\nbo\rdy\r\n", "the message holds a bare CR or LF"),
        (b"Subject: x\r\n\r\nbody\n.\n", "the message holds a bare CR or LF"),
        (b"Subject: x\r\n\r\nbody\n\r\r\n", "the message holds a bare CR or LF"),
        (b"Subject: x\r\n\r\nbody", "the message does not end with a line end"),
        (b"", "the message does not end with a line end"),
    ],
)
def test_bytes_that_are_no_mail_are_refused(message: bytes, why: str) -> None:
    with pytest.raises(MessageError) as raised:
        Post(message=message, sender="a@b.example", recipient="c@d.example")

    assert str(raised.value) == why


@pytest.mark.parametrize(
    "address",
    [
        "c@d.example>\r\nRCPT TO:<e@f.example",
        "c@d.example\r\nDATA",
        "c d@e.example",
        "<c@d.example>",
        "a@b@c.example",
        "\u00fcn\u2028code@d.example",
        "\u202egro@d.example",
        "a\u00a0b@d.example",
        "nobody",
        "",
    ],
)
def test_an_address_that_could_say_more_is_refused(address: str) -> None:
    for sender, recipient in ((address, "c@d.example"), ("c@d.example", address)):
        with pytest.raises(MessageError):
            Post(message=GOOD, sender=sender, recipient=recipient)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (GOOD, GOOD),
        (b".a\r\nb.\r\n", b"..a\r\nb.\r\n"),
        (b"a\r\n.\r\n..\r\nb\r\n", b"a\r\n..\r\n...\r\nb\r\n"),
    ],
)
def test_leading_dots_are_doubled(message: bytes, expected: bytes) -> None:
    assert stuffed(message) == expected


def test_a_message_is_not_in_its_repr() -> None:
    post = Post(message=GOOD, sender="a@b.example", recipient="c@d.example")

    assert repr(post) == "Post(sender='a@b.example', recipient='c@d.example', envelope_id='')"


def test_a_reply_is_redacted_and_capped_when_it_is_said() -> None:
    reply = Reply(code=250, lines=(b"hello \x1b[31mcanary-secret\xff", b"x" * REPLY_MAX_BYTES))

    said = reply.said(["canary-secret"])

    assert said.startswith("250 hello ***\ufffd xxx")
    assert len(said) == 2_000
    assert "canary" not in repr(reply)


class _Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_complaint_halves_the_limit_and_the_time_widens_it_by_one() -> None:
    clock = _Clock()
    gate = Gate(16, clock)
    for _ in range(8):
        assert gate.enter(0.0)

    assert gate.narrow() is True
    assert gate.limit == 4
    for _ in range(8):
        gate.leave()
    clock.now += RECOVERY_S
    assert gate.enter(0.0)
    assert gate.limit == 5
    clock.now += RECOVERY_S * 100
    assert gate.enter(0.0)
    assert gate.limit == 16


def test_a_complaint_to_the_only_one_inside_leaves_nobody_to_wait_for() -> None:
    gate = Gate(16, _Clock())
    assert gate.enter(0.0)

    assert gate.narrow() is False
    assert gate.limit == 1


def test_nobody_more_than_the_limit_comes_in() -> None:
    gate = Gate(2, _Clock())

    assert [gate.enter(0.0) for _ in range(3)] == [True, True, False]
    gate.leave()
    assert gate.enter(0.0) is True


def test_without_a_relay_everything_names_the_setting() -> None:
    mailer = NoMailer(sender="a@b.example")

    for use in (
        mailer.check,
        lambda: mailer.send(GOOD, sender="a@b.example", recipient="c@d.example"),
    ):
        with pytest.raises(Misconfigured) as raised:
            use()
        assert (raised.value.code, raised.value.field) == ("no_relay", "relay")

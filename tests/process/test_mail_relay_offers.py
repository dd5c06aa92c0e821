"""What a relay offers is used, what it does not offer is not asked for; a plain line stays here."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.handover import xtext
from posthorn.connections.limits import parse_limits
from posthorn.connections.mail import RelayMailer, Switchboard
from posthorn.connections.pool import RECOVERY_S
from posthorn.connections.relays import LineSecurity, may_be_plain
from posthorn.sdk import Misconfigured, Rejected, Unavailable
from posthorn_sandbox.mail import Action, Fault, Receiver, Verb
from tests.process.mail_relay import (
    MESSAGE,
    SENDER,
    TERMS,
    Script,
    closed_lines,  # noqa: F401  used by every test
    endpoint,
    mailer_on,
    switchboard,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from posthorn.sdk import Quota

BOX = "inkoop@pakket.example"
EIGHT_BIT = b"Subject: caf\xc3\xa9\r\n\r\nSee the attachment.\r\n"


def heard_by(offers: str, message: bytes = MESSAGE, recipient: str = BOX) -> list[bytes]:
    """Send one message to a relay with these extensions; gives MAIL and RCPT as it heard them."""
    offered = [f"250-{offer}\r\n" for offer in offers.split(",") if offer]
    ehlo = "".join(["250-relay.example\r\n", *offered, "250 HELP\r\n"])
    script = Script(
        answers=(
            b"220 hi\r\n",
            ehlo.encode(),
            b"250 ok\r\n",
            b"250 ok\r\n",
            b"354 go on\r\n",
            b"250 queued as X\r\n",
        )
    )
    with script.serving() as relay:
        board = switchboard()
        mailer = RelayMailer(switchboard=board, endpoint=endpoint(relay.address), sender=SENDER)
        try:
            mailer.send(message, sender=SENDER, recipient=recipient, envelope_id="key+1=a")
        finally:
            board.close_idle(0.0)
    return [line for line in relay.heard if line.startswith((b"MAIL", b"mail", b"RCPT", b"rcpt"))]


@pytest.mark.parametrize(
    ("offers", "mail", "rcpt"),
    [
        ("", b"", b""),
        ("SIZE", b" SIZE=49", b""),
        ("SIZE 0", b" SIZE=49", b""),
        ("SIZE 49", b" SIZE=49", b""),
        ("8BITMIME,SMTPUTF8", b"", b""),
        (
            "DSN",
            b" RET=HDRS ENVID=key+2B1+3Da",
            b" NOTIFY=FAILURE,DELAY ORCPT=rfc822;inkoop@pakket.example",
        ),
    ],
)
def test_extensions_are_used_where_they_are_offered(offers: str, mail: bytes, rcpt: bytes) -> None:
    assert len(MESSAGE) == 49
    assert heard_by(offers) == [
        b"MAIL FROM:<" + SENDER.encode() + b">" + mail + b"\r\n",
        b"RCPT TO:<" + BOX.encode() + b">" + rcpt + b"\r\n",
    ]


def test_eight_bit_content_is_announced_where_that_is_offered() -> None:
    assert heard_by("8BITMIME", EIGHT_BIT)[0].endswith(b"> BODY=8BITMIME\r\n")
    assert heard_by("", EIGHT_BIT)[0].endswith(b">\r\n")


def test_an_address_beyond_ascii_needs_a_relay_that_takes_it() -> None:
    mail, rcpt = heard_by("SMTPUTF8,DSN", recipient="jürgen@pakket.example")

    assert mail.endswith(b" SMTPUTF8 RET=HDRS ENVID=key+2B1+3Da\r\n")
    assert rcpt == "RCPT TO:<jürgen@pakket.example> NOTIFY=FAILURE,DELAY\r\n".encode()
    with pytest.raises(Rejected) as raised:
        heard_by("", recipient="jürgen@pakket.example")
    assert raised.value.code == "address_needs_smtputf8"


def test_a_mail_over_the_size_a_relay_names_is_refused_before_a_word_of_it() -> None:
    script = Script(answers=(b"220 hi\r\n", b"250-relay\r\n250 SIZE 48\r\n"))
    with script.serving() as relay:
        board = switchboard()
        mailer = RelayMailer(switchboard=board, endpoint=endpoint(relay.address), sender=SENDER)
        with pytest.raises(Rejected) as raised:
            mailer.send(MESSAGE, sender=SENDER, recipient=BOX)
        board.close_idle(0.0)

    assert (raised.value.code, raised.value.detail) == (
        "too_large",
        "the mail is 49 bytes, the server takes 48",
    )
    assert [line[:4] for line in relay.heard] == [b"ehlo", b"QUIT"]


@pytest.mark.parametrize(
    ("text", "written"),
    [("plain-1.2@x", "plain-1.2@x"), ("a+b=c d", "a+2Bb+3Dc+20d"), ("\r\n", "+0D+0A")],
)
def test_an_envelope_id_cannot_end_its_command(text: str, written: str) -> None:
    assert xtext(text) == written


def test_a_plain_line_does_not_leave_this_machine() -> None:
    place = replace(endpoint(("192.0.2.25", 25)), security=LineSecurity.NONE)

    with pytest.raises(Misconfigured) as refused:
        RelayMailer(switchboard=switchboard(), endpoint=place, sender=SENDER).check()

    assert (refused.value.code, refused.value.field) == ("plain_line", "relay_security")


@pytest.mark.parametrize(
    ("security", "addresses", "allowed", "is_free"),
    [
        ("none", ["127.0.0.1", "::1"], [], True),
        ("none", ["127.0.0.1", "192.0.2.25"], [], False),
        ("none", ["::ffff:127.0.0.1"], [], True),
        ("none", ["10.0.0.5"], [], False),
        ("none", ["10.0.0.5"], ["10.0.0.5:25"], True),
        ("none", ["10.0.0.5"], ["10.0.0.5:26"], False),
        ("none", ["10.0.0.5"], ["mail.local:25"], True),
        ("starttls", ["192.0.2.25"], [], True),
        ("implicit", ["192.0.2.25"], [], True),
    ],
)
def test_who_may_do_without_tls_is_a_table(
    security: str, addresses: list[str], allowed: list[str], *, is_free: bool
) -> None:
    place = endpoint(("Mail.local", 25), LineSecurity(security))

    assert may_be_plain(place, addresses, frozenset(allowed)) is is_free


class Turns:
    """A pacer that only remembers whose turn was asked for."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, float]] = []

    def take_turn(self, key: str, interval_s: float) -> None:
        self.taken.append((key, interval_s))

    def take_room(self, recipient: str, quotas: Sequence[Quota]) -> datetime:
        raise AssertionError(recipient, quotas)  # these mails have none

    def give_back(self, recipient: str, taken_at: datetime) -> None:
        raise AssertionError(recipient, taken_at)


def test_a_rate_is_kept_per_recipient_domain_and_per_relay() -> None:
    with Receiver() as receiver:
        host, port = receiver.smtp
        limits = parse_limits([f"{host}:{port}=600/min", "@pakket.example=60/min"])
        turns = Turns()
        board = Switchboard(replace(TERMS, limits=limits), turns)
        for address in (BOX, "x@Elders.example"):
            mailer_on(receiver, board).send(MESSAGE, sender=SENDER, recipient=address)
        board.close_idle(0.0)

        assert len(receiver.messages()) == 2
    relay = (f"{host}:{port}", 0.1)
    assert turns.taken == [("@pakket.example", 1.0), relay, relay]


def test_one_domain_gets_no_more_than_its_share_and_holds_up_no_other() -> None:
    with Receiver() as receiver:
        limits = parse_limits(["@pakket.example=1"])
        patient = replace(TERMS, limits=limits, times=replace(TERMS.times, connect_s=20.0))
        mailer = mailer_on(receiver, switchboard(patient))
        receiver.add_fault(
            Fault(at=Verb.DOT, action=Action.STALL, seconds=0.1, recipient="inkoop@pakket.example")
        )
        slow = [
            threading.Thread(
                target=mailer.send, args=(MESSAGE,), kwargs={"sender": SENDER, "recipient": BOX}
            )
            for _ in range(6)
        ]
        for thread in slow:
            thread.start()
        started = time.monotonic()
        for _ in range(5):
            mailer.send(MESSAGE, sender=SENDER, recipient="x@elders.example")
        others_took = time.monotonic() - started
        for thread in slow:
            thread.join()

        messages = receiver.messages()
    slow_ends = sorted(one.stored_at for one in messages if one.recipients == (BOX,))
    gaps = [(late - soon).total_seconds() for soon, late in pairwise(slow_ends)]
    assert len(messages) == 11
    assert min(gaps) >= 0.09  # one after the other
    assert others_took < 0.5


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def test_two_connections_are_what_a_relay_takes_and_throughput_comes_back() -> None:
    clock = Clock()
    with Receiver() as receiver:
        patient = replace(TERMS, times=replace(TERMS.times, connect_s=20.0))
        board = Switchboard(patient, clock=clock)
        mailer = mailer_on(receiver, board)
        receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.LIMIT, limit=2, code=421))
        receiver.add_fault(Fault(at=Verb.DOT, action=Action.STALL, seconds=0.02))

        def send(_: int) -> None:
            mailer.send(MESSAGE, sender=SENDER, recipient=BOX)

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(send, range(60)))
        narrow = {message.peer for message in receiver.messages()}
        assert len(receiver.messages()) == 60
        assert len(narrow) <= 2
        assert board.pool(mailer.endpoint).limit <= 2

        receiver.clear_faults()
        receiver.add_fault(Fault(at=Verb.DOT, action=Action.STALL, seconds=0.02))
        clock.time += 8 * RECOVERY_S
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(send, range(60)))
        wide = {message.peer for message in receiver.messages()}
        assert len(receiver.messages()) == 120
        assert board.pool(mailer.endpoint).limit == 8
        assert len(wide) > len(narrow)
        board.close_idle(0.0)


def test_a_421_in_the_middle_of_a_conversation_narrows_too() -> None:
    with Receiver() as receiver:
        board = switchboard()
        mailer = mailer_on(receiver, board)
        receiver.add_fault(Fault(at=Verb.MAIL, action=Action.REPLY, code=421, times=1))

        with pytest.raises(Unavailable) as raised:
            mailer.send(MESSAGE, sender=SENDER, recipient=BOX)

        assert raised.value.code == "relay_busy"
        assert board.pool(mailer.endpoint).limit == 1

"""Lines to a relay: reused, replaced when dead, bounded in number, and protected by TLS."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.mail import RelayMailer
from posthorn.sdk import Rejected, Unavailable
from posthorn_sandbox.mail import (
    Action,
    Fault,
    Moment,
    Receiver,
    ReceiverSettings,
    Verb,
)
from tests.process.mail_relay import (
    MESSAGE,
    RECIPIENT,
    SENDER,
    TERMS,
    closed_lines,  # noqa: F401  used by every test
    mailer_on,
    switchboard,
    terms,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as started:
        yield started


def _send(mailer: RelayMailer, recipient: str = RECIPIENT) -> None:
    mailer.send(MESSAGE, sender=SENDER, recipient=recipient)


def _peers(receiver: Receiver) -> list[str]:
    return [message.peer for message in receiver.messages()]


def test_twenty_mails_go_over_one_line(receiver: Receiver) -> None:
    mailer = mailer_on(receiver)

    for _ in range(20):
        _send(mailer)

    assert len(_peers(receiver)) == 20
    assert len(set(_peers(receiver))) == 1


def test_what_arrives_is_what_was_given_dots_and_all(receiver: Receiver) -> None:
    message = b".first\r\nSubject: x\r\n\r\n.\r\n..\r\n.. two\r\nend.\r\n.\r\n"

    mailer_on(receiver).send(message, sender=SENDER, recipient=RECIPIENT)

    assert receiver.content(receiver.messages()[0].number) == message


def test_a_line_that_died_while_idle_is_replaced_without_a_word(receiver: Receiver) -> None:
    mailer = mailer_on(receiver)
    _send(mailer)
    receiver.close()
    again = Receiver(ReceiverSettings(port=receiver.smtp[1]))
    with again:
        _send(mailer)

        assert len(again.messages()) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(at=Verb.MAIL, action=Action.DROP, skip=1, times=1),
        Fault(at=Verb.MAIL, action=Action.RESET, skip=1, times=1),
        Fault(at=Verb.MAIL, action=Action.SILENCE, skip=1, times=1),
        Fault(at=Verb.MAIL, action=Action.REPLY, code=421, skip=1, times=1),
    ],
    ids=["dropped", "reset", "silent", "421"],
)
def test_a_reused_line_that_fails_at_mail_from_is_replaced_once(
    receiver: Receiver, fault: Fault
) -> None:
    mailer = mailer_on(receiver)
    receiver.add_fault(fault)

    _send(mailer)
    _send(mailer)

    assert len(receiver.messages()) == 2
    assert len(set(_peers(receiver))) == 2


def test_a_new_line_that_fails_too_is_told(receiver: Receiver) -> None:
    mailer = mailer_on(receiver)
    receiver.add_fault(Fault(at=Verb.MAIL, action=Action.DROP, skip=1))
    _send(mailer)

    with pytest.raises(Unavailable) as raised:
        _send(mailer)

    assert raised.value.code == "line_dropped"
    assert receiver.faults()[0]["hits"] == 2


def test_a_line_on_which_a_recipient_was_refused_is_reset_and_reused(receiver: Receiver) -> None:
    mailer = mailer_on(receiver)
    receiver.add_fault(
        Fault(at=Verb.RCPT, action=Action.REPLY, code=550, recipient="nobody@pakket.example")
    )
    _send(mailer)

    with pytest.raises(Rejected):
        _send(mailer, "nobody@pakket.example")
    _send(mailer)

    assert len(receiver.messages()) == 2
    assert len(set(_peers(receiver))) == 1


def test_an_idle_line_is_closed_when_asked(receiver: Receiver) -> None:
    board = switchboard()
    mailer = mailer_on(receiver, board)
    _send(mailer)

    assert board.close_idle(60.0) == 1
    assert board.close_idle(0.0) == 0
    _send(mailer)
    assert len(set(_peers(receiver))) == 2


def test_size_is_announced_and_a_limit_refuses_the_document() -> None:
    with Receiver(ReceiverSettings(max_bytes=10_000)) as receiver:
        with pytest.raises(Rejected) as raised:
            mailer_on(receiver).send(MESSAGE * 1_000, sender=SENDER, recipient=RECIPIENT)

        assert raised.value.code == "too_large"
        assert receiver.messages() == []


def test_threads_share_lines_up_to_the_limit(receiver: Receiver) -> None:
    mailer = mailer_on(receiver, switchboard(terms(concurrency=3)))
    receiver.add_fault(Fault(at=Verb.DOT, action=Action.STALL, seconds=0.05))

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(lambda _: _send(mailer), range(24)))

    assert len(receiver.messages()) == 24
    assert len(set(_peers(receiver))) == 3


def test_a_relay_that_takes_four_lines_gets_everything_over_at_most_four(
    receiver: Receiver,
) -> None:
    patient = replace(TERMS, times=replace(TERMS.times, connect_s=10.0))
    mailer = mailer_on(receiver, switchboard(patient))
    receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.LIMIT, limit=4, code=421))
    receiver.add_fault(Fault(at=Verb.DOT, action=Action.STALL, seconds=0.05))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: _send(mailer), range(32)))

    assert len(receiver.messages()) == 32
    assert len(set(_peers(receiver))) <= 4


def test_a_relay_that_takes_no_line_at_all_is_busy(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.REPLY, code=421, text="too many"))

    with pytest.raises(Unavailable) as raised:
        _send(mailer_on(receiver))

    assert (raised.value.code, raised.value.detail) == ("relay_busy", "421 too many")
    assert receiver.faults()[0]["hits"] == 1


def test_who_waits_too_long_for_a_line_has_sent_nothing(receiver: Receiver) -> None:
    slow = replace(TERMS, times=replace(TERMS.times, connect_s=0.2, accept_s=10.0), concurrency=1)
    mailer = mailer_on(receiver, switchboard(slow))
    receiver.add_fault(
        Fault(at=Verb.DOT, action=Action.STALL, seconds=1.0, when=Moment.AFTER, times=1)
    )
    first = threading.Thread(target=_send, args=(mailer,))
    first.start()
    receiver.wait_for(1)

    with pytest.raises(Unavailable) as raised:
        _send(mailer)

    first.join()
    assert raised.value.code == "relay_busy"
    assert len(receiver.messages()) == 1

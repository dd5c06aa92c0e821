"""What each phase of a mail conversation comes to when it goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.mail import RelayMailer
from posthorn.connections.relays import LineSecurity
from posthorn.sdk import (
    Misconfigured,
    Outcome,
    Rejected,
    Scope,
    Unavailable,
    Uncertain,
)
from posthorn_sandbox.mail import (
    Action,
    Fault,
    Moment,
    Receiver,
    Verb,
)
from tests.process.mail_relay import (
    LARGE,
    MEDIUM,
    MESSAGE,
    RECIPIENT,
    SENDER,
    TERMS,
    Script,
    closed_lines,  # noqa: F401  used by every test
    endpoint,
    free_port,
    mailer_on,
    switchboard,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECTION, DOCUMENT = Scope.CONNECTION, Scope.DOCUMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A fault, the outcome it must come to, and how many messages the relay then holds."""

    fault: Fault
    outcome: type[Outcome]
    code: str
    scope: Scope | None = None
    stored: int = 0


def _reply(at: Verb, code: int, when: Moment = Moment.BEFORE) -> Fault:
    return Fault(at=at, action=Action.REPLY, code=code, text="4.3.0 no, says the relay", when=when)


def _cut(at: Verb, action: Action, when: Moment = Moment.BEFORE) -> Fault:
    return Fault(at=at, action=action, when=when)


def _unavailable(fault: Fault, code: str, scope: Scope = CONNECTION) -> Case:
    return Case(fault=fault, outcome=Unavailable, code=code, scope=scope)


CASES = {
    "greeting 421": _unavailable(_reply(Verb.CONNECT, 421), "relay_busy"),
    "greeting 554": _unavailable(_reply(Verb.CONNECT, 554), "relay_unreachable"),
    "greeting silent": _unavailable(_cut(Verb.CONNECT, Action.SILENCE), "relay_unreachable"),
    "greeting dropped": _unavailable(_cut(Verb.CONNECT, Action.DROP), "relay_unreachable"),
    "greeting reset": _unavailable(_cut(Verb.CONNECT, Action.RESET), "relay_unreachable"),
    "EHLO 421": _unavailable(_reply(Verb.EHLO, 421), "relay_busy"),
    "EHLO 550": _unavailable(_reply(Verb.EHLO, 550), "relay_unreachable"),
    "EHLO silent": _unavailable(_cut(Verb.EHLO, Action.SILENCE), "relay_unreachable"),
    "EHLO dropped": _unavailable(_cut(Verb.EHLO, Action.DROP), "relay_unreachable"),
    "MAIL 421": _unavailable(_reply(Verb.MAIL, 421), "relay_busy"),
    "MAIL 451": _unavailable(_reply(Verb.MAIL, 451), "sender_deferred"),
    "MAIL 552": Case(fault=_reply(Verb.MAIL, 552), outcome=Rejected, code="too_large"),
    "MAIL 550": Case(fault=_reply(Verb.MAIL, 550), outcome=Misconfigured, code="sender_refused"),
    "MAIL dropped": _unavailable(_cut(Verb.MAIL, Action.DROP), "line_dropped"),
    "MAIL silent": _unavailable(_cut(Verb.MAIL, Action.SILENCE), "line_dropped"),
    "RCPT 421": _unavailable(_reply(Verb.RCPT, 421), "relay_busy"),
    "RCPT 450": _unavailable(_reply(Verb.RCPT, 450), "recipient_deferred", DOCUMENT),
    "RCPT 550": Case(fault=_reply(Verb.RCPT, 550), outcome=Rejected, code="recipient_refused"),
    "RCPT 552": Case(fault=_reply(Verb.RCPT, 552), outcome=Rejected, code="recipient_refused"),
    "RCPT dropped": _unavailable(_cut(Verb.RCPT, Action.DROP), "line_dropped"),
    "DATA 421": _unavailable(_reply(Verb.DATA, 421), "relay_busy"),
    "DATA 451": _unavailable(_reply(Verb.DATA, 451), "message_deferred", DOCUMENT),
    "DATA 554": Case(fault=_reply(Verb.DATA, 554), outcome=Rejected, code="message_refused"),
    "DATA dropped": _unavailable(_cut(Verb.DATA, Action.DROP), "line_dropped"),
    "content dropped": _unavailable(
        Fault(at=Verb.CONTENT, action=Action.DROP, at_byte=1_000), "line_dropped"
    ),
    "content reset": _unavailable(
        Fault(at=Verb.CONTENT, action=Action.RESET, at_byte=1_000), "line_dropped"
    ),
    "dot 421": _unavailable(_reply(Verb.DOT, 421), "relay_busy"),
    "dot 451": _unavailable(_reply(Verb.DOT, 451), "message_deferred", DOCUMENT),
    "dot 554": Case(fault=_reply(Verb.DOT, 554), outcome=Rejected, code="message_refused"),
    "dot dropped before storing": Case(
        fault=_cut(Verb.DOT, Action.DROP), outcome=Uncertain, code="no_answer"
    ),
    "dot dropped after storing": Case(
        fault=_cut(Verb.DOT, Action.DROP, Moment.AFTER),
        outcome=Uncertain,
        code="no_answer",
        stored=1,
    ),
    "dot reset after storing": Case(
        fault=_cut(Verb.DOT, Action.RESET, Moment.AFTER),
        outcome=Uncertain,
        code="no_answer",
        stored=1,
    ),
    "dot silent after storing": Case(
        fault=_cut(Verb.DOT, Action.SILENCE, Moment.AFTER),
        outcome=Uncertain,
        code="no_answer",
        stored=1,
    ),
}


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as started:
        yield started


@pytest.mark.parametrize("name", CASES)
def test_each_phase_has_its_outcome(receiver: Receiver, name: str) -> None:
    case = CASES[name]
    receiver.clear_messages()
    receiver.clear_faults()
    receiver.add_fault(case.fault)
    message = LARGE if case.fault.at is Verb.CONTENT else MESSAGE

    with pytest.raises(Outcome) as raised:
        mailer_on(receiver).send(message, sender=SENDER, recipient=RECIPIENT)

    assert type(raised.value) is case.outcome
    assert raised.value.code == case.code
    assert getattr(raised.value, "scope", None) == case.scope
    receiver.wait_for(case.stored)
    assert len(receiver.messages()) == case.stored


def test_the_relays_own_words_are_kept_with_the_refusal(receiver: Receiver) -> None:
    receiver.clear_faults()
    receiver.add_fault(Fault(at=Verb.RCPT, action=Action.REPLY, code=550, text="5.1.1 who?"))

    with pytest.raises(Rejected) as raised:
        mailer_on(receiver).send(MESSAGE, sender=SENDER, recipient=RECIPIENT)

    assert raised.value.detail == "550 5.1.1 who?"


def test_nobody_listening_is_unreachable() -> None:
    mailer = RelayMailer(
        switchboard=switchboard(),
        endpoint=endpoint(("127.0.0.1", free_port())),
        sender=SENDER,
    )

    with pytest.raises(Unavailable) as raised:
        mailer.send(MESSAGE, sender=SENDER, recipient=RECIPIENT)

    assert (raised.value.code, raised.value.scope) == ("relay_unreachable", CONNECTION)
    assert raised.value.detail.endswith("Connection refused")


def test_a_slow_trickle_does_not_outlast_the_time_for_a_reply(receiver: Receiver) -> None:
    receiver.clear_faults()
    receiver.add_fault(Fault(at=Verb.RCPT, action=Action.TRICKLE, seconds=0.4))

    with pytest.raises(Unavailable) as raised:
        mailer_on(receiver).send(MESSAGE, sender=SENDER, recipient=RECIPIENT)

    assert (raised.value.code, raised.value.detail) == ("line_dropped", "no answer in time")


def test_the_last_reply_may_take_longer_than_the_others(receiver: Receiver) -> None:
    receiver.clear_messages()
    receiver.clear_faults()
    receiver.add_fault(Fault(at=Verb.DOT, action=Action.STALL, seconds=1.5, when=Moment.AFTER))
    patient = replace(TERMS, times=replace(TERMS.times, accept_s=10.0))

    reply = mailer_on(receiver, switchboard(patient)).send(
        MESSAGE, sender=SENDER, recipient=RECIPIENT
    )

    assert reply.reply == f"250 2.0.0 Stored as {receiver.messages()[0].number}"


@pytest.mark.parametrize(("line_bytes", "kept"), [(0, 2_000), (500, 2_000)])
def test_an_endless_reply_is_read_up_to_a_bound_and_its_code_counts(
    receiver: Receiver, line_bytes: int, kept: int
) -> None:
    receiver.clear_messages()
    receiver.clear_faults()
    receiver.add_fault(
        Fault(
            at=Verb.DOT,
            action=Action.FLOOD,
            when=Moment.AFTER,
            code=250,
            size=5_000_000,
            line_bytes=line_bytes,
            times=1,
        )
    )
    mailer = mailer_on(receiver)

    reply = mailer.send(MESSAGE, sender=SENDER, recipient=RECIPIENT)

    assert len(reply.reply) == kept
    assert reply.reply.startswith("250 x")
    # The line still pours: the next message goes over a new one.
    mailer.send(MESSAGE, sender=SENDER, recipient=RECIPIENT)
    assert len({message.peer for message in receiver.messages()}) == 2


GREETED = (b"220 hi\r\n", b"250 hi\r\n")
TAKEN = (*GREETED, b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n")


@pytest.mark.parametrize(
    "answer", [b"Hello there\r\n", b"999 what\r\n", b"354 go on\r\n", b"25\r\n"]
)
def test_an_unreadable_answer_to_the_dot_is_uncertain(answer: bytes) -> None:
    with Script(answers=(*TAKEN, answer)).serving() as relay:
        mailer = _scripted(relay)
        with pytest.raises(Uncertain) as raised:
            mailer.send(MESSAGE, sender=SENDER, recipient=RECIPIENT)

    assert raised.value.code == "no_answer"
    assert relay.heard.count(b".\r\n") == 1


def test_a_refusal_in_the_middle_of_the_content_keeps_the_dot_back() -> None:
    script = Script(answers=TAKEN, content=b"552 5.3.4 enough\r\n")
    with script.serving() as relay, pytest.raises(Rejected) as raised:
        _scripted(relay).send(MEDIUM, sender=SENDER, recipient=RECIPIENT)

    assert (raised.value.code, raised.value.detail) == ("message_refused", "552 5.3.4 enough")
    assert b".\r\n" not in relay.heard


def test_a_yes_before_its_time_is_no_yes() -> None:
    script = Script(answers=TAKEN, content=b"250 ok already\r\n")
    with script.serving() as relay, pytest.raises(Unavailable) as raised:
        _scripted(relay).send(MEDIUM, sender=SENDER, recipient=RECIPIENT)

    assert raised.value.code == "line_dropped"
    assert b".\r\n" not in relay.heard


def test_words_between_starttls_and_tls_are_not_believed() -> None:
    answers = (b"220 hi\r\n", b"250-hi\r\n250 STARTTLS\r\n", b"220 go\r\n250 AUTH PLAIN\r\n")
    with Script(answers=answers).serving() as relay, pytest.raises(Unavailable) as raised:
        _scripted(relay, LineSecurity.STARTTLS).check()

    assert raised.value.detail == "the relay spoke between STARTTLS and TLS"


def _scripted(relay: Script, security: LineSecurity = LineSecurity.NONE) -> RelayMailer:
    return RelayMailer(
        switchboard=switchboard(), endpoint=endpoint(relay.address, security), sender=SENDER
    )

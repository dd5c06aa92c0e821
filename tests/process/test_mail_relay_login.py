"""Logging in to a relay, and what comes of it when it goes wrong."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.mail import RelayMailer
from posthorn.connections.relays import LineSecurity
from posthorn.sdk import (
    AuthorizationLost,
    Misconfigured,
    Outcome,
    Unavailable,
)
from posthorn_sandbox.mail import (
    Action,
    Fault,
    Login,
    Moment,
    Receiver,
    ReceiverSettings,
    Tls,
    Verb,
)
from tests.process.mail_relay import (
    MESSAGE,
    RECIPIENT,
    SENDER,
    Script,
    closed_lines,  # noqa: F401  used by every test
    endpoint,
    switchboard,
    terms,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as started:
        yield started


def _reply(at: Verb, code: int, when: Moment = Moment.BEFORE) -> Fault:
    return Fault(at=at, action=Action.REPLY, code=code, text="4.3.0 no, says the relay", when=when)


PASSWORD = "geheim wôôrd"  # noqa: S105  the sandbox's
LOGIN = Login(user="kantoor", password=PASSWORD)


@pytest.fixture(scope="module")
def guarded() -> Iterator[Receiver]:
    settings = ReceiverSettings(tls=Tls.STARTTLS, requires_tls=True, login=LOGIN)
    with Receiver(settings) as started:
        yield started


def _guarded_mailer(receiver: Receiver, password: str = LOGIN.password) -> RelayMailer:
    place = endpoint(receiver.smtp, LineSecurity.STARTTLS)
    return RelayMailer(
        switchboard=switchboard(terms(ca=receiver.ca_path)),
        endpoint=replace(place, username=LOGIN.user, password=password),
        sender=SENDER,
    )


@pytest.mark.parametrize(
    ("code", "outcome", "said"),
    [
        (535, AuthorizationLost, "login_refused"),
        (534, AuthorizationLost, "login_refused"),
        (454, Unavailable, "relay_unreachable"),
        (421, Unavailable, "relay_busy"),
    ],
)
def test_a_login_comes_to_what_the_relay_says(
    guarded: Receiver, code: int, outcome: type[Outcome], said: str
) -> None:
    guarded.clear_faults()
    guarded.add_fault(_reply(Verb.AUTH, code))

    with pytest.raises(outcome) as raised:
        _guarded_mailer(guarded).send(MESSAGE, sender=SENDER, recipient=RECIPIENT)

    assert raised.value.code == said


def test_a_wrong_password_names_its_field(guarded: Receiver) -> None:
    guarded.clear_faults()
    guarded.clear_messages()

    with pytest.raises(AuthorizationLost) as raised:
        _guarded_mailer(guarded, "verkeerd").check()

    assert (raised.value.code, raised.value.field) == ("login_refused", "relay_password")
    assert guarded.messages() == []


def test_a_password_with_accents_logs_in(guarded: Receiver) -> None:
    guarded.clear_faults()
    guarded.clear_messages()

    _guarded_mailer(guarded).send(MESSAGE, sender=SENDER, recipient=RECIPIENT)

    assert [message.login for message in guarded.messages()] == [LOGIN.user]


def test_a_relay_that_repeats_the_password_does_not_get_it_into_the_outcome(
    guarded: Receiver,
) -> None:
    guarded.clear_faults()
    guarded.add_fault(
        Fault(at=Verb.AUTH, action=Action.REPLY, code=535, text=f"bad login {LOGIN.password}")
    )

    with pytest.raises(AuthorizationLost) as raised:
        _guarded_mailer(guarded).check()

    assert raised.value.detail == "535 bad login ***"
    assert raised.value.__cause__ is None


def test_a_login_nobody_asked_for_names_the_user(receiver: Receiver) -> None:
    receiver.clear_faults()
    place = replace(endpoint(receiver.smtp), username="kantoor", password=PASSWORD)
    mailer = RelayMailer(switchboard=switchboard(), endpoint=place, sender=SENDER)

    with pytest.raises(Misconfigured) as raised:
        mailer.check()

    assert (raised.value.code, raised.value.field) == ("login_not_offered", "relay_username")


def test_login_by_questions_works() -> None:
    hello = b"250-hi\r\n250 AUTH LOGIN\r\n"
    questions = (b"334 VXNlcm5hbWU6\r\n", b"334 UGFzc3dvcmQ6\r\n", b"235 in\r\n", b"250 ok\r\n")
    with Script(answers=(b"220 hi\r\n", hello, *questions)).serving() as relay:
        place = replace(endpoint(relay.address), username="ann", password=PASSWORD)
        reply = RelayMailer(switchboard=switchboard(), endpoint=place, sender=SENDER).check()

    assert reply.reply == "250 ok"
    assert relay.heard[1:4] == [
        b"AUTH LOGIN\r\n",
        b"YW5u\r\n",
        base64.b64encode(PASSWORD.encode()) + b"\r\n",
    ]

"""Every code a relay may answer at every verb: what waits, what is final, what needs a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.sdk import Misconfigured, Outcome, Rejected, Scope, Unavailable
from posthorn_sandbox.mail import Action, Fault, Receiver, Verb
from tests.process.mail_relay import (
    MESSAGE,
    RECIPIENT,
    SENDER,
    closed_lines,  # noqa: F401  used by every test
    mailer_on,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

WAITING = (421, 450, 451, 452, 454)
FINAL = (550, 552, 553, 554, 556)
CONNECTION = (Verb.CONNECT, Verb.EHLO, Verb.MAIL)
DOCUMENT = (Verb.RCPT, Verb.DATA, Verb.DOT)


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as started:
        yield started


def answered(receiver: Receiver, verb: Verb, code: int) -> Outcome:
    """Send one mail to a relay that answers so at that verb; nothing may have been stored."""
    receiver.clear_faults()
    words = "5.0.0 never" if code >= 500 else "4.0.0 not now"
    receiver.add_fault(Fault(at=verb, action=Action.REPLY, code=code, text=words))
    with pytest.raises(Outcome) as raised:
        mailer_on(receiver).send(MESSAGE, sender=SENDER, recipient=RECIPIENT)
    assert receiver.messages() == []
    assert raised.value.detail == f"{code} {words}"
    return raised.value


@pytest.mark.parametrize("code", WAITING)
@pytest.mark.parametrize("verb", [*CONNECTION, *DOCUMENT])
def test_not_now_is_tried_again(receiver: Receiver, verb: Verb, code: int) -> None:
    outcome = answered(receiver, verb, code)

    is_documents = verb in DOCUMENT and code != 421
    assert isinstance(outcome, Unavailable)
    assert outcome.scope is (Scope.DOCUMENT if is_documents else Scope.CONNECTION)


@pytest.mark.parametrize("code", FINAL)
@pytest.mark.parametrize("verb", DOCUMENT)
def test_never_is_final_for_the_document(receiver: Receiver, verb: Verb, code: int) -> None:
    # 556 is how a relay says that the domain has a null MX (RFC 7504, RFC 7505).
    assert isinstance(answered(receiver, verb, code), Rejected)


@pytest.mark.parametrize("code", FINAL)
def test_never_to_the_sender_needs_a_person_but_for_the_size(receiver: Receiver, code: int) -> None:
    outcome = answered(receiver, Verb.MAIL, code)

    assert isinstance(outcome, Rejected if code == 552 else Misconfigured)


@pytest.mark.parametrize("code", FINAL)
@pytest.mark.parametrize("verb", [Verb.CONNECT, Verb.EHLO])
def test_never_to_everybody_is_the_connections_trouble(
    receiver: Receiver, verb: Verb, code: int
) -> None:
    outcome = answered(receiver, verb, code)

    assert isinstance(outcome, Unavailable)
    assert outcome.scope is Scope.CONNECTION

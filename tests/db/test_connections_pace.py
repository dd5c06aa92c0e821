"""The pace of sending is one for all workers: kept in the database, waited for, or named."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.mail import Switchboard
from posthorn.connections.models import MailboxUse, Pace
from posthorn.connections.pace import SharedPacer, reserve
from posthorn.connections.quotas import clear_old, give_back, take_room
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.sdk import Quota, RateLimited, Scope, Unavailable, Uncertain
from posthorn_sandbox.mail import Action, Fault, Moment, Receiver, Verb
from tests.process.mail_relay import MESSAGE, SENDER, TERMS, mailer_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posthorn.connections.mail import RelayMailer

pytestmark = pytest.mark.django_db


def test_turns_are_an_interval_apart_whoever_takes_them() -> None:
    waits = [reserve("smtp.example:587", 2.0, patience_s=10.0) for _ in range(4)]

    assert [is_ours for _, is_ours in waits] == [True] * 4
    assert [round(wait) for wait, _ in waits] == [0, 2, 4, 6]


def test_a_turn_beyond_the_patience_is_not_taken_but_named() -> None:
    reserve("@import.example", 60.0, patience_s=10.0)

    refused = [reserve("@import.example", 60.0, patience_s=10.0) for _ in range(3)]

    assert [(round(wait), is_ours) for wait, is_ours in refused] == [(60, False)] * 3
    left = Pace.objects.get(key="@import.example").next_at - now()
    assert timedelta(seconds=55) < left <= timedelta(seconds=60)


def test_time_that_nobody_used_is_not_saved_up() -> None:
    Pace.objects.create(key="smtp.example:587", next_at=now() - timedelta(hours=1))

    waits = [reserve("smtp.example:587", 3.0, patience_s=10.0)[0] for _ in range(2)]

    assert [round(wait) for wait in waits] == [0, 3]


def test_a_sender_waits_for_its_turn_or_is_told_when_it_comes() -> None:
    slept: list[float] = []
    key = f"@{new_id()}.example"  # taken on another connection: it outlives this test
    pacer = SharedPacer(patience_s=3.0, sleep=slept.append)
    for _ in range(2):
        pacer.take_turn(key, 2.5)

    assert [round(seconds, 1) for seconds in slept] == [2.5]
    with pytest.raises(RateLimited) as raised:
        pacer.take_turn(key, 2.5)
    pacer.close()
    assert (raised.value.code, raised.value.detail) == ("own_rate_reached", key)
    assert timedelta(seconds=4) < raised.value.until - now() <= timedelta(seconds=5)


def a_day(most: int) -> Quota:
    return Quota(most=most, within=timedelta(hours=24))


def age(key: str, hours: float) -> None:
    """Let what was taken of a mailbox be that much older."""
    row = MailboxUse.objects.get(key=key)
    row.times = [at - timedelta(hours=hours) for at in row.times]
    row.save()


def test_a_mailbox_takes_no_more_in_any_24_hours_whoever_asks() -> None:
    key = new_id().hex
    quotas = [a_day(3)]
    assert [take_room(key, quotas)[1] for _ in range(2)] == [True, True]
    age(key, 20)
    assert take_room(key, quotas)[1]

    until, is_ours = take_room(key, quotas)

    assert not is_ours
    assert timedelta(hours=3.9) < until - now() <= timedelta(hours=4)
    age(key, 4.1)
    assert [take_room(key, quotas)[1] for _ in range(3)] == [True, True, False]


def test_the_quota_that_is_fuller_names_the_time() -> None:
    key = new_id().hex
    quotas = [Quota(most=1, within=timedelta(hours=1)), a_day(2)]
    assert take_room(key, quotas)[1]
    by_hour, is_ours = take_room(key, quotas)
    assert (is_ours, round((by_hour - now()) / timedelta(minutes=1))) == (False, 60)
    age(key, 2)
    assert take_room(key, quotas)[1]

    by_day, is_ours = take_room(key, quotas)

    assert (is_ours, round((by_day - now()) / timedelta(hours=1))) == (False, 22)


def test_room_given_back_is_there_again_and_no_other() -> None:
    key = new_id().hex
    quotas = [a_day(2)]
    take_room(key, quotas)
    taken_at, _ = take_room(key, quotas)
    assert not take_room(key, quotas)[1]

    give_back(key, taken_at)

    assert [take_room(key, quotas)[1] for _ in range(2)] == [True, False]


def test_a_pacer_names_the_time_of_a_full_mailbox_and_only_its_client_waits() -> None:
    pacer = SharedPacer()
    mailbox = f"Bakkerij-{new_id()}@app.hubdoc.example"
    pacer.take_room(mailbox, [a_day(1)])

    with pytest.raises(RateLimited) as raised:
        pacer.take_room(mailbox.lower(), [a_day(1)])

    pacer.take_room(f"other-{mailbox}", [a_day(1)])
    pacer.close()
    assert (raised.value.code, raised.value.scope) == ("mailbox_full_for_now", Scope.CLIENT)
    assert timedelta(hours=23.9) < raised.value.until - now() <= timedelta(hours=24)


def test_mailboxes_without_mail_for_a_week_are_forgotten_and_hold_no_address() -> None:
    old, young = new_id().hex, new_id().hex
    for key in (old, young):
        take_room(key, [a_day(1)])
    MailboxUse.objects.filter(key=old).update(last_at=now() - timedelta(days=8))

    assert clear_old() == 1
    assert [row.key for row in MailboxUse.objects.filter(key__in=[old, young])] == [young]


@pytest.fixture
def relay() -> Iterator[tuple[Receiver, RelayMailer, SharedPacer]]:
    pacer = SharedPacer()
    with Receiver() as receiver:
        board = Switchboard(TERMS, pacer)
        yield receiver, mailer_on(receiver, board), pacer
        board.close_idle(0.0)
    pacer.close()


def test_a_mail_beyond_the_quota_of_its_mailbox_never_leaves(
    relay: tuple[Receiver, RelayMailer, SharedPacer],
) -> None:
    receiver, mailer, _ = relay
    mailbox = f"box-{new_id().hex}@app.hubdoc.example"
    send = partial(mailer.send, MESSAGE, sender=SENDER, recipient=mailbox, quotas=[a_day(2)])
    send()
    send()

    with pytest.raises(RateLimited) as raised:
        send()

    assert raised.value.code == "mailbox_full_for_now"
    assert len(receiver.messages()) == 2


def test_a_mail_that_certainly_did_not_arrive_uses_no_quota_and_one_that_may_have_does(
    relay: tuple[Receiver, RelayMailer, SharedPacer],
) -> None:
    receiver, mailer, _ = relay
    mailbox = f"box-{new_id().hex}@app.hubdoc.example"
    send = partial(mailer.send, MESSAGE, sender=SENDER, recipient=mailbox, quotas=[a_day(2)])
    receiver.add_fault(Fault(at=Verb.MAIL, action=Action.REPLY, code=451, times=3))
    for _ in range(3):
        with pytest.raises(Unavailable):
            send()
    receiver.add_fault(Fault(at=Verb.DOT, when=Moment.AFTER, action=Action.DROP, times=1))
    with pytest.raises(Uncertain):
        send()
    send()

    with pytest.raises(RateLimited):
        send()

    assert len(receiver.messages()) == 2

"""A notice that did not leave, or of which nobody knows, goes again; a refused one does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.delivery.notices import posting
from posthorn.delivery.notices.gathering import gather
from posthorn.kernel.clock import now
from posthorn.tenancy.notice_models import NoticeMail
from posthorn.tenancy.notices import Fact, tell_firm
from posthorn.tenancy.scope import acting, system
from posthorn_sandbox.mail import Action, Fault, Moment, Verb
from tests.db.noticing import (
    a_firm,
    a_member,
    ended,
    letters,
    mails,
    pass_time,
    relaying,
    tell_all,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings

    from posthorn.tenancy.models import Firm
    from posthorn_sandbox.mail import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def relay(settings: Settings) -> Iterator[Receiver]:
    with relaying(settings) as receiver:
        yield receiver


def tell(firm: Firm, fact: Fact) -> None:
    with acting(firm.pk):
        tell_firm(firm.pk, fact)


def test_a_relay_that_is_away_is_tried_again_with_the_same_mail(relay: Receiver) -> None:
    firm = a_firm()
    a_member(firm)
    relay.add_fault(Fault(at=Verb.MAIL, action=Action.REPLY, code=451, times=2))
    tell(firm, ended())

    tried = []
    for _ in range(3):
        tried.append(tell_all())
        pass_time(10)

    (mail,) = mails()
    assert (tried, mail.attempts) == ([1, 1, 1], 3)
    assert len(letters(relay)) == 1
    assert mail.sent_at is not None


def test_an_answer_that_was_lost_makes_a_copy_that_is_known_as_one(relay: Receiver) -> None:
    firm = a_firm()
    a_member(firm)
    relay.add_fault(Fault(at=Verb.DOT, when=Moment.AFTER, action=Action.DROP, times=1))
    tell(firm, ended())
    tell_all()
    (lost,) = mails()
    with system("test"):
        NoticeMail.objects.update(next_at=now())
    assert posting.post_next()

    first, second = (relay.content(one.number) for one in relay.messages())
    assert first == second
    assert (lost.unknowns, lost.sent_at) == (1, None)


def test_after_three_lost_answers_nobody_is_mailed_again(relay: Receiver) -> None:
    firm = a_firm()
    a_member(firm)
    relay.add_fault(Fault(at=Verb.DOT, when=Moment.AFTER, action=Action.DROP, times=9))
    tell(firm, ended())
    for _ in range(6):
        tell_all()
        pass_time(61)

    (mail,) = mails()
    assert len(letters(relay)) == posting.MOST_UNKNOWN
    assert (mail.next_at, mail.sent_at, mail.unknowns) == (None, None, 3)


def test_an_address_that_is_refused_is_not_tried_again(relay: Receiver) -> None:
    firm = a_firm()
    a_member(firm)
    relay.add_fault(Fault(at=Verb.RCPT, action=Action.REPLY, code=550, times=9))
    tell(firm, ended())

    assert (tell_all(), tell_all()) == (1, 0)

    (mail,) = mails()
    assert (mail.next_at, mail.sent_at, mail.attempts) == (None, None, 1)
    assert mail.code != ""


def test_what_a_dead_worker_took_is_another_ones_after_its_lease(relay: Receiver) -> None:
    firm = a_firm()
    a_member(firm)
    tell(firm, ended())
    pass_time(1.1)
    gather()
    assert posting._take() is not None  # the worker dies here
    assert tell_all() == 0

    pass_time(6)

    assert tell_all() == 1
    assert [one.attempts for one in mails()] == [2]
    assert len(letters(relay)) == 1

"""Notices leave over the operator's relay: once, in the reader's words, never a storm."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.delivery.notices import posting, telling
from posthorn.delivery.notices.gathering import KEPT_FOR, MOST_A_DAY, clear_old, gather
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Membership
from posthorn.tenancy.notice_kinds import NOTICES, NoticeKind
from posthorn.tenancy.notice_models import Notice, NoticeMail
from posthorn.tenancy.notices import Fact, tell_firm, tell_person
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db.noticing import (
    SENDER,
    SITE,
    a_firm,
    a_member,
    ended,
    letters,
    mails,
    notices,
    pass_time,
    relaying,
    tell_all,
)

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from pytest_django import Settings

    from posthorn.tenancy.models import Firm
    from posthorn_sandbox.mail import Receiver

pytestmark = pytest.mark.django_db
A_DAY_MINUTES = 24 * 60 + 1


@pytest.fixture
def relay(settings: Settings) -> Iterator[Receiver]:
    with relaying(settings) as receiver:
        yield receiver


def tell(firm: Firm, fact: Fact) -> None:
    with acting(firm.pk):
        tell_firm(firm.pk, fact)


def text_of(receiver: Receiver, number: int = 0) -> str:
    body = letters(receiver)[number].get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_notice_says_what_happened_and_where_to_act(relay: Receiver) -> None:
    firm = a_firm("Kantoor Peeters")
    person = a_member(firm)
    tell(firm, ended("Exact Online"))

    assert tell_all() == 1

    (got,) = relay.messages()
    (letter,) = letters(relay)
    link = f"{SITE}/firms/{firm.pk}/packages/018f0000-0000-7000-8000-000000000001/"
    assert (got.sender, got.recipients) == (SENDER, (person.email,))
    assert letter["Subject"] == "Exact Online needs somebody to sign in again"
    assert letter["From"] == f"Posthorn <{SENDER}>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert text_of(relay).count("https://") == 1
    assert f"Sign in again:\n{link}\n" in text_of(relay)
    assert "your role at Kantoor Peeters" in text_of(relay)
    page = letter.get_body(("html",))
    assert page is not None
    assert f'<a class="button" href="{link}">Sign in again</a>' in page.get_content()
    (mail,) = mails()
    assert (mail.attempts, mail.next_at, mail.code) == (1, None, "")
    assert mail.sent_at is not None


def test_many_facts_at_once_are_one_mail(relay: Receiver) -> None:
    firm = a_firm()
    a_member(firm)
    with acting(firm.pk):
        for number in range(60):
            tell_firm(firm.pk, ended(f"Package {number}", key=str(number)))

    assert (tell_all(), tell_all()) == (1, 0)

    (letter,) = letters(relay)
    assert letter["Subject"] == f"60 notices about {firm.name}"
    assert text_of(relay).count("needs somebody to sign in again") == 20
    assert "And 40 more." in text_of(relay)
    assert f"{SITE}/accounts/notices/" in text_of(relay)


def test_on_one_day_a_person_gets_so_many_mails_and_the_rest_as_one(relay: Receiver) -> None:
    firm = a_firm()
    a_member(firm)
    for number in range(MOST_A_DAY + 5):
        tell(firm, ended(key=str(number)))
        tell_all()
    assert len(letters(relay)) == MOST_A_DAY

    pass_time(A_DAY_MINUTES)
    tell_all()

    assert [str(one["Subject"]) for one in letters(relay)[MOST_A_DAY:]] == [
        f"5 notices about {firm.name}"
    ]


def test_what_concerns_the_own_account_waits_for_no_such_limit(relay: Receiver) -> None:
    firm = a_firm()
    person = a_member(firm, language="nl")
    for number in range(MOST_A_DAY):
        tell(firm, ended(key=str(number)))
        tell_all()

    tell_person(person.pk, Fact(kind=NoticeKind.PASSWORD_CHANGED, key="1"))
    gather()
    while posting.post_next():
        pass

    assert len(letters(relay)) == MOST_A_DAY + 1
    assert f"{SITE}/accounts/2fa/" in text_of(relay, -1)


def test_a_name_adds_no_header_and_no_line(relay: Receiver) -> None:
    firm = a_firm("Kantoor\r\nBcc: all@evil.example\u2028x\u202e")
    a_member(firm)
    evil = "Exact\r\nBcc: thief@evil.example\r\n\r\nBody <script>alert(1)</script>\x00\u202e"
    tell(firm, ended(evil))
    tell(firm, ended(evil, key="2"))

    tell_all()

    (got,) = relay.messages()
    (letter,) = letters(relay)
    assert len(got.recipients) == 1
    assert sorted({name.lower() for name in letter}) == [
        "auto-submitted",
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "subject",
        "to",
        "x-auto-response-suppress",
    ]
    page = letter.get_body(("html",))
    assert page is not None
    assert "<script>" not in page.get_content()
    assert "\u202e" not in text_of(relay) + str(letter["Subject"])


def test_every_kind_is_written_in_each_language(relay: Receiver) -> None:
    firm = a_firm()
    details: dict[str, str | int] = {
        "package": "P",
        "client": "C",
        "author": "a@b.example",
        "addresses": "x → y",
        "number": 3,
        "fresh": 2,
        "connection": str(firm.pk),
        "client_id": str(firm.pk),
        "change": str(firm.pk),
    }
    for language in ("nl", "fr", "en", "de"):
        person = a_member(firm, language=language)
        with system("test"):
            for kind, terms in NOTICES.items():
                mail = NoticeMail.objects.create(person=person, firm=None if terms.is_own else firm)
                Notice.objects.create(
                    person=person,
                    firm=mail.firm,
                    kind=kind,
                    fact=language,
                    detail=details,
                    expires_at=now() + timedelta(days=1),
                    mail=mail,
                )
    while posting.post_next():
        pass

    assert [mail.code for mail in mails()] == [""] * len(NOTICES) * 4
    subjects = [str(one["Subject"]) for one in letters(relay)]
    assert len(subjects) == len(NOTICES) * 4
    assert [one for one in subjects if "%(" in one] == []
    assert "3 deliveries need somebody" in subjects


def test_old_news_is_not_told(relay: Receiver) -> None:
    firm = a_firm()
    a_member(firm)
    tell(firm, ended())
    pass_time(5 * 24 * 60 + 2)

    assert tell_all() == 0
    assert [one.dropped for one in notices()] == ["expired"]
    assert letters(relay) == []


def test_who_lost_the_role_meanwhile_is_not_told(relay: Receiver) -> None:
    firm = a_firm()
    person = a_member(firm)
    tell(firm, ended())
    with acting(firm.pk):
        Membership.objects.filter(person_id=person.pk).update(role=Role.ACCOUNTANT.value)

    assert tell_all() == 0
    assert [one.dropped for one in notices()] == ["not_wanted"]
    assert letters(relay) == []


def test_without_a_relay_notices_wait_and_are_counted(idle: threading.Event) -> None:
    firm = a_firm()
    a_member(firm)
    tell(firm, ended())
    pass_time(2)

    assert telling.tell_once(idle) == 0

    standing = posting.standing()
    assert (standing.waiting, standing.failing) == (1, 0)
    assert [one.dropped for one in notices()] == [""]


@pytest.fixture
def idle() -> threading.Event:
    from threading import Event  # noqa: PLC0415  # the one place that needs it

    return Event()


def test_what_was_told_long_ago_is_forgotten(relay: Receiver) -> None:
    firm = a_firm()
    a_member(firm)
    tell(firm, ended())
    tell_all()
    tell(firm, ended(key="2"))
    pass_time(KEPT_FOR.total_seconds() / 60 - 5)
    assert clear_old() == 0

    pass_time(5)

    assert clear_old() == 1
    assert (len(mails()), [one.fact for one in notices()], len(letters(relay))) == (0, ["2"], 1)

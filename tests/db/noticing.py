"""A firm whose people are told things, and the relay over which they are."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from django.db.models import F

from posthorn.delivery.notices.gathering import gather
from posthorn.delivery.notices.posting import close_lines, post_next
from posthorn.tenancy.models import Firm, Membership, Person
from posthorn.tenancy.notice_kinds import NoticeKind
from posthorn.tenancy.notice_models import Notice, NoticeMail
from posthorn.tenancy.notices import Fact
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from posthorn_sandbox.mail import Receiver
from tests.db.factories import FirmFactory, MembershipFactory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from pytest_django import Settings

SITE = "https://posthorn.example"
SENDER = "post@posthorn.example"


def a_firm(name: str = "Kantoor Peeters") -> Firm:
    firm: Firm = FirmFactory.create(name=name)
    return firm


def a_member(firm: Firm, role: Role = Role.ADMINISTRATOR, language: str = "en") -> Person:
    row: Membership = MembershipFactory.create(firm=firm, role=role.value)
    with system("test"):
        person = Person.objects.get(pk=row.person_id)
        person.language = language
        person.save(update_fields=["language"])
    return person


def ended(package: str = "Exact Online", key: str = "1") -> Fact:
    """Say that a sign-in ended."""
    detail = {"package": package, "connection": "018f0000-0000-7000-8000-000000000001"}
    return Fact(kind=NoticeKind.SIGN_IN_ENDED, key=key, detail=detail)


def notices() -> list[Notice]:
    with system("test"):
        return list(Notice.objects.select_related("mail").order_by("made_at", "pk"))


def mails() -> list[NoticeMail]:
    with system("test"):
        return list(NoticeMail.objects.order_by("made_at", "pk"))


def pass_time(minutes: float) -> None:
    """Let everything that was written be that much older."""
    past = timedelta(minutes=minutes)
    with system("test"):
        Notice.objects.update(
            made_at=F("made_at") - past,
            due_at=F("due_at") - past,
            expires_at=F("expires_at") - past,
        )
        NoticeMail.objects.update(made_at=F("made_at") - past, next_at=F("next_at") - past)


def tell_all() -> int:
    """Let a minute pass, gather, and send all that is due; gives how many mails were tried."""
    pass_time(1.1)
    gather()
    tried = 0
    while post_next():
        tried += 1
    close_lines()
    return tried


@contextmanager
def relaying(settings: Settings) -> Iterator[Receiver]:
    """Give the installation a relay that keeps what it gets."""
    with Receiver() as receiver:
        host, port = receiver.smtp
        settings.POSTHORN = replace(
            settings.POSTHORN,
            mail_relay=f"smtp://{host}:{port}?tls=none",
            mail_from=SENDER,
            public_url=SITE,
        )
        yield receiver


def letters(receiver: Receiver) -> list[EmailMessage]:
    """Read what arrived, oldest first."""
    return [
        message_from_bytes(receiver.content(one.number), policy=policy.default)
        for one in receiver.messages()
    ]

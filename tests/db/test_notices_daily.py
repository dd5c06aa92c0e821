"""Once a day people hear of deliveries that need them, and of sign-ins that grow old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils.translation import override

from posthorn.connections.grant_models import Grant
from posthorn.delivery.models import Delivery
from posthorn.delivery.notices.daily import tell_daily
from posthorn.tenancy.models import ClientAssignment, Membership
from posthorn.tenancy.notice_kinds import NOTICES, NoticeKind
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db.factories import ClientFactory, DeliveryFactory
from tests.db.grants import (
    books_fixture,  # noqa: F401  the fixture by its name
    signed,
)
from tests.db.noticing import a_firm, a_member, notices

if TYPE_CHECKING:
    from posthorn.tenancy.models import Client, Firm, Person
    from tests.cloudbooks import Cloudbooks

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Brussels")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)


def waits(client: Client, *, since: datetime, **values: object) -> Delivery:
    row: Delivery = DeliveryFactory.create(
        firm=client.firm, client=client, **{"state": "refused", **values}
    )
    with acting(client.firm_id):
        Delivery.objects.filter(pk=row.pk).update(moved_at=since)
    return row


def assign(person: Person, client: Client) -> None:
    with acting(client.firm_id):
        member = Membership.objects.get(person_id=person.pk)
        ClientAssignment.objects.create(firm=client.firm, client=client, membership=member)


def a_client(firm: Firm) -> Client:
    row: Client = ClientFactory.create(firm=firm)
    return row


def told() -> dict[object, tuple[object, object]]:
    return {one.person_id: (one.detail["number"], one.detail["fresh"]) for one in notices()}


def tell(at: datetime = MONDAY) -> int:
    with time_machine.travel(at, tick=False):
        return tell_daily(ZONE)


def test_accountants_hear_of_their_clients_and_administrators_of_nobodys() -> None:
    firm = a_firm()
    boss = a_member(firm)
    els, jan = (a_member(firm, Role.ACCOUNTANT) for _ in range(2))
    a_member(firm, Role.CLIENT_MANAGER)
    of_els, of_nobody, of_jan = a_client(firm), a_client(firm), a_client(firm)
    assign(els, of_els)
    assign(jan, of_jan)
    waits(of_els, since=MONDAY - timedelta(hours=3))
    waits(of_els, since=MONDAY - timedelta(days=9))
    waits(of_nobody, since=MONDAY - timedelta(hours=3))

    assert tell() == 2
    assert told() == {els.pk: (2, 1), boss.pk: (1, 1)}


def test_a_day_has_one_notice_and_a_day_without_news_none() -> None:
    firm = a_firm()
    a_member(firm)
    client = a_client(firm)
    waits(client, since=MONDAY - timedelta(hours=3))

    for hours in (0, 1, 10):
        tell(MONDAY + timedelta(hours=hours))
    tell(MONDAY + timedelta(days=2))

    assert [one.fact for one in notices()] == ["2026-11-23"]


@pytest.mark.parametrize(
    ("language", "fresh", "start"),
    [
        ("en", 1, "1 delivery is new since the last notice: it is on hold,"),
        ("en", 2, "2 deliveries are new since the last notice: they are on hold,"),
        ("nl", 1, "Sinds de vorige melding is er 1 verzending bij gekomen:"),
        ("nl", 2, "Sinds de vorige melding zijn er 2 verzendingen bij gekomen:"),
    ],
)
def test_the_sentence_follows_how_many_are_new_not_how_many_there_are(
    language: str, fresh: int, start: str
) -> None:
    terms = NOTICES[NoticeKind.DELIVERIES_WAIT]

    with override(language):
        text = str(terms.text % {"number": 3, "fresh": fresh})

    assert text.startswith(start)


def test_nobody_is_told_before_seven() -> None:
    firm = a_firm()
    a_member(firm)
    waits(a_client(firm), since=MONDAY - timedelta(hours=3))

    assert tell(datetime(2026, 11, 23, 5, 59, tzinfo=UTC)) == 0
    assert notices() == []


def test_what_is_solved_paused_or_of_a_former_client_is_told_to_nobody() -> None:
    firm = a_firm()
    a_member(firm)
    here, gone = a_client(firm), ClientFactory.create(firm=firm, state="archived")
    earlier = MONDAY - timedelta(hours=3)
    waits(here, since=earlier, processed_at=earlier)
    waits(here, since=earlier, state="held", reason="client_paused")
    waits(here, since=earlier, state="queued")
    waits(gone, since=earlier)

    assert tell() == 0


def test_a_sign_in_that_was_not_extended_for_three_weeks_is_told_once(books: Cloudbooks) -> None:
    one = signed(books)
    person = a_member(one.package().firm)
    with acting(one.firm):
        Grant.objects.update(refreshed_at=MONDAY - timedelta(days=20))
    tell()
    assert notices() == []

    for days in (2, 3):
        tell(MONDAY + timedelta(days=days))

    assert [(each.person_id, each.kind) for each in notices()] == [(person.pk, "sign_in_idle")]
    assert notices()[0].detail["package"] == one.package().name

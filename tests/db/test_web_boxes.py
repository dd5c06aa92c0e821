"""Ticking clients in a long list: a hundred at a time, and none is lost out of sight."""

from __future__ import annotations

import pytest

from posthorn.tenancy.members import clients_assigned_to
from posthorn.tenancy.models import Membership
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db import web_rows
from tests.db.factories import ClientFactory
from tests.db.web_desk import Desk

pytestmark = pytest.mark.django_db
BOX = 'type="checkbox" name="clients"'


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    for number in range(130):
        ClientFactory.create(firm=made.firm, name=f"Zaak {number}", dossier_number=f"9{number:03}")
    return made


def place_of(desk: Desk) -> Membership:
    person = web_rows.member(desk.firm, Role.ACCOUNTANT, desk.client)
    with acting(desk.firm.pk):
        return Membership.objects.get(person=person)


def kept_in(page: str) -> list[str]:
    return page.split('name="kept" value="')[1].split('"', maxsplit=1)[0].split()


def test_a_long_list_shows_a_hundred_and_the_rest_on_request(desk: Desk) -> None:
    place = place_of(desk)

    first = desk.read(f"users/{place.pk}/")
    rest = desk.post(f"users/{place.pk}/", role="accountant", look="100")

    assert (first.count(BOX), rest.count(BOX)) == (100, 31)
    assert "More clients" in first
    assert "Earlier clients" in rest


def test_ticks_out_of_sight_are_kept_when_others_are_looked_for(desk: Desk) -> None:
    place = place_of(desk)
    mine = str(desk.client.pk)

    page = desk.post(f"users/{place.pk}/", role="accountant", clients=mine, find="zaak 7")

    assert kept_in(page) == [mine]
    assert "Zaak 77" in page
    assert "Zaak 12<" not in page
    with acting(desk.firm.pk):
        assert clients_assigned_to(desk.firm.pk, place.pk) == {desk.client.pk}


def test_what_is_ticked_in_and_out_of_sight_is_assigned_together(desk: Desk) -> None:
    place = place_of(desk)
    other = ClientFactory.create(firm=desk.firm)

    desk.post(
        f"users/{place.pk}/",
        role="accountant",
        kept=str(desk.client.pk),
        clients=str(other.pk),
        find="x",
        found="x",
    )

    with acting(desk.firm.pk):
        assert clients_assigned_to(desk.firm.pk, place.pk) == {desk.client.pk, other.pk}


def test_who_looks_for_clients_while_inviting_is_asked_nothing_yet(desk: Desk) -> None:
    page = desk.post("users/invite/", role="accountant", email="", look="find", find="zaak 12")

    assert "This field is required." not in page
    assert page.count(BOX) == 11

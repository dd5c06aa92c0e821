"""The users of a firm: who is listed, invited, changed and removed, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client as Browser

from posthorn.tenancy.invitations import invite_member
from posthorn.tenancy.members import clients_assigned_to, open_invitations
from posthorn.tenancy.models import AuditEntry, Membership
from posthorn.tenancy.queries import firm_facts, membership_of
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db import web_rows
from tests.db.factories import ClientFactory
from tests.db.web_desk import Desk
from tests.db.web_house import counts

if TYPE_CHECKING:
    from uuid import UUID

    from pytest_django import DjangoAssertNumQueries

    from posthorn.tenancy.models import Person

pytestmark = pytest.mark.django_db


def membership(desk: Desk, person: Person) -> UUID:
    with acting(desk.firm.pk):
        found = membership_of(desk.firm.pk, person.pk)
    assert found is not None
    return found.id


def role_of(desk: Desk, person: Person) -> Role | None:
    with acting(desk.firm.pk):
        found = membership_of(desk.firm.pk, person.pk)
    return found.role if found else None


def test_the_list_names_everybody_and_who_is_invited() -> None:
    desk = Desk()
    web_rows.member(
        desk.firm, Role.ACCOUNTANT, desk.client, who=web_rows.person("luc@x.example", "Luc Maes")
    )
    with acting(desk.firm.pk):
        invite_member(
            desk.firm.pk, "els@x.example", Role.CLIENT_MANAGER, language="nl", actor="an@x.example"
        )

    page = desk.read("users/")

    assert page.count("luc@x.example") == 1
    assert page.count("Luc Maes</bdi>") == 1
    assert "els@x.example" in page
    assert "Invited, not here yet" in page
    assert "Sees no documents anywhere." in page


def test_search_leaves_those_who_are_called_that() -> None:
    desk = Desk()
    web_rows.member(desk.firm, Role.ACCOUNTANT, who=web_rows.person("luc@x.example", "Luc Maes"))

    found, nobody = desk.read("users/", q="maes"), desk.read("users/", q="zwaan")

    assert "luc@x.example" in found
    assert "Nobody found" not in found
    assert "luc@x.example" not in nobody
    assert "Nobody found" in nobody


def test_a_hundred_people_take_few_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    desk = Desk()
    for _ in range(60):
        web_rows.member(desk.firm, Role.ACCOUNTANT, desk.client)

    with django_assert_max_num_queries(30):
        page = desk.read("users/")

    assert page.count("<tr data-row>") == 50
    assert "Next page" in page


def test_clients_are_assigned_in_bulk_and_kept_exactly() -> None:
    desk = Desk()
    luc = web_rows.member(desk.firm, Role.ACCOUNTANT, desk.client)
    others = [ClientFactory.create(firm=desk.firm) for _ in range(3)]
    wanted = [str(one.pk) for one in others]
    place = membership(desk, luc)

    response = desk.browser.post(
        f"{desk.base}/users/{place}/", {"role": "accountant", "clients": wanted}
    )

    assert (response.status_code, response["Location"]) == (302, f"{desk.base}/users/")
    with acting(desk.firm.pk):
        assert clients_assigned_to(desk.firm.pk, place) == {one.pk for one in others}


def test_clients_of_another_firm_cannot_be_assigned() -> None:
    desk = Desk()
    luc = web_rows.member(desk.firm, Role.ACCOUNTANT)
    foreign = ClientFactory.create()
    place = membership(desk, luc)
    before = counts()

    response = desk.browser.post(
        f"{desk.base}/users/{place}/", {"role": "accountant", "clients": [str(foreign.pk)]}
    )

    assert response.status_code == 200
    assert counts() == before


def test_the_last_administrator_stays_one_and_is_told_why() -> None:
    desk = Desk()
    place = membership(desk, desk.person)

    page = desk.post(f"users/{place}/", role="client_manager")
    removed = desk.post(f"users/{place}/remove/")

    sentence = "The firm needs an administrator: make somebody else one first."
    assert page.count(sentence) == 1
    assert removed.count(sentence) == 1
    assert role_of(desk, desk.person) is Role.ADMINISTRATOR


def test_who_is_no_administrator_any_more_lands_where_they_may_be() -> None:
    desk = Desk()
    web_rows.member(desk.firm, Role.ADMINISTRATOR)

    response = desk.browser.post(
        f"{desk.base}/users/{membership(desk, desk.person)}/", {"role": "client_manager"}
    )

    assert response["Location"] == f"{desk.base}/"
    assert role_of(desk, desk.person) is Role.CLIENT_MANAGER


def test_removing_asks_first_and_says_how_many_clients() -> None:
    desk = Desk()
    luc = web_rows.member(desk.firm, Role.ACCOUNTANT, desk.client)
    place = membership(desk, luc)

    asked = desk.read(f"users/{place}/remove/")
    assert "1 client is then no longer assigned to this person." in asked
    assert role_of(desk, luc) is Role.ACCOUNTANT
    told = desk.post(f"users/{place}/remove/")

    assert "An Peeters is removed." in told
    assert role_of(desk, luc) is None
    gone = Browser()
    gone.force_login(luc)
    assert gone.get(f"{desk.base}/").status_code == 404


def test_an_invitation_is_taken_back_once() -> None:
    desk = Desk()
    with acting(desk.firm.pk):
        issued = invite_member(
            desk.firm.pk, "els@x.example", Role.ACCOUNTANT, language="nl", actor="an@x.example"
        )

    told = desk.post(f"invitations/{issued.id}/revoke/")

    assert "The invitation is taken back: its link no longer works." in told
    with acting(desk.firm.pk):
        assert open_invitations(desk.firm.pk) == ()


def test_the_firm_gets_another_name_and_language() -> None:
    desk = Desk()

    told = desk.post("settings/", name="Kantoor Brugge", language="fr")
    refused = desk.post("settings/", name="   ", language="fr")

    assert "The settings of the firm are saved." in told
    assert "This field is required." in refused
    with acting(desk.firm.pk):
        facts = firm_facts(desk.firm.pk)
    assert (facts.name, facts.language) == ("Kantoor Brugge", "fr")
    with system("look"):
        assert AuditEntry.objects.filter(action="firm.saved").count() == 1
        assert Membership.objects.filter(firm=desk.firm).count() == 1


def test_a_client_manager_finds_neither_users_nor_settings_in_the_menu() -> None:
    page = Desk(Role.CLIENT_MANAGER).read("activity/")

    assert "Activity </a>" in page
    assert "Users </a>" not in page
    assert "Settings </a>" not in page

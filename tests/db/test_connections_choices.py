"""Who may have a package asked for its lists, and what becomes of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posthorn.connections import choices
from posthorn.connections.choice_models import ChoiceList
from posthorn.connections.errand_models import Errand
from posthorn.delivery.asker import ask_once
from posthorn.kernel.clock import now
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db.choosing import (
    FOLDERS,
    Package,
    Seat,
    shelves_fixture,  # noqa: F401  found by its name
)

pytestmark = pytest.mark.django_db
KEY = ("7", "folder")


@pytest.mark.parametrize("role", [Role.ACCOUNTANT])
def test_who_may_not_connect_clients_asks_for_nothing(shelves: Package, role: Role) -> None:
    seat = Seat(role=role)
    seat.bind(division="7")

    assert (seat.press().status_code, seat.poll().status_code) == (404, 404)
    assert (seat.errands(), shelves.asked) == (0, [])


def test_client_manager_may_ask(shelves: Package) -> None:
    seat = Seat(role=Role.CLIENT_MANAGER)
    seat.bind(division="7")
    seat.fetch()

    assert shelves.asked == [KEY]


def test_another_firms_form_is_not_there(shelves: Package) -> None:
    seat, other = Seat(), Seat()
    other.bind(division="7")
    mixed = f"{seat.base}/packages/{other.connection.pk}/choices/folder/"
    theirs = f"{other.base}/packages/{other.connection.pk}/choices/folder/"

    assert [seat.browser.post(path).status_code for path in (mixed, theirs)] == [404, 404]
    assert seat.browser.post(seat.list_url("way")).status_code == 404
    assert (other.errands(), seat.errands(), shelves.asked) == (0, 0, [])


def test_a_clients_own_people_see_no_list(shelves: Package) -> None:
    shelves.lists[KEY] = FOLDERS
    seat = Seat()
    seat.bind(division="7")
    seat.fetch()

    with acting(seat.firm.pk, client=seat.client.pk):
        assert ChoiceList.objects.count() == 0


def test_integration_removed_meanwhile_ends_the_question(shelves: Package) -> None:
    seat = Seat()
    made = seat.bind(division="7")
    seat.press()
    with acting(seat.firm.pk):
        type(made).objects.update(removed_at=now())
    assert ask_once()

    with acting(seat.firm.pk):
        assert Errand.objects.values_list("code", flat=True).get() == "not_found"
    assert (shelves.asked, seat.lists()) == ([], [])


def test_lists_that_nobody_asked_for_in_three_months_go(shelves: Package) -> None:
    shelves.lists[KEY] = FOLDERS
    seat = Seat()
    seat.bind(division="7")
    seat.fetch()
    assert choices.clear_old() == 0
    with system("age"):
        ChoiceList.objects.update(asked_at=now() - timedelta(days=91))

    assert (choices.clear_old(), seat.lists()) == (1, [])

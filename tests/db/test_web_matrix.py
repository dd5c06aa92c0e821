"""Every route, tried by everybody, with ids of their own and of others: what each must answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from posthorn.kernel.ids import new_id
from tests.db.web_house import (
    FORM,
    House,
    address_of,
    counts,
    doer,
    standing,
    try_it,
    undone,
)
from tests.db.web_routes import PEOPLE, ROUTES, TABLE, parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

OF_CLIENTS = {"client_id", "package_id", "integration_id", "client_invitation", "person_id"}
ROW_IDS = {
    "document_id",
    "delivery_id",
    "membership",
    "invitation",
    "change_id",
    "sign_in_id",
    "errand_id",
    "trial_id",
} | OF_CLIENTS
OWNED = [name for name in TABLE if ":" in name]
WITH_ROWS = [name for name in OWNED if parameters(name) & ROW_IDS]
DEEDS = [name for name in OWNED if TABLE[name].method == "post"]


@pytest.fixture(scope="module")
def built(django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with django_db_blocker.unblock(), standing() as house:
        yield house


@pytest.fixture
def house(built: House) -> Iterator[House]:
    with undone():
        yield built


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(TABLE) == set(ROUTES)


@pytest.mark.parametrize("name", TABLE)
def test_everybody_gets_exactly_what_the_table_says(name: str, house: House) -> None:
    expected = {who: getattr(TABLE[name], who) for who in PEOPLE}
    denied = [who for who in PEOPLE if expected[who] == 404 or who == "anonymous"]

    got = {who: try_it(house, who, name, house.ids) for who in denied}

    assert counts() == house.before
    got |= {who: try_it(house, who, name, house.ids) for who in PEOPLE if who not in denied}
    assert got == expected


def everybody_is_told_nothing(house: House, name: str, ids: dict[str, Any]) -> None:
    people = [who for who in PEOPLE if who != "anonymous"]

    got = {who: try_it(house, who, name, ids) for who in people}

    assert got == dict.fromkeys(people, 404)
    assert counts() == house.before


@pytest.mark.parametrize("name", OWNED)
def test_ids_of_another_firm_exist_for_nobody_here(name: str, house: House) -> None:
    everybody_is_told_nothing(house, name, house.foreign)


@pytest.mark.parametrize("name", WITH_ROWS)
def test_a_foreign_row_does_not_come_in_through_ones_own_space(name: str, house: House) -> None:
    mixed = {**house.foreign, "firm": house.ids["firm"], "client": house.ids["client"]}
    everybody_is_told_nothing(house, name, mixed)


@pytest.mark.parametrize("name", OWNED)
def test_ids_that_nobody_has_are_not_there_either(name: str, house: House) -> None:
    unknown: dict[str, Any] = {one: new_id() for one in ("firm", "client", *ROW_IDS)}
    unknown |= {"connector_id": "nobody", "ticket": "none", "field": "none", "place": 0}
    everybody_is_told_nothing(house, name, unknown)


@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_is_not_done_by_reading_its_address(name: str, house: House) -> None:
    response = house.browser(doer(name)).get(address_of(name, house.ids))

    assert response.status_code == 405
    assert counts() == house.before


@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_without_the_token_of_its_form_is_not_done(name: str, house: House) -> None:
    browser = house.browser(doer(name), is_strict=True)
    response = browser.post(address_of(name, house.ids), FORM)

    assert response.status_code == 403
    assert counts() == house.before

"""What lets a person in, asked anew by every page, and at what price."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from posthorn.kernel.ids import new_id
from posthorn.tenancy.business_space import remove_client_person
from posthorn.tenancy.entrances import Company, Entrances, entrances_of
from posthorn.tenancy.people import remove_member
from posthorn.tenancy.queries import membership_of
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from posthorn.web.access import address_of
from tests.db import web_rows
from tests.db.factories import ClientFactory, FirmFactory
from tests.db.web_desk import Desk

pytestmark = pytest.mark.django_db


def asked(desk: Desk, address: str) -> list[str]:
    """Give what one page asks of the database."""
    with CaptureQueriesContext(connection) as captured:
        assert desk.browser.get(address).status_code == 200
    return [one["sql"] for one in captured.captured_queries]


def test_doors_are_those_of_the_person_alone_each_kind_by_name() -> None:
    person, other = web_rows.person("jo@x.example"), web_rows.person("bo@x.example")
    zele, aalst = FirmFactory.create(name="Zele"), FirmFactory.create(name="Aalst")
    garage = ClientFactory.create(firm=zele, name="Garage")
    bakery = ClientFactory.create(name="Bakkerij")
    for firm, role in ((zele, Role.ACCOUNTANT), (aalst, Role.ADMINISTRATOR)):
        web_rows.member(firm, role, who=person)
    web_rows.member(zele, Role.ADMINISTRATOR, who=other)
    for client in (bakery, garage):
        web_rows.client_person(client, person)

    doors = entrances_of(person.pk)

    assert [(one.firm_name, one.role) for one in doors.firms] == [
        ("Aalst", Role.ADMINISTRATOR),
        ("Zele", Role.ACCOUNTANT),
    ]
    assert doors.companies == (
        Company(id=bakery.pk, firm=bakery.firm_id, name="Bakkerij"),
        Company(id=garage.pk, firm=zele.pk, name="Garage"),
    )
    with acting(zele.pk):
        assert doors.of_firm(zele.pk) == membership_of(zele.pk, person.pk)
    assert doors.of_firm(bakery.firm_id) is None
    assert doors.of_company(zele.pk) is None
    with acting(zele.pk):
        place = membership_of(zele.pk, other.pk)
    assert place is not None
    assert entrances_of(other.pk) == Entrances(firms=(place,), companies=())


def test_who_is_removed_from_a_firm_is_out_with_the_next_request() -> None:
    desk = Desk(Role.ACCOUNTANT)
    address = f"{desk.base}/documents/"
    assert desk.browser.get(address).status_code == 200

    with acting(desk.firm.pk):
        place = membership_of(desk.firm.pk, desk.person.pk)
        assert place is not None
        remove_member(desk.firm.pk, place.id, actor="boss@kantoor.example")

    assert desk.browser.get(address).status_code == 404


def test_who_is_taken_out_of_a_company_is_out_with_the_next_request() -> None:
    desk = Desk()
    web_rows.client_person(desk.client, desk.person)
    address = f"/clients/{desk.client.pk}/"
    assert desk.browser.get(address).status_code == 200

    with acting(desk.firm.pk):
        remove_client_person(desk.firm.pk, desk.client.pk, desk.person.pk, actor="t")

    assert desk.browser.get(address).status_code == 404


def test_a_page_leaves_its_firm_for_nothing_and_asks_each_thing_once() -> None:
    desk = Desk()
    desk.document()

    for address in (f"{desk.base}/documents/", f"{desk.base}/clients/"):
        statements = asked(desk, address)
        as_system = [one for one in statements if "posthorn_system" in one]
        assert len(as_system) == 1, statements
        for table in ("tenancy_membership place", "tenancy_clientperson own", "delivery_instance"):
            assert len([one for one in statements if f"FROM {table}" in one]) == 1, table


def test_addresses_are_those_of_their_ids_and_words_whichever_were_asked_before() -> None:
    first, second = new_id(), new_id()

    assert address_of("account_logout") == "/accounts/logout/"
    assert address_of("firm:document", first, second) == f"/firms/{first}/documents/{second}/"
    assert address_of("firm:document", second, first) == f"/firms/{second}/documents/{first}/"
    assert address_of("logo", "octopus") == "/extensions/octopus/logo.svg"
    assert address_of("logo", "yuki") == "/extensions/yuki/logo.svg"
    assert address_of("download", "{0}") == "/d/%7B0%7D/"

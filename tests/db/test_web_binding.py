"""*Bind clients*: the list of the package, ticked proposals, one Save, and what came of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client as Browser

from posthorn.connections import errands
from posthorn.connections.models import Integration
from posthorn.delivery.asker import HANDLERS
from posthorn.kernel.ids import new_id
from posthorn.sdk import Unavailable
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db import web_rows
from tests.db.places import (
    OTHER_VAT,
    VAT,
    Office,
    Package,
    package_fixture,  # noqa: F401  found by its name
)

if TYPE_CHECKING:
    from posthorn.tenancy.models import Client

pytestmark = pytest.mark.django_db


class Seat:
    """An administrator before the firm's package."""

    def __init__(self) -> None:
        self.office = Office()
        self.browser = Browser()
        self.browser.force_login(web_rows.member(self.office.firm, Role.ADMINISTRATOR))
        self.base = f"/firms/{self.office.firm.pk}/packages/{self.office.connection.pk}"

    def ask(self) -> str:
        """Ask what there is; gives the address of the answer."""
        return self.browser.post(f"{self.base}/bind/").headers["Location"]

    def listed(self) -> str:
        address = self.ask()
        assert errands.run_next(HANDLERS)
        return address

    def read(self, address: str, **headers: str) -> str:
        response = self.browser.get(address, headers=headers)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    def save(self, address: str, *chosen: tuple[Client, str]) -> str:
        typed: dict[str, object] = {"client": [str(client.pk) for client, _ in chosen]}
        typed |= {f"place-{client.pk}": text for client, text in chosen}
        return self.browser.post(address, typed).headers["Location"]


def _value(page: str, client: Client) -> str:
    found = re.search(rf'name="place-{client.pk}" value="([^"]*)"', page)
    assert found
    return found[1]


def test_the_package_page_leads_there_and_the_answer_comes_by_itself(package: Package) -> None:
    seat = Seat()
    package.add("9001", "7", VAT)
    assert "Bind clients" in seat.read(f"{seat.base}/")

    address = seat.ask()
    waiting = seat.read(address)
    assert "Asking the package what there is…" in waiting
    assert f'hx-get="{address}"' in waiting
    assert "<html" not in seat.read(address, HX_Request="true")
    assert errands.run_next(HANDLERS)

    ready = seat.read(address, HX_Request="true")
    assert "hx-get" not in ready
    assert f'href="{address}"' in ready


def test_the_alike_are_ticked_and_the_others_have_the_list_to_choose_from(
    package: Package,
) -> None:
    seat = Seat()
    known = seat.office.client(VAT, name="Bakkerij <Janssens>")
    unknown = seat.office.client(name="Zonder nummer")
    package.add("9001", "7", VAT, label="Janssens BV")
    package.add("9002", "8", OTHER_VAT, label="Peeters BV")

    page = seat.read(seat.listed())

    assert f'value="{known.pk}" checked' in page
    assert f'value="{unknown.pk}" checked' not in page
    assert _value(page, known) == f"7 · Janssens BV · {VAT} · 9001"
    assert _value(page, unknown) == ""
    assert f'<option value="8 · Peeters BV · {OTHER_VAT} · 9002">' in page
    assert "2 clients without this package, 1 found. The package lists 2." in page
    assert "Bakkerij &lt;Janssens&gt;" in page


def test_one_save_binds_each_and_lists_what_came_of_it(package: Package) -> None:
    seat = Seat()
    first, second = seat.office.client(VAT, name="Janssens"), seat.office.client(name="Peeters")
    third = seat.office.client(name="Willems")
    package.add("9001", "7", VAT, label="Janssens BV")
    address = seat.listed()

    result = seat.save(
        address, (first, f"7 · Janssens BV · {VAT} · 9001"), (second, "99"), (third, " ")
    )
    going = seat.read(result)
    assert "0 of 2 done…" in going
    assert 'hx-trigger="load delay:1s"' in going
    assert errands.run_next(HANDLERS)
    done = seat.read(result)

    assert "2 clients are bound. What is released from now on goes there." in done
    assert done.count("To be verified") == 1
    assert "hx-trigger" not in done.partition('id="bound"')[2].partition("</table>")[0]
    with acting(seat.office.firm.pk):
        rows = Integration.objects.order_by("client__name")
        assert [(row.client_id, row.resolved) for row in rows] == [
            (first.pk, {"company": "9001"}),
            (second.pk, {}),
        ]


def test_a_refused_one_is_named_with_its_reason_and_the_others_are_bound(
    package: Package,
) -> None:
    seat = Seat()
    package.add("9001", "7", VAT, label="Janssens BV")
    seat.office.verified(seat.office.client(VAT, dossier_number="1001", name="Janssens"))
    fine, taken = seat.office.client(name="Fijn"), seat.office.client(name="Dubbel")
    package.add("9002", "8", label="Fijn BV")

    result = seat.save(
        seat.listed(), (taken, f"7 · Janssens BV · {VAT} · 9001"), (fine, "8 · Fijn BV · 9002")
    )
    assert errands.run_next(HANDLERS)
    page = seat.read(result)

    assert "1 of 2 could not be bound; the others were." in page
    assert "Janssens BV belongs to client 1001 Janssens already: choose another." in page


def test_nothing_ticked_says_so(package: Package) -> None:
    assert package.companies == []
    seat = Seat()
    seat.office.client()
    address = seat.listed()

    assert seat.save(address) == address
    assert "Tick at least one client and say where it goes." in seat.read(address)


def test_a_package_out_of_reach_says_why_and_can_be_asked_again(package: Package) -> None:
    seat = Seat()
    package.wrong.append(Unavailable("register_busy", detail="503"))

    page = seat.read(seat.listed())

    assert "Register is busy (en). It will be tried again (en)." in page
    assert "Ask again" in page


def test_a_client_or_an_errand_of_another_firm_is_not_there(package: Package) -> None:
    package.add("9001", "7", VAT)
    seat, other = Seat(), Seat()
    address, theirs = seat.listed(), other.listed()
    stranger = other.office.client(name="Vreemd")

    moved = theirs.replace(str(other.office.firm.pk), str(seat.office.firm.pk))
    moved = moved.replace(str(other.office.connection.pk), str(seat.office.connection.pk))
    assert seat.browser.get(moved).status_code == 404
    assert seat.browser.get(f"{seat.base}/bound/{new_id()}/").status_code == 404
    assert seat.browser.get(address.replace("/bind/", "/bound/")).status_code == 404
    result = seat.save(address, (stranger, f"7 · Company 9001 · {VAT} · 9001"))
    assert errands.run_next(HANDLERS)
    assert "Vreemd" not in seat.read(result)
    with acting(other.office.firm.pk):
        assert Integration.objects.count() == 0


@pytest.mark.parametrize("role", [Role.CLIENT_MANAGER, Role.ACCOUNTANT])
def test_only_administrators_bind_many(package: Package, role: Role) -> None:
    assert package.companies == []
    seat = Seat()
    address = seat.listed()
    seat.browser.force_login(web_rows.member(seat.office.firm, role))

    assert seat.browser.get(address).status_code == 404
    assert seat.browser.post(f"{seat.base}/bind/").status_code == 404

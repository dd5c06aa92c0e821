"""What a person sees of a Company Code: looked up, chosen, refused, verified."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client as Browser

from posthorn.connections import verification
from posthorn.connections.queries import integrations_of
from posthorn.kernel.clock import now
from posthorn.sdk import Unavailable
from posthorn.tenancy.models import Person
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db import web_rows
from tests.db.places import (
    OTHER_VAT,
    VAT,
    Office,
    Package,
    package_fixture,  # noqa: F401  found by its name
    set_rows,
)

if TYPE_CHECKING:
    from posthorn.connections.models import Integration
    from posthorn.tenancy.models import Client

pytestmark = pytest.mark.django_db
POLLS = 'hx-trigger="load delay:700ms"'


def _only(seat: Seat) -> Integration:
    with acting(seat.office.firm.pk):
        (made,) = integrations_of(seat.office.firm.pk, seat.client.pk)
    return made


class Seat:
    """Somebody of the office before a client's integrations."""

    def __init__(self, role: Role = Role.ADMINISTRATOR, vat: str = VAT) -> None:
        self.office = Office()
        self.client: Client = self.office.client(vat, name="Bakkerij Janssens")
        self.browser = Browser()
        assigned = (self.client,) if role is Role.ACCOUNTANT else ()
        self.person: Person = web_rows.member(self.office.firm, role, *assigned)
        self.browser.force_login(self.person)
        self.base = f"/firms/{self.office.firm.pk}/clients/{self.client.pk}"

    def read(self, path: str = "integrations/", **headers: str) -> str:
        response = self.browser.get(f"{self.base}/{path}", headers=headers)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    def post(self, path: str, **typed: str) -> str:
        response = self.browser.post(f"{self.base}/{path}", typed, follow=True)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    def save(self, code: str) -> str:
        path = f"integrations/add/{self.office.connection.pk}/"
        return self.post(path, **{"set-company": code})


def test_the_form_asks_for_the_code_with_the_packages_own_words(package: Package) -> None:
    assert package.companies == []
    seat = Seat()

    page = seat.read(f"integrations/add/{seat.office.connection.pk}/")

    assert "Company Code" in page
    assert "The number left of the company&#x27;s name." in page
    assert "Save configurations" in page


def test_a_saved_code_is_looked_up_beside_the_page_and_then_shown(package: Package) -> None:
    seat = Seat()
    package.add("9001", "7", VAT, label="Janssens <BV>")

    saved = seat.save("7")
    assert "is connected. What is released waits until its place is verified." in saved
    assert "Looking it up" in saved
    assert POLLS in saved
    assert verification.verify_due()
    page = seat.read()

    assert POLLS not in page
    assert f"7 · Janssens &lt;BV&gt; · {VAT}" in page
    assert "verified today" in page
    assert ">Active<" in page


def test_the_piece_that_asks_again_brings_the_state_along(package: Package) -> None:
    seat = Seat()
    package.add("9001", "7", VAT)
    seat.save("7")
    made = seat.office.integration(_only(seat))
    path = f"integrations/{made.pk}/place/"

    before = seat.read(path, HX_Request="true")
    verification.verify_due()
    after = seat.read(path, HX_Request="true")

    assert (POLLS in before, POLLS in after) == (True, False)
    assert f'id="state-{made.pk}" class="state-place" hx-swap-oob="true"' in after
    assert "<html" not in after
    assert seat.browser.get(f"{seat.base}/{path}").status_code == 302


def test_several_are_offered_the_like_one_first_and_the_choice_counts(package: Package) -> None:
    seat = Seat()
    package.add("9001", "1", OTHER_VAT, owner="Kantoor Maes")
    package.add("9002", "1", VAT, owner="De bakker zelf")
    package.add("9003", "1", VAT, blocked="company_closed", label="Dicht")
    seat.save("1")
    verification.verify_due()

    page = seat.read()
    assert 'value="9002" checked' in page
    assert 'value="9001" >' in page
    assert 'value="9003" disabled' in page
    assert "Owner: De bakker zelf" in page
    assert page.count("Its VAT number is not this client&#x27;s.") == 1
    assert "The company is closed (en). Open it there first (en)." in page

    made = _only(seat)
    nothing = seat.post(f"integrations/{made.pk}/place/choose/", field="company")
    assert "Choose one first." in nothing
    gone = seat.post(f"integrations/{made.pk}/place/choose/", field="company", value="9003")
    assert "The choices have changed meanwhile: look at them again." in gone
    done = seat.post(f"integrations/{made.pk}/place/choose/", field="company", value="9002")
    assert "It is confirmed: documents go there." in done
    assert f"1 · Company 9002 · {VAT}" in done


def test_a_company_of_another_client_is_refused_by_name(package: Package) -> None:
    seat = Seat(vat="")
    package.add("9001", "7", VAT)
    seat.office.verified(seat.office.client(VAT, dossier_number="1001", name="Janssens"))
    seat.save("7")
    verification.verify_due()

    page = seat.post(f"integrations/{_only(seat).pk}/place/choose/", field="company", value="9001")

    assert "Company 9001 belongs to client 1001 Janssens already: choose another." in page


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_what_is_not_there_says_so_in_the_packages_words(package: Package, language: str) -> None:
    assert package.companies == []
    seat = Seat()
    seat.save("99")
    verification.verify_due()

    with system("choose a language"):
        Person.objects.filter(pk=seat.person.pk).update(language=language)
    page = seat.read()

    assert f"No company has this code ({language})" in page


def test_a_package_out_of_reach_says_so_and_is_asked_again_on_a_click(package: Package) -> None:
    seat = Seat()
    package.wrong.append(Unavailable("register_busy", detail="503 <b>"))
    seat.save("7")
    verification.verify_due()

    page = seat.read()
    assert "Register is busy (en). It will be tried again (en)." in page
    assert "503 &lt;b&gt;" in page
    assert "To be verified" in page
    assert POLLS not in page
    package.wrong.clear()
    package.add("9001", "7", VAT)
    again = seat.post(f"integrations/{_only(seat).pk}/verify/")
    assert "The package is being asked again." in again
    assert POLLS in again
    verification.verify_due()
    assert "verified today" in seat.read()


def test_a_page_does_not_ask_for_ever_where_no_worker_runs(package: Package) -> None:
    assert package.companies == []
    seat = Seat()
    seat.save("7")

    set_rows(asked_at=now() - timedelta(seconds=31))

    page = seat.read()
    assert POLLS not in page
    assert "Documents wait until it is. Posthorn asks again by itself." in page


@pytest.mark.parametrize(
    ("days", "said"), [(0, "verified today"), (1, "verified yesterday"), (9, "verified on ")]
)
def test_the_page_says_when_it_was_verified(package: Package, days: int, said: str) -> None:
    seat = Seat()
    package.add("9001", "7", VAT)
    seat.save("7")
    verification.verify_due()

    set_rows(verified_at=now() - timedelta(days=days))

    assert said in seat.read()


def test_the_connection_section_shows_it_too(package: Package) -> None:
    seat = Seat()
    package.add("9001", "7", VAT)
    typed = {"shares": "on", "package": str(seat.office.connection.pk), "set-company": "7"}
    saved = seat.post("connection/", **typed)
    assert POLLS in saved
    verification.verify_due()

    assert "verified today" in seat.read("connection/")


def test_an_accountant_sees_it_and_changes_nothing(package: Package) -> None:
    seat = Seat(role=Role.ACCOUNTANT)
    package.add("9001", "7", OTHER_VAT)
    made = seat.office.verified(seat.client)

    page = seat.read()
    assert "To choose" in page
    assert "Look again now" not in page
    assert 'type="submit">Confirm<' not in page
    for path in ("place/choose/", "verify/"):
        response = seat.browser.post(f"{seat.base}/integrations/{made.pk}/{path}")
        assert response.status_code == 404

"""The Business Space: a client's own people see their company, and can end the link."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from posthorn.tenancy.models import Client, ClientNumber
from posthorn.tenancy.scope import acting, system
from tests.db import web_rows
from tests.db.factories import ClientFactory, ClientNumberFactory, DocumentFactory
from tests.db.web_desk import Desk, delivery_now

pytestmark = pytest.mark.django_db


class Owner:
    """Somebody of the company, at the screen."""

    def __init__(self, desk: Desk) -> None:
        self.person = web_rows.client_person(desk.client, web_rows.person(name="Bo Janssens"))
        self.browser = Browser()
        self.browser.force_login(self.person)
        self.base = f"/clients/{desk.client.pk}"

    def read(self, path: str = "") -> str:
        response = self.browser.get(f"{self.base}/{path}")
        assert response.status_code == 200
        return " ".join(response.content.decode().split())


def state_of(desk: Desk) -> str:
    with system("look"):
        return Client.objects.get(pk=desk.client.pk).state


def test_an_empty_space_explains_what_it_is() -> None:
    owner = Owner(Desk())

    assert owner.browser.get("/")["Location"] == f"{owner.base}/"
    page = owner.read()

    assert "Welcome to your Business Space" in page
    assert "This is where Bakkerij Janssens and Kantoor Gent keep invoices" in page


def test_the_first_page_shows_what_waits_and_what_was_shared() -> None:
    desk = Desk()
    desk.document(number="2026-121")
    desk.delivery(document=desk.document(number="2026-117"), state="accepted")
    DocumentFactory.create(
        firm=desk.firm, client=ClientFactory.create(firm=desk.firm), number="FOREIGN-1"
    )

    page = Owner(desk).read()

    assert "2026-121" in page
    assert "2026-117 was shared with Kantoor Gent on" in page
    assert "FOREIGN-1" not in page


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("queued", "is on its way to Kantoor Gent."),
        ("delivered", "and is in its books."),
        ("held", "waits before it is shared with Kantoor Gent"),
        ("refused", "could not be shared with Kantoor Gent"),
        ("cancelled", "was not shared with Kantoor Gent"),
    ],
)
def test_each_delivery_is_a_sentence(state: str, sentence: str) -> None:
    desk = Desk()
    more = {"reason": "by_hand"} if state == "held" else {}
    desk.delivery(document=desk.document(number="2026-117"), state=state, **more)

    page = Owner(desk).read("shared/")

    assert "2026-117" in page
    assert sentence in page


def test_nothing_shared_says_what_to_do() -> None:
    assert "Nothing was shared yet" in Owner(Desk()).read("shared/")


def test_the_company_page_shows_its_numbers_and_people() -> None:
    desk = Desk()
    ClientNumberFactory.create(firm=desk.firm, client=desk.client)

    page = Owner(desk).read("company/")

    assert "BE0417497106" in page
    assert "Bo Janssens" in page
    assert "End the link with Kantoor Gent" in page


def test_ending_the_link_says_what_happens_and_leaves_the_documents() -> None:
    desk = Desk()
    desk.document(number="2026-121")
    moving = desk.delivery()
    owner = Owner(desk)

    asked = owner.read("company/end/")
    assert "1 document on its way is held and does not arrive." in asked
    assert "1 document that waits for a decision stays undecided." in asked
    assert state_of(desk) == "active"

    told = owner.browser.post(f"{owner.base}/company/end/", follow=True).content.decode()
    assert "The link with Kantoor Gent has ended." in told
    assert state_of(desk) == "lost"
    assert delivery_now(moving.pk).state == "held"
    assert "2026-121" in owner.read("documents/")
    assert "You can still read everything here." in owner.read()
    assert "End the link with Kantoor Gent" not in owner.read("company/")
    assert "There is no link that could be ended." in owner.read("company/end/")


def test_after_the_end_the_firm_reads_nothing_of_it() -> None:
    desk = Desk()
    desk.document(number="2026-121")
    owner = Owner(desk)
    owner.browser.post(f"{owner.base}/company/end/")

    page = desk.read(f"clients/{desk.client.pk}/")

    assert "The client ended the link" in page
    assert "2026-121" not in page
    assert "Restore" not in page


def test_a_space_of_another_company_is_not_there() -> None:
    desk = Desk()
    owner = Owner(desk)
    other = ClientFactory.create(firm=desk.firm)

    for path in ("", "shared/", "company/", "company/end/"):
        assert owner.browser.get(f"/clients/{other.pk}/{path}").status_code == 404
    assert owner.browser.post(f"/clients/{other.pk}/company/end/").status_code == 404
    with acting(desk.firm.pk):
        assert ClientNumber.objects.count() == 0
    assert state_of(desk) == "active"

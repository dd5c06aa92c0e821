"""The list of clients: what each role sees, what narrows it, and what is done with several."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.clients import change_state
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.models import Client, ClientAssignment, Membership
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db import web_rows
from tests.db.factories import ClientFactory, FirmFactory, IntegrationFactory
from tests.db.web_desk import Desk

pytestmark = pytest.mark.django_db
NAMES = ("Bakkerij Janssens", "Garage Vermeulen", "Hotel Astrid")


def full(role: Role = Role.ADMINISTRATOR) -> Desk:
    desk = Desk(role)
    desk.document()
    garage = ClientFactory.create(firm=desk.firm, name="Garage Vermeulen", dossier_number="77")
    IntegrationFactory.create(firm=desk.firm, client=garage, connection=desk.package)
    ClientFactory.create(firm=desk.firm, name="Hotel Astrid", paused_at=now())
    return desk


def found(desk: Desk, **asked: str) -> list[str]:
    page = desk.read("clients/", **asked)
    return [name for name in NAMES if f"Choose {name}" in page]


def client_now(client: Client) -> Client:
    with system("look"):
        return Client.objects.get(pk=client.pk)


def client_named(name: str) -> Client:
    with system("look"):
        return Client.objects.get(name=name)


def test_the_list_says_how_each_client_stands() -> None:
    page = full().read("clients/")

    assert "3 clients" in page
    for words in ("Waiting for you", "Active", "Paused", "Octopus", "Today / 7 d"):
        assert words in page


def test_filters_stand_in_the_address_and_narrow_the_list() -> None:
    desk = full()

    assert found(desk) == list(NAMES)
    assert found(desk, q="astrid") == ["Hotel Astrid"]
    assert found(desk, q="77") == ["Garage Vermeulen"]
    assert found(desk, status="paused") == ["Hotel Astrid"]
    assert found(desk, package=str(desk.package.pk)) == ["Bakkerij Janssens", "Garage Vermeulen"]
    assert found(desk, whose="unassigned") == list(NAMES)
    assert found(desk, status="nonsense", package="no id", order="none") == list(NAMES)
    assert "No client found" in desk.read("clients/", q="nobody")


def test_a_cursor_that_we_did_not_give_is_refused() -> None:
    desk = Desk()

    assert desk.browser.get(f"{desk.base}/clients/", {"after": "made-up"}).status_code == 400


def test_a_client_manager_is_told_nothing_of_documents() -> None:
    page = full(Role.CLIENT_MANAGER).read("clients/")

    assert "Garage Vermeulen" in page
    assert "Today / 7 d" not in page
    assert "Waiting for you" not in page
    assert "Assign people" not in page


def test_an_accountant_sees_the_own_clients_and_changes_none() -> None:
    page = full(Role.ACCOUNTANT).read("clients/")

    assert "1 client assigned to you" in page
    assert "Bakkerij Janssens" in page
    assert "Garage Vermeulen" not in page
    assert "Add client" not in page
    assert "Archive" not in page


def test_an_empty_list_says_what_to_do_to_each_role() -> None:
    told = {
        Role.ADMINISTRATOR: "Add the first one with its dossier number",
        Role.CLIENT_MANAGER: "Add the first one with its dossier number",
        Role.ACCOUNTANT: "Ask an administrator of your firm to assign clients to you",
    }
    for role, sentence in told.items():
        desk = Desk(role)
        other = FirmFactory.create()
        desk.browser.force_login(web_rows.member(other, role))
        desk.base = f"/firms/{other.pk}"
        assert sentence in desk.read("clients/")


def test_the_list_asks_few_questions() -> None:
    desk = full()
    for number in range(30):
        ClientFactory.create(firm=desk.firm, name=f"Zaak {number}")

    with CaptureQueriesContext(connection) as captured:
        desk.read("clients/")

    # Opening and closing a transaction and its scope asks nothing.
    asked = [one["sql"] for one in captured.captured_queries if " FROM " in one["sql"]]
    assert len(asked) <= 20


def test_several_clients_are_paused_and_the_undo_releases_those() -> None:
    desk = full()
    garage, hotel = client_named("Garage Vermeulen"), client_named("Hotel Astrid")
    chosen = {"chosen": [str(garage.pk), str(hotel.pk)]}

    response = desk.browser.post(f"{desk.base}/clients/pause/", chosen, follow=True)

    page = response.content.decode()
    undo = f"{desk.base}/clients/release/?chosen={garage.pk}"
    assert "1 client is paused." in page
    assert f'action="{undo}"' in page
    assert client_now(garage).paused_at is not None

    desk.browser.post(undo)
    assert client_now(garage).paused_at is None
    assert client_now(hotel).paused_at is not None


def test_several_clients_are_archived_only_once_somebody_is_sure() -> None:
    desk = full()
    garage, hotel = client_named("Garage Vermeulen"), client_named("Hotel Astrid")
    chosen = {"chosen": [str(garage.pk), str(hotel.pk), str(desk.client.pk)]}

    asked = desk.browser.post(f"{desk.base}/clients/archive/", chosen).content.decode()
    assert "Archive 3 clients?" in " ".join(asked.split())
    assert "1 document that waits for approval or sending stays undecided." in asked
    assert client_now(garage).state == "active"

    with acting(desk.firm.pk):
        change_state(desk.firm.pk, hotel.pk, ClientState.LOST, actor="test")
    done = desk.browser.post(
        f"{desk.base}/clients/archive/", {**chosen, "sure": "yes"}, follow=True
    )
    page = done.content.decode()
    assert "2 clients are archived." in page
    assert "Hotel Astrid: Hotel Astrid ended the link" in page
    assert [client_now(one).state for one in (garage, hotel)] == ["archived", "lost"]


def test_several_clients_get_the_same_people() -> None:
    desk = full()
    els = web_rows.member(desk.firm, Role.ACCOUNTANT, who=web_rows.person(name="Els Wouters"))
    with system("look"):
        membership = Membership.objects.get(person=els)
    garage = client_named("Garage Vermeulen")
    chosen = {"chosen": [str(garage.pk), str(desk.client.pk)]}

    asked = desk.browser.post(f"{desk.base}/clients/assign/", chosen).content.decode()
    assert "Els Wouters" in asked
    nobody = desk.browser.post(f"{desk.base}/clients/assign/", {**chosen, "sure": "yes"})
    assert "Choose at least one person." in nobody.content.decode()

    deed = {**chosen, "sure": "yes", "people": [str(membership.pk)]}
    done = desk.browser.post(f"{desk.base}/clients/assign/", deed, follow=True)
    assert "The people are assigned to 2 clients." in done.content.decode()
    with system("look"):
        pairs = set(ClientAssignment.objects.values_list("membership_id", "client_id"))
    assert pairs == {(membership.pk, garage.pk), (membership.pk, desk.client.pk)}


def test_a_client_that_is_not_there_stops_the_whole_deed() -> None:
    desk = full()
    garage = client_named("Garage Vermeulen")
    abroad = ClientFactory.create()

    for other in (str(abroad.pk), str(new_id()), "no id"):
        chosen = {"chosen": [str(garage.pk), other]}
        assert desk.browser.post(f"{desk.base}/clients/pause/", chosen).status_code == 404
    assert client_now(garage).paused_at is None


def test_the_way_back_is_the_list_and_no_other_site() -> None:
    desk = full()
    own = f"{desk.base}/clients/?status=paused"

    for asked, back in ((own, own), ("https://elsewhere.example/", f"{desk.base}/clients/")):
        response = desk.browser.post(f"{desk.base}/clients/pause/", {"next": asked})
        assert response["Location"] == back

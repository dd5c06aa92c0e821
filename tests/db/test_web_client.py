"""A client's page: what it says, what is changed on it, and who may."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from posthorn.tenancy.facts import ClientFacts, client_facts
from posthorn.tenancy.life import ApprovalMode
from posthorn.tenancy.members import open_invitations
from posthorn.tenancy.models import Client, Membership
from posthorn.tenancy.numbers import vat
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db import web_rows
from tests.db.factories import ClientFactory, ClientNumberFactory
from tests.db.web_desk import Desk

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Café De Zwaan",
    "dossier_number": "2001",
    "country": "BE",
    "language": "fr",
    "approval": "all_valid",
    "number": "BE 0417.497.106",
}


def facts(desk: Desk, client: Client | None = None) -> ClientFacts:
    with acting(desk.firm.pk):
        return client_facts(desk.firm.pk, (client or desk.client).pk)


def path(desk: Desk, rest: str = "") -> str:
    return f"clients/{desk.client.pk}/{rest}"


def test_the_page_shows_documents_and_the_connection_below_them() -> None:
    desk = Desk()
    desk.document(number="2026-117")

    page = desk.read(path(desk))

    assert "1 document waits to be approved or sent." in page
    assert page.index("2026-117") < page.index("Share documents with accountant")
    tabs = ("Documents", "Accounting package connection", "Integrations", "Timeline", "Details")
    nav = page[page.index('aria-label="Parts of this client"') :]
    assert [nav.index(tab) for tab in tabs] == sorted(nav.index(tab) for tab in tabs)


def test_a_client_manager_gets_no_documents_and_no_tab_of_them() -> None:
    desk = Desk(Role.CLIENT_MANAGER)
    desk.document(number="2026-117")

    page = desk.read(path(desk))

    assert "2026-117" not in page
    assert "Last documents" not in page
    assert "Share documents with accountant" in page


def test_every_tab_stands_under_the_same_head() -> None:
    desk = Desk()

    for rest in ("", "connection/", "integrations/", "timeline/", "details/"):
        page = desk.read(path(desk, rest))
        assert "What is released goes to its accounting package." in page
        assert page.count('aria-current="page"') >= 2  # the menu's line and the tab


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"paused_at": datetime(2026, 11, 20, 23, 30, tzinfo=UTC)},
            "Paused since 21 Nov 2026 00:30: what is released waits.",
        ),
        ({"state": "draft"}, "It is a draft"),
        ({"state": "invited"}, "Its people are invited"),
        ({"state": "archived"}, "the firm reads no documents of it."),
        ({"state": "lost"}, "The client ended the link"),
        ({"shares_documents": False}, "It does not share documents with its accountant"),
    ],
)
def test_the_head_says_in_a_sentence_how_the_client_stands(
    values: dict[str, object], sentence: str
) -> None:
    desk = Desk()
    with system("change"):
        Client.objects.filter(pk=desk.client.pk).update(**values)

    assert sentence in desk.read(path(desk))


def test_a_page_asks_few_questions() -> None:
    desk = Desk()
    for _ in range(12):
        desk.delivery()

    for rest in ("", "timeline/", "details/"):
        with CaptureQueriesContext(connection) as captured:
            desk.read(path(desk, rest))

        # Opening and closing a transaction and its scope asks nothing.
        asked = [one["sql"] for one in captured.captured_queries if " FROM " in one["sql"]]
        assert len(asked) <= 30


def test_a_client_is_added_with_its_number() -> None:
    desk = Desk(Role.CLIENT_MANAGER)

    page = desk.post("clients/add/", **NEW)

    with system("look"):
        made = facts(desk, Client.objects.get(dossier_number="2001"))
    assert "Café De Zwaan is added." in page
    assert (made.name, made.country, made.language) == ("Café De Zwaan", "BE", "fr")
    assert made.approval is ApprovalMode.ALL_VALID
    assert made.numbers == (vat("BE0417497106"),)
    assert made.shares_documents is False


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"number": "BE0417497107"}, "is not a valid VAT number"),
        ({"number": "BE0403019261"}, "belongs to client 9 Bakkerij Peeters already."),
        ({"dossier_number": "9"}, "Another client has the dossier number 9 already."),
        ({"country": "B1"}, "B1 is not one of the available choices."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(wrong: dict[str, str], sentence: str) -> None:
    desk = Desk()
    other = ClientFactory.create(firm=desk.firm, dossier_number="9", name="Bakkerij Peeters")
    ClientNumberFactory.create(firm=desk.firm, client=other, value="BE0403019261")

    page = desk.post("clients/add/", **{**NEW, **wrong})

    assert sentence in page
    assert f'id="id_{next(iter(wrong))}_error"' in page
    with system("look"):
        assert not Client.objects.filter(dossier_number="2001").exists()


def test_a_client_is_edited() -> None:
    desk = Desk()

    page = desk.post(
        path(desk, "edit/"),
        name="Bakker Janssens",
        dossier_number="12",
        country="NL",
        language="de",
    )

    now_known = facts(desk)
    assert "The client is saved." in page
    assert (now_known.name, now_known.dossier_number) == ("Bakker Janssens", "12")
    assert (now_known.country, now_known.language) == ("NL", "de")


def test_a_pause_offers_its_undo() -> None:
    desk = Desk()

    page = desk.post(path(desk, "pause/"))
    assert facts(desk).paused_at is not None
    assert f'action="{desk.base}/{path(desk, "release/")}"' in page

    desk.post(path(desk, "release/"))
    assert facts(desk).paused_at is None


def test_archiving_says_what_stops_and_is_taken_back() -> None:
    desk = Desk()
    desk.document()
    desk.delivery()

    asked = desk.read(path(desk, "archive/"))
    assert "1 document that waits for approval or sending stays undecided." in asked
    assert "1 delivery on its way is held." in asked

    assert "is archived." in desk.post(path(desk, "archive/"))
    assert facts(desk).state == "archived"
    assert "is active again." in desk.post(path(desk, "take-back/"))
    assert facts(desk).state == "active"


def test_a_client_manager_who_archives_is_told_no_numbers() -> None:
    desk = Desk(Role.CLIENT_MANAGER)
    desk.document()

    asked = desk.read(path(desk, "archive/"))

    assert "Nothing is taken in or sent any more." in asked
    assert "undecided" not in asked


def test_people_are_assigned_and_taken_away_again() -> None:
    desk = Desk()
    rows = [web_rows.member(desk.firm, Role.ACCOUNTANT) for _ in range(2)]
    with system("look"):
        first, second = (Membership.objects.get(person=row).pk for row in rows)

    desk.post(path(desk, "assign/"), people=str(first))
    assert [one.id for one in facts(desk).assigned] == [first]
    page = desk.post(path(desk, "assign/"), people=str(second))
    assert [one.id for one in facts(desk).assigned] == [second]
    assert "1 person works on Bakkerij Janssens." in page


def test_a_number_is_added_taken_away_and_put_back() -> None:
    desk = Desk()

    assert "is added" in desk.post(path(desk, "numbers/add/"), scheme="vat", value="BE0417497106")
    page = desk.post(path(desk, "numbers/remove/"), scheme="vat", value="BE0417497106")
    assert facts(desk).numbers == ()
    undo = f"{desk.base}/{path(desk, 'numbers/add/')}?scheme=vat&amp;value=BE0417497106"
    assert f'action="{undo}"' in page

    desk.browser.post(undo.replace("&amp;", "&"))
    assert [one.value for one in facts(desk).numbers] == ["BE0417497106"]


def test_a_number_of_another_client_names_that_client() -> None:
    desk = Desk()
    other = ClientFactory.create(firm=desk.firm, dossier_number="9", name="Bakkerij Peeters")
    ClientNumberFactory.create(firm=desk.firm, client=other)

    page = desk.post(path(desk, "numbers/add/"), scheme="enterprise", value="0417.497.106")

    assert "belongs to client 9 Bakkerij Peeters already." in page
    assert facts(desk).numbers == ()


def test_approval_and_trusted_suppliers_are_saved() -> None:
    desk = Desk()

    assert "is saved" in desk.post(path(desk, "approval/"), approval="trusted_suppliers")
    assert facts(desk).approval is ApprovalMode.TRUSTED_SUPPLIERS
    assert "is trusted from now on." in desk.post(
        path(desk, "suppliers/trust/"), number="BE 0203.201.340"
    )
    assert facts(desk).trusted_suppliers == ("BE0203201340",)
    wrong = desk.post(path(desk, "suppliers/trust/"), number="BE1")
    assert "is not a valid VAT number" in wrong
    assert "no longer trusted" in desk.post(path(desk, "suppliers/untrust/"), number="BE0203201340")
    assert facts(desk).trusted_suppliers == ()


def test_somebody_of_the_company_is_invited_and_taken_back() -> None:
    desk = Desk()

    page = desk.post(path(desk, "people/invite/"), email="jo@janssens.example", language="nl")
    # No relay is there: the link is shown to whoever invited.
    assert "Pass this link on to jo@janssens.example yourself" in page
    with acting(desk.firm.pk):
        (sent,) = open_invitations(desk.firm.pk, desk.client.pk)
    assert "Invited, until" in desk.read(path(desk, "details/"))

    told = desk.post(path(desk, f"invitations/{sent.id}/revoke/"))
    assert "The invitation is taken back" in told
    with acting(desk.firm.pk):
        assert open_invitations(desk.firm.pk, desk.client.pk) == ()


def test_a_wrong_address_is_told_beside_its_field() -> None:
    desk = Desk()
    own = web_rows.client_person(desk.client)

    again = desk.post(path(desk, "people/invite/"), email=own.email, language="nl")

    assert "enters this Business Space already." in again
    assert 'id="id_email_error"' in again


def test_somebody_of_the_company_is_removed_after_a_question() -> None:
    desk = Desk()
    own = web_rows.client_person(desk.client)
    rest = f"people/{own.pk}/remove/"

    assert "no longer sees the company" in desk.read(path(desk, rest))
    assert "has no access any more." in desk.post(path(desk, rest))
    assert facts(desk).people == ()


def test_the_timeline_tells_what_was_done() -> None:
    desk = Desk()
    desk.post(path(desk, "pause/"))

    page = desk.read(path(desk, "timeline/"))

    assert "Client paused: nothing is sent for it." in page
    assert desk.person.email in page
    wrong = desk.browser.get(f"{desk.base}/{path(desk, 'timeline/')}", {"after": "made-up"})
    assert wrong.status_code == 400

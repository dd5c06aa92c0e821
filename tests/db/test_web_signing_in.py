"""Signing in to a package as a person sees it: what is said before, the way back, and the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from posthorn.connections.grant_models import Grant, SignIn
from posthorn.connections.models import Connection
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db.factories import ClientFactory, IntegrationFactory
from tests.db.grants import books_fixture  # noqa: F401  the fixture by its name
from tests.db.web_desk import Desk

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.cloudbooks import Cloudbooks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]

WHERE = "extensions/cloudbooks/"
SETTINGS = {"set-country": "be"}


class Visit:
    """An administrator on the way to a package and back."""

    def __init__(self, role: Role = Role.ADMINISTRATOR) -> None:
        self.desk = Desk(role)

    def confirm(self) -> None:
        self.desk.post(f"{WHERE}install/", version="1.0.0")

    def leave(self, where: str = f"{WHERE}sign-in/", **typed: str) -> str:
        response = self.desk.browser.post(f"{self.desk.base}/{where}", {**SETTINGS, **typed})
        assert response.status_code == 302
        return str(response["Location"])

    def come_back(self, query: dict[str, str]) -> HttpResponse:
        found: Any = self.desk.browser.get("/signing-in/", query)
        return found  # type: ignore[no-any-return]

    def sign_in(self, books: Cloudbooks, user: str = "an", **where: str) -> str:
        """Go there and come back; gives the page that is shown then."""
        back = books.consent(user, self.leave(**where))
        found: Any = self.desk.browser.get("/signing-in/", back, follow=True)
        assert found.status_code == 200
        return " ".join(found.content.decode().split())

    def package(self) -> Connection:
        with system("look"):
            return Connection.objects.get(firm=self.desk.firm, connector_id="cloudbooks")

    def grants(self) -> list[Grant]:
        with system("look"):
            return list(Grant.objects.filter(firm=self.desk.firm))


@pytest.fixture
def visit() -> Visit:
    found = Visit()
    found.confirm()
    return found


def test_after_the_permissions_the_page_says_what_signing_in_means(visit: Visit) -> None:
    page = visit.desk.read(WHERE)

    assert "You go to Cloud Books, sign in there" in page
    assert "Cloud Books keeps only the latest sign-in of a user" in page
    assert "that connection stops at once" in page
    assert "België" in page
    assert f'action="{visit.desk.base}/{WHERE}sign-in/"' in page
    assert "cannot do yet" not in page


def test_the_form_may_lead_to_the_packages_own_servers_and_nowhere_else(
    visit: Visit, books: Cloudbooks
) -> None:
    response = visit.desk.browser.get(f"{visit.desk.base}/{WHERE}")
    others = visit.desk.browser.get(f"{visit.desk.base}/extensions/email_delivery/")

    assert f"form-action 'self' {books.base};" in f"{response['Content-Security-Policy']};"
    assert "form-action 'self';" in f"{others['Content-Security-Policy']};"


def test_signing_in_installs_the_package_and_says_as_whom(visit: Visit, books: Cloudbooks) -> None:
    page = visit.sign_in(books)

    assert "Cloud Books was installed successfully." in page
    assert "Connected as An Peeters to Kantoor Peeters." in page
    assert "Signed in as" in page
    assert visit.package().checked_as == "An Peeters"
    assert [call["grant_type"] for call in books.token_calls] == ["authorization_code"]
    assert "canary" not in page


def test_a_country_must_be_chosen(visit: Visit) -> None:
    response = visit.desk.browser.post(f"{visit.desk.base}/{WHERE}sign-in/", {"set-country": ""})

    assert response.status_code == 200
    assert '<p class="errorlist">' in response.content.decode()
    with system("look"):
        assert SignIn.objects.count() == 0


def test_before_the_permissions_the_way_leads_back_to_them(books: Cloudbooks) -> None:
    desk = Visit().desk

    response = desk.browser.post(f"{desk.base}/{WHERE}sign-in/", SETTINGS)

    assert response["Location"] == f"{desk.base}/{WHERE}"
    assert books.token_calls == []


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.CLIENT_MANAGER])
def test_others_do_not_sign_in(role: Role, books: Cloudbooks) -> None:
    desk = Visit(role).desk

    for where in (f"{WHERE}sign-in/", f"packages/{desk.package.pk}/sign-in/"):
        assert desk.browser.post(f"{desk.base}/{where}", SETTINGS).status_code == 404

    assert "sign-in/" not in desk.read(WHERE)
    assert books.token_calls == []


def test_a_way_back_that_nobody_began_changes_nothing(visit: Visit, books: Cloudbooks) -> None:
    back = books.consent("an", visit.leave())
    for query in ({}, {"code": back["code"]}, {"code": back["code"], "state": "guess"}):
        response = visit.come_back(query)
        assert (response.status_code, response["Location"]) == (302, "/")

    assert (books.token_calls, visit.grants()) == ([], [])


def test_a_way_back_is_gone_once(visit: Visit, books: Cloudbooks) -> None:
    back = books.consent("an", visit.leave())
    first, second = visit.come_back(back), visit.come_back(back)

    assert first["Location"] == f"{visit.desk.base}/packages/{visit.package().pk}/"
    assert second["Location"] == "/"
    assert len(books.token_calls) == 1


def test_a_way_back_of_another_person_changes_nothing(visit: Visit, books: Cloudbooks) -> None:
    back = books.consent("an", visit.leave())
    other = Visit()
    other.confirm()

    assert other.come_back(back)["Location"] == "/"

    assert (books.token_calls, visit.grants(), other.grants()) == ([], [], [])
    assert visit.come_back(back)["Location"].startswith(f"{visit.desk.base}/packages/")


def test_a_way_back_of_another_session_of_hers_changes_nothing(
    visit: Visit, books: Cloudbooks
) -> None:
    back = books.consent("an", visit.leave())
    visit.desk.browser.logout()
    visit.desk.browser.force_login(visit.desk.person)

    assert visit.come_back(back)["Location"] == "/"
    assert books.token_calls == []


def test_a_refused_consent_is_said_and_its_state_is_used_up(
    visit: Visit, books: Cloudbooks
) -> None:
    state = parse_qs(urlsplit(visit.leave()).query)["state"][0]

    page = visit.desk.browser.get(
        "/signing-in/", {"error": "access_denied", "state": state}, follow=True
    ).content.decode()

    assert "Cloud Books gave no access. Nothing changed." in page
    assert visit.come_back({"code": "x", "state": state})["Location"] == "/"
    assert (books.token_calls, visit.grants()) == ([], [])


def test_a_code_that_is_not_taken_is_said_with_the_packages_words(
    visit: Visit, books: Cloudbooks
) -> None:
    back = books.consent("an", visit.leave())
    page = visit.desk.browser.get(
        "/signing-in/", {**back, "code": "another"}, follow=True
    ).content.decode()

    assert "Cloud Books gave no access. Try again" in page
    assert "invalid_request" in page
    assert visit.grants() == []


def test_until_the_package_says_who_it_is_one_step_is_left(visit: Visit, books: Cloudbooks) -> None:
    books.api_faults.append("503")
    page = visit.sign_in(books)
    assert "One step is left" in page
    action = re.search(r'action="(/signing-in/[^"]+)"', page)
    assert action is not None

    done = visit.desk.browser.post(action[1], follow=True).content.decode()

    assert "Connected as An Peeters to Kantoor Peeters." in done
    assert len(books.token_calls) == 1
    assert visit.desk.browser.post(action[1]).status_code == 404


def test_another_account_is_asked_about_with_the_number_of_clients(
    visit: Visit, books: Cloudbooks
) -> None:
    visit.sign_in(books)
    package = visit.package()
    for _ in range(2):
        client = ClientFactory.create(firm=visit.desk.firm)
        IntegrationFactory.create(firm=visit.desk.firm, client=client, connection=package)

    page = visit.sign_in(books, "bob")

    assert "Replace An Peeters by Bob Maes for 2 clients?" in page
    assert [one.account_name for one in visit.grants()] == ["An Peeters"]
    with system("look"):
        asked = SignIn.objects.get(done_at=None)
    kept = visit.desk.post(f"sign-ins/{asked.pk}/", answer="no")
    assert "Nothing changed here." in kept
    assert [one.account_name for one in visit.grants()] == ["An Peeters"]


def test_yes_replaces_the_account_and_keeps_the_package(visit: Visit, books: Cloudbooks) -> None:
    visit.sign_in(books)
    before = visit.package().pk
    visit.sign_in(books, "bob")
    with system("look"):
        asked = SignIn.objects.get(done_at=None)

    page = visit.desk.post(f"sign-ins/{asked.pk}/", answer="yes")

    assert "Connected as Bob Maes to Kantoor Maes." in page
    assert (visit.package().pk, visit.grants()[0].account_name) == (before, "Bob Maes")


def test_a_question_is_its_own_persons(visit: Visit, books: Cloudbooks) -> None:
    visit.sign_in(books)
    visit.sign_in(books, "bob")
    with system("look"):
        asked = SignIn.objects.get(done_at=None)
    other = Visit()

    for base in (visit.desk.base, other.desk.base):
        response = other.desk.browser.post(f"{base}/sign-ins/{asked.pk}/", {"answer": "yes"})
        assert response.status_code == 404

    assert [one.account_name for one in visit.grants()] == ["An Peeters"]


def test_a_replaced_sign_in_says_why_and_signing_in_again_mends_it(
    visit: Visit, books: Cloudbooks
) -> None:
    visit.sign_in(books)
    package = visit.package()
    other = Visit()
    other.confirm()
    other.sign_in(books)

    page = visit.desk.read(f"packages/{package.pk}/")
    assert "Replaced by a newer sign-in" in page
    assert f'href="{visit.desk.base}/packages/{package.pk}/sign-in/"' in page
    assert str(other.desk.firm.name) in other.desk.read("")
    assert "Needs attention" in page

    again = visit.sign_in(books, where=f"packages/{package.pk}/sign-in/")
    assert "Connected as An Peeters to Kantoor Peeters." in again
    assert "was installed" not in again
    assert visit.package().attention == ""


def test_a_second_sign_in_is_offered_the_connection_that_is_there(
    visit: Visit, books: Cloudbooks
) -> None:
    visit.sign_in(books)

    page = visit.desk.read(f"{WHERE}sign-in/")

    assert "This firm is connected already" in page
    assert f'href="{visit.desk.base}/packages/{visit.package().pk}/"' in page
    assert "Add another" not in visit.desk.read(WHERE)


def test_a_package_people_sign_in_to_is_not_made_by_a_form(visit: Visit) -> None:
    response = visit.desk.browser.post(
        f"{visit.desk.base}/packages/add/cloudbooks/", {"name": "X", **SETTINGS}
    )

    assert response["Location"] == f"{visit.desk.base}/{WHERE}"
    with acting(visit.desk.firm.pk):
        assert not Connection.objects.filter(connector_id="cloudbooks").exists()

"""Removing an accounting package as a person sees it: what is said before, and what stays after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings

from posthorn.connections.errand_models import Errand
from posthorn.connections.models import Connection, Integration
from posthorn.connections.sites import parse_sites
from posthorn.delivery import instance
from posthorn.delivery.asker import ask_once
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db.factories import ClientFactory, ConnectionFactory, IntegrationFactory
from tests.db.grants import Signed, books_fixture  # noqa: F401  the fixture by its name
from tests.db.test_web_signing_in import WHERE, Visit
from tests.db.web_desk import Desk

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.cloudbooks import Cloudbooks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]


@pytest.fixture
def visit(books: Cloudbooks) -> Visit:
    """Be signed in, with one client connected."""
    instance.recognise()
    found = Visit()
    found.confirm()
    found.sign_in(books)
    package = found.package()
    client = ClientFactory.create(firm=found.desk.firm)
    IntegrationFactory.create(firm=found.desk.firm, client=client, connection=package)
    return found


def asked(visit: Visit) -> str:
    return visit.desk.read(f"packages/{visit.package().pk}/remove/")


def removed(visit: Visit) -> str:
    """Confirm; gives the page that is shown then."""
    package = visit.package()
    url = f"{visit.desk.base}/packages/{package.pk}/remove/"
    response = visit.desk.browser.post(url, follow=True)
    assert response.redirect_chain == [(f"{visit.desk.base}/{WHERE}", 302)]
    return " ".join(response.content.decode().split())


def test_the_question_says_what_stops_and_what_stays(visit: Visit) -> None:
    page = asked(visit)

    assert "Remove Cloud Books?" in page
    assert "<strong>1 client</strong> stops getting documents there." in page
    assert "on hold" not in page
    assert (
        "The sign-in as <strong>An Peeters</strong> will be ended, here and at Cloud Books." in page
    )
    assert "All documents stay, and so does the proof of what was delivered." in page
    assert visit.package().removed_at is None


def test_it_is_reached_from_the_packages_own_page(visit: Visit) -> None:
    package = visit.package()

    page = visit.desk.read(f"packages/{package.pk}/")

    assert f'href="{visit.desk.base}/packages/{package.pk}/remove/"' in page


def test_once_removed_the_extension_can_be_installed_anew(visit: Visit, books: Cloudbooks) -> None:
    page = removed(visit)

    assert "Cloud Books is removed. What had not left waits on hold." in page
    assert "The sign-in as An Peeters is being ended at Cloud Books." in page
    assert f'href="{visit.desk.base}/{WHERE}install/"' in page
    assert "withdrawn, " in page
    assert 'id="sign-in"' not in page
    assert (
        visit.desk.browser.get(f"{visit.desk.base}/packages/{visit.package().pk}/").status_code
        == 404
    )
    assert books.revoke_calls == []
    with system("look"):
        assert not Integration.objects.filter(
            firm=visit.desk.firm, removed_at=None, connection=visit.package()
        ).exists()

    assert ask_once()

    assert "is being ended" not in visit.desk.read(WHERE)
    assert len(books.revoke_calls) == 1


def test_a_package_that_did_not_end_the_sign_in_leaves_a_notice(
    visit: Visit, books: Cloudbooks
) -> None:
    removed(visit)
    books.faults.append("setup")

    assert ask_once()

    page = visit.desk.read(WHERE)
    assert "Cloud Books did not end the sign-in: end it there yourself" in page
    assert "Nothing is kept here of the sign-in as An Peeters." in page
    log = visit.desk.read("activity/?about=connection")
    assert "The package did not end the sign-in as An Peeters; it must be ended there." in log
    assert "Accounting package “Cloud Books” removed." in log


def test_where_only_people_can_end_it_they_read_so_before_and_after(
    visit: Visit, settings: Settings
) -> None:
    settings.POSTHORN = replace(django_settings.POSTHORN, sites=parse_sites(""))

    assert "will be deleted here. What you allowed in Cloud Books ends only there:" in asked(visit)
    assert "What you allowed in Cloud Books ends only there" in removed(visit)
    with system("look"):
        assert Errand.objects.filter(kind="revoke").count() == 0


def test_a_package_nobody_signs_in_to_says_nothing_of_a_sign_in() -> None:
    desk = Desk(Role.ADMINISTRATOR)
    package = ConnectionFactory.create(firm=desk.firm, name="Yuki")

    page = desk.read(f"packages/{package.pk}/remove/")

    assert "Remove Yuki?" in page
    assert "No client is connected to it." in page
    assert "getting documents there" not in page
    assert "sign-in" not in page.partition("<main")[2]


def test_removing_it_twice_says_that_it_is_gone(visit: Visit) -> None:
    package = visit.package()
    removed(visit)

    response = visit.desk.browser.post(f"{visit.desk.base}/packages/{package.pk}/remove/")

    assert response.status_code == 404


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.CLIENT_MANAGER])
def test_only_administrators_remove_a_package(role: Role) -> None:
    desk = Desk(role)
    package = ConnectionFactory.create(firm=desk.firm, name="Yuki")

    response = desk.browser.post(f"{desk.base}/packages/{package.pk}/remove/")

    with acting(desk.firm.pk):
        assert Connection.objects.get(pk=package.pk).removed_at is None
    assert response.status_code == 404


def test_a_package_whose_extension_is_not_loaded_any_more_can_be_removed() -> None:
    desk = Desk(Role.ADMINISTRATOR)
    package = ConnectionFactory.create(firm=desk.firm, name="Yuki", connector_id="gone")

    url = f"{desk.base}/packages/{package.pk}/remove/"
    response = desk.browser.post(url, follow=True)

    assert response.redirect_chain == [(f"{desk.base}/packages/", 302)]
    assert "Yuki is removed." in response.content.decode()
    with acting(desk.firm.pk):
        assert Connection.objects.get(pk=package.pk).removed_at is not None

"""The app launcher and the extension store: search, permissions, who let what in."""

from __future__ import annotations

import pytest

from posthorn.connections.models import Consent
from posthorn.connections.registry import registry
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db.factories import ConnectionFactory
from tests.db.web_desk import Desk

pytestmark = pytest.mark.django_db
WHERE = "extensions/email_delivery/"


def given() -> list[tuple[str, str]]:
    with system("look"):
        rows = Consent.objects.order_by("pk")
        return list(rows.values_list("connector_version", "confirmed_by"))


def test_the_launcher_has_what_is_installed_and_the_way_to_more() -> None:
    desk = Desk()
    page = desk.read("")

    assert f'<a href="{desk.base}/extensions/email_delivery/">' in page
    assert "<bdi>Octopus</bdi>" in page
    assert f'<a href="{desk.base}/extensions/">' in page
    assert "Discover more" in page


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.CLIENT_MANAGER])
def test_others_are_told_to_ask_an_administrator(role: Role) -> None:
    desk = Desk(role)
    with system("clear"):
        type(desk.integration).objects.all().delete()
        type(desk.package).objects.all().delete()

    launcher, page = desk.read(""), desk.read(WHERE)

    assert "Discover more" not in launcher
    assert "Ask an administrator to install more." in launcher
    assert "Only administrators of the firm install extensions." in page
    assert "Install</a>" not in page
    assert desk.browser.get(f"{desk.base}/{WHERE}install/").status_code == 404
    assert given() == []


@pytest.mark.parametrize("words", ["email", "CODA inbox", "DELIVERY", "bank", ""])
def test_search_finds_an_extension_by_what_stands_on_its_card(words: str) -> None:
    page = Desk().read("extensions/", q=words)

    assert "<strong>Email Delivery</strong>" in page


def test_an_extension_is_found_by_a_country_that_its_page_names() -> None:
    desk = Desk()

    found = desk.read("extensions/", q="online spain")

    assert "<strong>Exact Online</strong>" in found
    assert "<strong>Email Delivery</strong>" not in found
    assert "Belgium, France, Germany" in " ".join(desk.read("extensions/exact_online/").split())


def test_search_for_what_is_not_there_says_so() -> None:
    page = Desk().read("extensions/", q="exact <b>")

    assert "<strong>Email Delivery</strong>" not in page
    assert "No extension with these words" in page
    assert 'value="exact &lt;b&gt;"' in page


def test_permissions_are_confirmed_before_it_is_configured() -> None:
    desk = Desk()
    with system("clear"):
        type(desk.integration).objects.all().delete()
        type(desk.package).objects.all().delete()
    version = registry().loaded["email_delivery"].spec.version
    assert f'href="{desk.base}/{WHERE}install/"' in desk.read(WHERE)

    asked = desk.read(f"{WHERE}install/")
    response = desk.browser.post(f"{desk.base}/{WHERE}install/", {"version": version})
    page = desk.read(WHERE)

    assert "Confirm access permissions" in asked
    assert "Purchase, Sales, Bank statements" in asked
    assert "<strong><bdi>Password</bdi></strong>" in asked
    assert response["Location"] == f"{desk.base}/packages/add/email_delivery/"
    assert given() == [(version, desk.person.email)]
    assert desk.person.email in page
    assert f"version {version}" in page
    assert "Configure</a>" in page


def test_another_version_than_the_one_read_is_not_confirmed() -> None:
    desk = Desk()

    page = desk.post(f"{WHERE}install/", version="0.0.1")

    assert given() == []
    assert "The extension was updated meanwhile: read again what it asks for." in page


def test_new_wishes_are_said_until_somebody_confirms_them() -> None:
    desk = Desk()
    with system("before"):
        Consent.objects.create(
            firm=desk.firm,
            connector_id="email_delivery",
            connector_version="0.0.1",
            access={"hosts": [], "kinds": ["purchase"], "secrets": [], "login": []},
            confirmed_by="somebody@kantoor.example",
        )
    before = desk.read(WHERE)
    desk.post(f"{WHERE}install/", version=registry().loaded["email_delivery"].spec.version)

    assert "It asks for something else than was confirmed." in before
    assert "It asks for something else than was confirmed." not in desk.read(WHERE)


def test_manage_leads_to_each_package_of_the_extension() -> None:
    desk = Desk()
    other = ConnectionFactory.create(firm=desk.firm, name="Yuki")

    page = desk.read(WHERE)

    for row in (desk.package, other):
        assert f'href="{desk.base}/packages/{row.pk}/"' in page
    assert 'aria-label="Manage Yuki"' in page


def test_what_a_firm_has_of_a_lost_extension_stays_visible() -> None:
    desk = Desk()
    ConnectionFactory.create(firm=desk.firm, name="Old one", connector_id="gone")

    page = desk.read("extensions/gone/")

    assert "This extension is not loaded here any more, so nothing leaves." in page
    assert desk.browser.get(f"{desk.base}/extensions/never/").status_code == 404


def test_a_logo_can_run_nothing() -> None:
    response = Desk().browser.get("/extensions/email_delivery/logo.svg")

    assert response.status_code == 200
    assert response.content == registry().loaded["email_delivery"].assets.logo
    assert response["Content-Type"] == "image/svg+xml"
    policy = response["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"

"""Which countries a sign-in offers: those at which the operator registered this platform."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.registry import registry
from posthorn.connections.sites import Site
from tests.db.grants import books_fixture  # noqa: F401  the fixture by its name
from tests.db.test_web_signing_in import WHERE, Visit

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.cloudbooks import Cloudbooks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]


@pytest.fixture
def visit() -> Visit:
    found = Visit()
    found.confirm()
    return found


def registered(settings: Settings, *sites: str) -> None:
    every = settings.POSTHORN.sites
    kept = {f"cloudbooks.{site}": every[f"cloudbooks.{site}"] for site in sites}
    settings.POSTHORN = replace(settings.POSTHORN, sites=kept)


def test_with_both_countries_registered_either_can_be_chosen(visit: Visit) -> None:
    page = visit.desk.read(f"{WHERE}sign-in/")

    assert page.count('type="radio"') == 2
    assert "disabled" not in page[page.index('type="radio"') :]
    assert "not registered by the operator" not in page


def test_the_only_registered_country_is_no_question(visit: Visit, settings: Settings) -> None:
    registered(settings, "be")

    page = visit.desk.read(f"{WHERE}sign-in/")

    assert '<input type="hidden" name="set-country" value="be">' in page
    assert (page.count('type="radio"'), "België" in page, "Nederland" in page) == (0, True, False)
    assert "ask its operator" not in page


def test_a_country_without_a_registration_cannot_be_chosen_and_says_why(
    visit: Visit, settings: Settings, books: Cloudbooks
) -> None:
    visit.sign_in(books)
    package = visit.package()
    registered(settings, "nl")

    page = visit.desk.read(f"packages/{package.pk}/sign-in/")

    assert "België (not registered by the operator)" in page
    (first, second) = re.findall(r'<input type="radio"[^>]*>', page)
    assert ('value="be"' in first, "disabled" in first) == (True, True)
    assert ('value="nl"' in second, "disabled" in second) == (True, False)
    assert "not set up on this platform yet: ask its operator." in page


def test_of_many_countries_the_registered_ones_can_be_chosen_from_a_list(
    visit: Visit, settings: Settings
) -> None:
    own = Site(client_id="app", client_secret="secret")  # noqa: S106  nobody's
    sites = {"exact_online.be": own, "exact_online.nl": own}
    settings.POSTHORN = replace(settings.POSTHORN, sites=sites)
    version = registry().loaded["exact_online"].spec.version
    visit.desk.post("extensions/exact_online/install/", version=version)

    page = visit.desk.read("extensions/exact_online/sign-in/")

    options = re.findall(r'<option value="(\w+)"([^>]*)>', page.partition("set-country")[2])
    is_closed = {value: "disabled" in rest for value, rest in options[:7]}
    assert is_closed == {
        "be": False,
        "nl": False,
        "de": True,
        "fr": True,
        "es": True,
        "uk": True,
        "com": True,
    }
    assert "Germany (not registered by the operator)" in page

"""Every screen in both themes: nothing that keeps anybody out, no error, no other host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import names
from tests.browser.steps import enter
from tests.browser.watching import Watch, assert_accessible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Lab

pytestmark = pytest.mark.xdist_group("lab")
THEMES = ("light", "dark")
OPEN = ("/accounts/login/", "/accounts/password/reset/")
OF_FIRM = (
    "",
    "clients/",
    "clients/{undecided}/",
    "clients/{undecided}/integrations/",
    "clients/{undecided}/timeline/",
    "clients/{undecided}/details/",
    "clients/add/",
    "documents/",
    "documents/upload/",
    "documents/unassigned/",
    "deliveries/",
    "packages/",
    "packages/add/",
    "packages/add/email_delivery/",
    "extensions/",
    "extensions/email_delivery/",
    "users/",
    "activity/",
    "settings/",
)
OWN = (
    "/accounts/settings/",
    "/accounts/notices/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/design/",
)


@pytest.fixture(scope="module", params=THEMES)
def owner(request: pytest.FixtureRequest, chromium: Browser, lab: Lab) -> Iterator[Page]:
    """Sign the administrator in once for each theme."""
    context = chromium.new_context(
        base_url=lab.site, viewport={"width": 1280, "height": 800}, color_scheme=request.param
    )
    page = context.new_page()
    enter(page, lab, names.OWNER)
    yield page
    context.close()


@pytest.mark.parametrize("path", OF_FIRM)
def test_screen_of_a_firm_keeps_nobody_out(owner: Page, lab: Lab, path: str) -> None:
    undecided = lab.clients[names.UNDECIDED]
    look_at(owner, lab.space + path.format(undecided=undecided))


@pytest.mark.parametrize("path", OWN)
def test_own_screen_keeps_nobody_out(owner: Page, path: str) -> None:
    look_at(owner, path)


@pytest.mark.parametrize("kind", ["documents", "deliveries"])
def test_page_of_one_thing_keeps_nobody_out(owner: Page, lab: Lab, kind: str) -> None:
    owner.goto(f"{lab.space}{kind}/")
    first = owner.locator("tbody th a").first.get_attribute("href")
    assert first is not None

    look_at(owner, first)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", OPEN)
def test_screen_before_signing_in_keeps_nobody_out(
    chromium: Browser, lab: Lab, path: str, theme: str
) -> None:
    context = chromium.new_context(
        base_url=lab.site, color_scheme="dark" if theme == "dark" else "light"
    )
    look_at(context.new_page(), path)
    context.close()


@pytest.mark.parametrize(
    "email", [names.MANAGER, names.ACCOUNTANT, names.PRINTER], ids=lambda one: one.split("@")[0]
)
def test_first_page_of_every_role_keeps_nobody_out(desk: Page, lab: Lab, email: str) -> None:
    enter(desk, lab, email)
    look_at(desk, desk.url)


def look_at(page: Page, path: str) -> None:
    watch = Watch(page)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    assert_accessible(page)
    watch.assert_clean()

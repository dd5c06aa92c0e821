"""Steps 1 to 6 of the reference page on Exact Online: from the launcher to being signed in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import names
from tests.browser.steps import enter
from tests.browser.watching import assert_accessible
from tests.reference.labels import labels_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Lab

pytestmark = pytest.mark.xdist_group("lab")
LABEL = labels_of("exact-online")
_SIGNED_IN: set[str] = set()
"""Sites of labs whose firm has signed in."""


def install(page: Page) -> None:
    """Follow steps 1 to 5: find the extension, install it, confirm what it may do."""
    page.get_by_role("button", name=LABEL["1"]).click()
    page.get_by_role("link", name=LABEL["2"]).click()
    page.get_by_label(LABEL["3"]).fill("Exact Online")
    page.locator("#found").get_by_role("link", name="Exact Online").click()
    page.get_by_role("link", name=LABEL["4"], exact=True).click()
    expect(page.get_by_role("heading", name=LABEL["5"])).to_be_visible()
    page.get_by_role("button", name="Confirm", exact=True).click()


def enter_there(page: Page, user: str) -> None:
    """Sign in on the package's own page."""
    page.locator("#user").fill(user)
    page.locator("#password").fill("sandbox")
    page.get_by_role("button", name="Sign in", exact=True).click()


def agree(page: Page, user: str) -> None:
    """Sign in on the package's own pages and let us in."""
    enter_there(page, user)
    page.get_by_role("button", name="Allow", exact=True).click()


def sign_in_to_exact(page: Page, lab: Lab) -> None:
    """Be the administrator of a firm that has signed in; whoever comes first goes all the way."""
    enter(page, lab, names.OWNER)
    if lab.site in _SIGNED_IN:
        return
    install(page)
    expect(page.get_by_text("keeps only the latest sign-in of a user")).to_be_visible()
    assert_accessible(page)
    expect(page.get_by_role("definition").get_by_text("Belgium", exact=True)).to_be_visible()
    page.get_by_role("button", name=LABEL["6"], exact=True).click()
    expect(page).to_have_url(re.compile(f"^{re.escape(lab.exact)}/"))
    agree(page, "els.peeters")

    expect(page.get_by_text("Exact Online was installed successfully.")).to_be_visible()
    expect(page.get_by_text("Connected as Els Peeters").first).to_be_visible()
    expect(page).to_have_url(re.compile(f"^{re.escape(lab.site + lab.space)}packages/"))
    assert_accessible(page)
    _SIGNED_IN.add(lab.site)


def forget_sign_in(lab: Lab) -> None:
    """Know that the firm has not signed in any more."""
    _SIGNED_IN.discard(lab.site)


def test_a_firm_installs_exact_online_and_signs_in(desk: Page, lab: Lab) -> None:
    sign_in_to_exact(desk, lab)

    desk.goto(f"{lab.space}packages/")
    desk.get_by_role("main").get_by_role("link", name="Exact Online").first.click()
    expect(desk.get_by_role("heading", name="Sign-in", exact=True)).to_be_visible()
    expect(desk.get_by_text("Els Peeters").first).to_be_visible()


def test_who_refuses_there_is_told_so_here(desk: Page, lab: Lab) -> None:
    sign_in_to_exact(desk, lab)
    desk.goto(f"{lab.space}extensions/exact_online/sign-in/")
    desk.get_by_role("button", name=LABEL["6"], exact=True).click()
    enter_there(desk, "els.peeters")
    desk.get_by_role("button", name="Deny", exact=True).click()

    expect(desk.get_by_text("Exact Online gave no access. Nothing changed.")).to_be_visible()

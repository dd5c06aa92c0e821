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


def install(page: Page) -> None:
    """Follow steps 1 to 5: find the extension, install it, confirm what it may do."""
    page.get_by_role("button", name=LABEL["1"]).click()
    page.get_by_role("link", name=LABEL["2"]).click()
    page.get_by_label(LABEL["3"]).fill("Exact Online")
    page.locator("#found").get_by_role("link", name="Exact Online").click()
    page.get_by_role("link", name=LABEL["4"], exact=True).click()
    expect(page.get_by_role("heading", name=LABEL["5"])).to_be_visible()
    page.get_by_role("button", name="Confirm", exact=True).click()


def agree(page: Page, user: str) -> None:
    """Sign in on the package's own pages and let us in."""
    page.locator("#user").fill(user)
    page.locator("#password").fill("sandbox")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Allow", exact=True).click()


def test_a_firm_installs_exact_online_and_signs_in(desk: Page, lab: Lab) -> None:
    enter(desk, lab, names.OWNER)
    install(desk)

    expect(desk.get_by_text("keeps only the latest sign-in of a user")).to_be_visible()
    assert_accessible(desk)
    desk.locator("form select[name=set-country]").select_option("be")
    desk.get_by_role("button", name=LABEL["6"], exact=True).click()
    expect(desk).to_have_url(re.compile(f"^{re.escape(lab.exact)}/"))
    agree(desk, "els.peeters")

    expect(desk.get_by_text("Exact Online was installed successfully.")).to_be_visible()
    expect(desk.get_by_text("Connected as Els Peeters").first).to_be_visible()
    expect(desk).to_have_url(re.compile(f"^{re.escape(lab.site + lab.space)}packages/"))
    expect(desk.get_by_role("heading", name="Sign-in", exact=True)).to_be_visible()
    assert_accessible(desk)


def test_who_refuses_there_is_told_so_here(desk: Page, lab: Lab) -> None:
    enter(desk, lab, names.OWNER)
    desk.goto(f"{lab.space}extensions/exact_online/")
    if desk.get_by_role("link", name="Install", exact=True).count():
        install(desk)
    else:
        desk.goto(f"{lab.space}extensions/exact_online/sign-in/")
    desk.locator("form select[name=set-country]").select_option("be")
    desk.get_by_role("button", name=LABEL["6"], exact=True).click()
    desk.locator("#user").fill("els.peeters")
    desk.locator("#password").fill("sandbox")
    desk.get_by_role("button", name="Sign in", exact=True).click()
    desk.get_by_role("button", name="Deny", exact=True).click()

    expect(desk.get_by_text("Exact Online gave no access. Nothing changed.")).to_be_visible()

"""Steps 7 to 15 of the reference page on Exact Online: clients bound by code, one and many."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import names
from tests.browser.test_walk_signing_in import sign_in_to_exact
from tests.browser.watching import assert_accessible
from tests.reference.labels import labels_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Lab

pytestmark = pytest.mark.xdist_group("lab")
LABEL = labels_of("exact-online")
NAME = "Exact Online"


def open_package(page: Page, lab: Lab) -> None:
    """Open the firm's Exact Online."""
    page.goto(f"{lab.space}packages/")
    page.get_by_role("main").get_by_role("link", name=NAME).first.click()
    expect(page.get_by_role("heading", name=LABEL["13"])).to_be_visible()


def unbind(page: Page, lab: Lab) -> None:
    """Have the client that is bound nowhere bound nowhere, whatever ran before."""
    page.goto(f"{lab.space}clients/{lab.clients[names.UNDECIDED]}/")
    page.get_by_role("link", name=LABEL["8"]).click()
    expect(page.get_by_role("link", name=LABEL["9"]).first).to_be_visible()
    if removal_of(page).count():
        remove(page)


def removal_of(page: Page) -> Locator:
    """Find the link that takes away the one integration of the page; it names its package."""
    return page.get_by_role("link", name=re.compile("^Remove "))


def remove(page: Page) -> None:
    """Take the integration away that the page shows."""
    removal_of(page).click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("The integration is removed")).to_be_visible()


def add_integration(page: Page, lab: Lab, code: str) -> None:
    """Follow steps 7 to 12 for the client that is bound nowhere."""
    unbind(page, lab)
    page.get_by_role("link", name=LABEL["9"]).first.click()
    page.get_by_role("link", name=LABEL["10"]).click()
    expect(page.get_by_text("The number left of the company's name")).to_be_visible()
    page.get_by_label(LABEL["11"]).fill(code)
    assert_accessible(page)
    page.get_by_role("button", name=LABEL["12"]).click()


def test_a_client_is_bound_by_its_company_code(desk: Page, lab: Lab) -> None:
    sign_in_to_exact(desk, lab)

    add_integration(desk, lab, "7")
    offered = desk.get_by_label("7 · Bakkerij Janssens BV · BE0123456749")
    expect(offered).to_be_visible(timeout=20_000)
    expect(offered).to_be_checked()
    expect(desk.get_by_text("Its VAT number is not this client's.")).to_be_visible()
    expect(desk.get_by_text("Owner: Kantoor Maes")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("button", name="Confirm", exact=True).click()

    expect(desk.get_by_text("It is confirmed: documents go there.")).to_be_visible()
    expect(desk.get_by_text("7 · Bakkerij Janssens BV · BE0123456749")).to_be_visible()
    expect(desk.get_by_text("verified today")).to_be_visible()
    desk.set_viewport_size({"width": 320, "height": 800})
    assert_accessible(desk)
    desk.set_viewport_size({"width": 1280, "height": 800})
    remove(desk)


def test_a_code_that_nobody_has_says_so(desk: Page, lab: Lab) -> None:
    sign_in_to_exact(desk, lab)

    add_integration(desk, lab, "4711")

    expect(desk.get_by_text("Not possible")).to_be_visible(timeout=20_000)
    expect(desk.get_by_role("button", name="Look again now")).to_be_visible()
    assert_accessible(desk)
    remove(desk)


def test_many_clients_are_bound_at_once(desk: Page, lab: Lab) -> None:
    sign_in_to_exact(desk, lab)
    unbind(desk, lab)
    open_package(desk, lab)

    desk.get_by_role("button", name="Bind clients").click()
    desk.get_by_role("link", name="Show the clients").click(timeout=20_000)
    expect(desk.get_by_text("The package lists 3.")).to_be_visible()
    client = lab.clients[names.UNDECIDED]
    desk.locator(f"#place-{client}").fill("8 · Garage De Smet NV · BE0123457145 · 3400124")
    desk.locator(f"#bind-{client}").check()
    assert_accessible(desk)
    desk.get_by_role("button", name="Save", exact=True).first.click()

    expect(desk.get_by_text("1 client is bound.")).to_be_visible(timeout=20_000)
    expect(desk.get_by_role("cell", name="8 · Garage De Smet NV")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("link", name="Done", exact=True).click()
    expect(desk).to_have_url(re.compile(f"{re.escape(lab.space)}packages/"))


def test_switching_it_off_and_on_is_confirmed(desk: Page, lab: Lab) -> None:
    sign_in_to_exact(desk, lab)
    open_package(desk, lab)

    desk.get_by_label(LABEL["14"], exact=True).click()
    desk.get_by_role("button", name=LABEL["15"], exact=True).click()
    expect(desk.get_by_text(f"{NAME} is switched off.")).to_be_visible()
    desk.get_by_label(LABEL["14"], exact=True).click()

    expect(desk.get_by_text(f"{NAME} is active.")).to_be_visible()

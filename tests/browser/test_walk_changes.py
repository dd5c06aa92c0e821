"""One changes an import address, another confirms it: the way of a firm that wants two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import names
from tests.browser.steps import enter
from tests.browser.watching import Watch, assert_accessible

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Lab

pytestmark = pytest.mark.xdist_group("lab")
NEW = "janssens@ander.example"
TOGGLE = "A second person must confirm changed import addresses"


def _person(chromium: Browser, lab: Lab, email: str) -> Page:
    context = chromium.new_context(base_url=lab.site, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    enter(page, lab, email)
    return page


def _switch(owner: Page, lab: Lab, *, is_on: bool) -> None:
    owner.goto(f"{lab.space}settings/")
    owner.get_by_label(TOGGLE).set_checked(is_on)
    owner.get_by_role("button", name="Save").click()
    expect(owner.get_by_text("The settings of the firm are saved.")).to_be_visible()


def test_a_second_person_confirms_a_changed_address(chromium: Browser, lab: Lab) -> None:
    owner = _person(chromium, lab, names.OWNER)
    manager = _person(chromium, lab, names.MANAGER)
    watch = Watch(owner)
    connection = f"{lab.space}clients/{lab.clients[names.GARAGE]}/connection/"
    _switch(owner, lab, is_on=True)

    manager.goto(connection)
    manager.get_by_label("Inbound email address", exact=False).first.fill(NEW)
    manager.get_by_role("button", name="Save").click()
    waits = "A changed import address waits for a second person"
    expect(manager.get_by_text(waits)).to_be_visible()
    expect(manager.get_by_label("Inbound email address", exact=False).first).to_have_value(
        names.GARAGE_PURCHASES
    )

    owner.goto(lab.space)
    expect(owner.get_by_role("heading", name="Changed import addresses")).to_be_visible()
    assert_accessible(owner)
    owner.get_by_role("link", name="Confirm or refuse").click()
    expect(owner.get_by_text(NEW).first).to_be_visible()
    assert_accessible(owner)
    owner.set_viewport_size({"width": 320, "height": 700})
    assert owner.evaluate("document.documentElement.scrollWidth") <= 320
    owner.set_viewport_size({"width": 1280, "height": 900})
    owner.get_by_role("button", name="Confirm the new address").click()

    expect(owner.get_by_text("Confirmed.")).to_be_visible()
    expect(owner.get_by_label("Inbound email address", exact=False).first).to_have_value(NEW)
    watch.assert_clean()
    _put_back(owner, lab, connection)


def _put_back(owner: Page, lab: Lab, connection: str) -> None:
    """Leave the firm as other walks expect it."""
    _switch(owner, lab, is_on=False)
    owner.goto(connection)
    owner.get_by_label("Inbound email address", exact=False).first.fill(names.GARAGE_PURCHASES)
    owner.get_by_role("button", name="Save").click()
    expect(owner.get_by_label("Inbound email address", exact=False).first).to_have_value(
        names.GARAGE_PURCHASES
    )

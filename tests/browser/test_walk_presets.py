"""Choosing a package: its form fills in, refuses with a reason, and names our From address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import names
from tests.browser.steps import enter

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Lab

pytestmark = pytest.mark.xdist_group("lab")
PACKAGE = "TriFact"


def test_a_package_fills_in_the_form_and_refuses_what_it_cannot_take(desk: Page, lab: Lab) -> None:
    enter(desk, lab, names.OWNER)
    desk.goto(f"{lab.space}packages/add/email_delivery/")
    pdfs = desk.get_by_label("Attach PDFs alongside")
    expect(pdfs).not_to_be_checked()

    chosen = desk.get_by_label("Which accounting package")
    chosen.focus()
    chosen.select_option(label="TriFact365")
    expect(pdfs).to_be_checked()
    expect(desk.get_by_label("To the same email address")).to_be_checked()
    expect(chosen).to_be_focused()
    desk.get_by_label("Name the accounting package").fill(PACKAGE)
    desk.get_by_label("Download link").check()
    pdfs.uncheck()
    desk.get_by_role("button", name="Save", exact=True).click()

    expect(desk.get_by_text("TriFact365 imports attachments only")).to_be_visible()
    expect(desk.get_by_text("TriFact365 ignores an e-invoice without a PDF")).to_be_visible()
    desk.get_by_label("Attachment", exact=True).check()
    pdfs.check()
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(PACKAGE)

    client = lab.clients[names.UNDECIDED]
    desk.goto(f"{lab.space}clients/{client}/connection/")
    desk.get_by_label("Accounting package", exact=True).select_option(label=PACKAGE)
    address = desk.locator("#field-set-purchase_address")
    expect(address.get_by_text("Our mail comes from documents@lindekade.example.")).to_be_visible()
    expect(address.get_by_text("TriFact365 refuses mail that fails the SPF check")).to_be_visible()

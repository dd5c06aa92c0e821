"""The Business Space: a person of a client comes in, shares a document, and ends the link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import names
from tests.browser.steps import (
    accept_invitation,
    await_seen,
    enter,
    open_menu,
    press_deed,
    status_of,
    upload,
)
from tests.invoices import invoice

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Lab

pytestmark = pytest.mark.xdist_group("lab")
INVITED = "gilles@ardenne-auto.example"
FIRM = "Lindekade Accountants bv"


def invite(page: Page, lab: Lab, client: str) -> None:
    enter(page, lab, names.OWNER)
    page.goto(f"{lab.space}clients/{client}/details/")
    company = page.locator("#people")
    company.get_by_label("E-mail address").fill(INVITED)
    company.get_by_label("Language of the mail").select_option("en")
    company.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(f"on its way to {INVITED}")


def share(page: Page, lab: Lab, number: str) -> None:
    data = invoice(number=number, buyer=names.GARAGE_VAT)
    upload(page, number, data)
    press_deed(page, "Approve")
    lab.mailboxes.await_arrival(names.GARAGE_PURCHASES, data)


def end_link(page: Page) -> None:
    open_menu(page, "Company")
    page.get_by_role("link", name=f"End the link with {FIRM}").click()
    dialog = page.get_by_role("dialog", name=f"End the link with {FIRM}?")
    expect(dialog).to_contain_text(f"{FIRM} reads none of your documents any more")
    dialog.get_by_role("button", name=f"End the link with {FIRM}").click()
    expect(page.locator("main").get_by_text(f"The link with {FIRM} has ended")).to_be_visible()


def test_a_company_shares_a_document_and_ends_the_link(
    desk: Page, other_desk: Page, lab: Lab
) -> None:
    client = lab.clients[names.GARAGE]
    invite(desk, lab, client)
    accept_invitation(other_desk, lab, INVITED, "Gilles Garage")
    assert status_of(other_desk, lab.space) == 404
    assert status_of(other_desk, f"/clients/{lab.clients[names.LINDE]}/") == 404

    share(other_desk, lab, "WALK-10")
    document = other_desk.url.partition("/documents/")[2].partition("/")[0]
    open_menu(other_desk, "Shared with your accountant")
    first = other_desk.locator(".happenings li").first
    expect(first).to_contain_text("WALK-10")
    await_seen(other_desk, first.get_by_text("Accepted by mail server", exact=True))
    ours = f"{lab.space}documents/{document}/"
    assert [status_of(desk, path) for path in (ours, f"{ours}file/")] == [200, 200]

    end_link(other_desk)

    assert [status_of(desk, path) for path in (ours, f"{ours}file/")] == [404, 404]
    assert status_of(other_desk, f"/clients/{client}/documents/{document}/file/") == 200
    desk.goto(f"{lab.space}documents/?client={client}")
    expect(desk.get_by_text("WALK-10")).to_have_count(0)

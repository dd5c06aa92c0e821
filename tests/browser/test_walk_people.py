"""People of the firm: a client is added, an accountant comes in and is assigned, roles hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import names
from tests.browser.steps import accept_invitation, enter, menu_of, open_menu, status_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Lab

pytestmark = pytest.mark.xdist_group("lab")
INVITED = "berta@lindekade.example"
CLIENT = "Bakkerij Vermaelen bv"
OF_DOCUMENTS = ("Client documents", "Deliveries")
LINKS = 'a[href*="/documents/"], a[href*="/deliveries/"]'


def test_a_client_is_added_and_shares_nothing_yet(desk: Page, lab: Lab) -> None:
    enter(desk, lab, names.OWNER)
    open_menu(desk, "Clients")
    desk.get_by_role("link", name="Add client").click()
    desk.get_by_label("Name", exact=True).fill("Smederij Vuur & Vlam bv")
    desk.get_by_label("Dossier number").fill("WALK-77")
    desk.get_by_label("Enterprise or VAT number").fill("BE0404616494")
    desk.get_by_role("button", name="Add client").click()

    expect(desk.get_by_role("heading", level=1)).to_have_text("Smederij Vuur & Vlam bv")
    expect(desk.get_by_label("Share documents with accountant")).not_to_be_checked()
    open_menu(desk, "Clients")
    desk.get_by_role("searchbox").first.fill("vuur")
    desk.keyboard.press("Enter")
    expect(desk.locator("tbody tr")).to_have_count(1)
    expect(desk.locator("tbody tr")).to_contain_text("WALK-77")


def test_an_invited_accountant_sees_a_client_once_it_is_assigned(
    desk: Page, other_desk: Page, lab: Lab
) -> None:
    enter(desk, lab, names.OWNER)
    open_menu(desk, "Users")
    desk.get_by_role("link", name="Invite somebody").click()
    desk.get_by_label("E-mail address").fill(INVITED)
    desk.get_by_label("Language of the invitation").select_option("en")
    desk.get_by_role("radio", name="Accountant").check()
    desk.get_by_role("button", name="Invite", exact=True).click()
    expect(desk.get_by_role("status")).to_contain_text(f"on its way to {INVITED}")

    accept_invitation(other_desk, lab, INVITED, "Berta Nieuw")
    expect(other_desk.get_by_role("heading", level=1)).to_have_text(
        "No client is assigned to you yet"
    )
    client = f"{lab.space}clients/{lab.clients['2026-0102']}/"
    assert status_of(other_desk, client) == 404

    desk.goto(client)
    desk.get_by_role("link", name="Assign people").click()
    desk.get_by_role("dialog").get_by_label(re.compile("Berta Nieuw")).check()
    desk.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(desk.get_by_role("dialog")).to_be_hidden()

    open_menu(other_desk, "Clients")
    expect(other_desk.locator("tbody tr")).to_have_count(1)
    other_desk.locator("tbody").get_by_role("link", name=CLIENT).click()
    expect(other_desk.get_by_role("heading", level=1)).to_have_text(CLIENT)


def test_a_client_manager_meets_no_document_anywhere(
    desk: Page, other_desk: Page, lab: Lab
) -> None:
    enter(other_desk, lab, names.OWNER)
    other_desk.goto(f"{lab.space}documents/")
    document = other_desk.locator("tbody th a").first.get_attribute("href")
    other_desk.goto(f"{lab.space}deliveries/")
    delivery = other_desk.locator("tbody th a").first.get_attribute("href")
    assert document is not None
    assert delivery is not None

    enter(desk, lab, names.MANAGER)

    assert [one for one in OF_DOCUMENTS if menu_of(desk).get_by_text(one).count()] == []
    expect(desk.locator(LINKS)).to_have_count(0)
    desk.goto(f"{lab.space}clients/{lab.clients[names.LINDE]}/")
    expect(desk.locator(LINKS)).to_have_count(0)
    paths = [f"{lab.space}documents/", f"{lab.space}deliveries/", document, delivery]
    drawn = [f"{document.partition('?')[0]}{part}/" for part in ("file", "rendering", "preview")]
    assert {path: status_of(desk, path) for path in [*paths, *drawn]} == dict.fromkeys(
        [*paths, *drawn], 404
    )

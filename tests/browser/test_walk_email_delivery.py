"""The reference page on Email Delivery, step by step by its labels, until a mail has arrived."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import names
from tests.browser.mailboxes import files_of
from tests.browser.steps import enter, open_menu
from tests.reference.labels import labels_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Lab

pytestmark = pytest.mark.xdist_group("lab")
LABEL = labels_of("email-delivery")
PACKAGE = "Octopus import"
INBOUND = "inkoop.demer@octopus.example"
STATEMENTS = "coda.demer@octopus.example"


def add_package(page: Page) -> None:
    """Follow steps 1 to 8: a configuration for an accounting package."""
    open_menu(page, LABEL["1"])
    page.get_by_role("link", name=LABEL["2"], exact=True).click()
    page.get_by_role("link", name=re.compile(f"^{LABEL['3']}|{LABEL['3']}")).first.click()
    expect(page.get_by_label(LABEL["4b"])).to_be_checked()
    page.get_by_label(LABEL["4a"]).check()
    expect(page.get_by_text(LABEL["5"]).first).to_be_visible()
    expect(page.get_by_label(LABEL["6"])).not_to_be_checked()
    page.get_by_label(LABEL["7"]).fill(PACKAGE)
    page.get_by_role("button", name=LABEL["8"], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PACKAGE)


def connect_client(page: Page, client: str) -> None:
    """Follow steps 9 to 16: the client's connection, found by scrolling on its page."""
    open_menu(page, LABEL["9"])
    page.locator(f'a[data-open][href*="{client}"]').click()
    section = page.get_by_role("region", name=LABEL["10"])
    section.scroll_into_view_if_needed()
    expect(section.get_by_role("heading", name=LABEL["10"])).to_be_visible()
    section.get_by_label(LABEL["11"]).check()
    section.get_by_label(LABEL["12"], exact=True).select_option(label=PACKAGE)
    same = section.get_by_label(LABEL["13c"])
    expect(same).to_be_checked()
    expect(section.get_by_label(LABEL["13b"])).to_be_hidden()
    section.get_by_label(LABEL["13a"]).fill(INBOUND)
    section.get_by_label(LABEL["14"]).fill(STATEMENTS)
    expect(section.get_by_role("group", name=LABEL["15"])).to_be_visible()
    section.get_by_role("button", name=LABEL["16"], exact=True).click()
    expect(section.get_by_label(LABEL["11"])).to_be_checked()
    expect(section.get_by_label(LABEL["13a"])).to_have_value(INBOUND)


def test_documents_arrive_once_the_steps_of_the_page_are_followed(desk: Page, lab: Lab) -> None:
    client = lab.clients[names.UNDECIDED]
    enter(desk, lab, names.OWNER)
    add_package(desk)
    connect_client(desk, client)

    desk.goto(f"{lab.space}documents/?client={client}&where=to_decide")
    desk.locator("tbody th a").first.click()
    name = desk.get_by_role("heading", level=1).inner_text()
    desk.get_by_role("button", name=re.compile("^(Approve|Send)$")).first.click()

    mail = lab.mailboxes.await_mail(INBOUND)
    files = files_of(mail)
    assert mail["To"] == INBOUND
    assert len(files) == 1, name
    assert next(iter(files.values())).lstrip().startswith(b"<?xml")

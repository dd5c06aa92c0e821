"""What walks do again and again: enter, go somewhere by the menu, hand in a file, wait."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.db.web_passwords import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Lab

_LOOKS, _BETWEEN_LOOKS_MS = 60, 500
_LINK = re.compile(r"http://\S+/invitations/\S+")


def sign_in(page: Page, email: str) -> None:
    """Sign in with the password alone; ends on the first page of the person's space."""
    page.goto("/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()


def enter(page: Page, lab: Lab, email: str) -> None:
    """Come in as somebody, by the session of an earlier walk where there is one."""
    if email not in lab.sessions:
        sign_in(page, email)
        lab.sessions[email] = page.context.cookies()
        return
    page.context.add_cookies(
        [
            {"name": one["name"], "value": one["value"], "url": lab.site}
            for one in lab.sessions[email]
        ]
    )
    page.goto("/")


def menu_of(page: Page) -> Locator:
    """Give the side menu."""
    return page.get_by_role("navigation", name="Main menu")


def open_menu(page: Page, label: str) -> None:
    """Go to a page of the side menu."""
    menu_of(page).get_by_role("link", name=label).click()


def await_seen(page: Page, wanted: Locator) -> None:
    """Load the page again until something is on it; fails after half a minute."""
    for _ in range(_LOOKS):
        if wanted.first.is_visible():
            return
        page.wait_for_timeout(_BETWEEN_LOOKS_MS)
        page.reload()
    raise AssertionError(f"It never came on {page.url}:\n{page.locator('main').inner_text()}")


def upload(page: Page, number: str, data: bytes) -> None:
    """Hand a document in by the menu; ends on its page once it is read."""
    open_menu(page, "ocuments")  # "Client documents" in a firm, "Documents" in a company
    page.get_by_role("link", name="Upload").first.click()
    page.get_by_label("Drop files here, or choose them").set_input_files(
        {"name": f"{number}.xml", "mimeType": "application/xml", "buffer": data}
    )
    page.get_by_role("button", name="Upload", exact=True).click()
    open_taken(page, number)


def open_taken(page: Page, number: str) -> None:
    """Open what was just handed in, and wait until it is read."""
    expect(page.locator("[data-sent]")).to_contain_text("Taken in")
    page.locator("[data-sent]").get_by_role("link", name="Open", exact=True).click()
    await_seen(page, page.get_by_role("heading", level=1, name=f"invoice {number}"))


def standing(page: Page) -> Locator:
    """Give the part of a page that says where its document or delivery stands."""
    return page.get_by_role("region", name="Where it stands")


def press_deed(page: Page, verb: str) -> None:
    """Press a button of what stands on the page."""
    standing(page).get_by_role("button", name=verb, exact=True).click()


def answer(page: Page, reason: str, verb: str) -> None:
    """Give the reason that a dialog asks for."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(reason)
    dialog.get_by_role("button", name=verb, exact=True).click()


def accept_invitation(page: Page, lab: Lab, email: str, name: str) -> None:
    """Follow the link of the invitation's mail and choose a password."""
    letter = lab.mailboxes.await_mail(email)
    body = letter.get_body(("plain",))
    assert body is not None
    found = _LINK.search(body.get_content())
    assert found is not None
    page.goto(found[0])
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(menu_of(page)).to_be_visible()


def status_of(page: Page, path: str) -> int:
    """Give what an address answers the person of this window, without going there."""
    return page.request.get(path, max_redirects=0).status

"""The keyboard alone: signing in, going places, opening what is listed, and never losing sight."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import names
from tests.browser.steps import await_seen, enter, standing
from tests.browser.watching import assert_focus_is_seen
from tests.db.web_passwords import PASSWORD
from tests.invoices import invoice

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Lab

pytestmark = pytest.mark.xdist_group("lab")
MOST_STOPS = 120
SIZES = {"desk": (1280, 800), "phone": (320, 640), "zoomed": (320, 256)}


def press(page: Page, *keys: str) -> None:
    """Press keys once the page listens to them: its script runs when the page has loaded."""
    page.wait_for_load_state()
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, accessible_name: str) -> None:
    """Press Tab until the thing of that name has the focus."""
    wanted = page.get_by_label(accessible_name, exact=True)
    for role in ("button", "link"):
        wanted = wanted.or_(page.get_by_role(role, name=accessible_name, exact=True))
    for _ in range(MOST_STOPS):
        if wanted.first.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {accessible_name!r} on {page.url}.")


def test_a_document_is_reached_without_a_mouse(desk: Page, lab: Lab) -> None:
    desk.goto("/")
    tab_to(desk, "E-mail address")
    desk.keyboard.type(names.OWNER)
    tab_to(desk, "Password")
    desk.keyboard.type(PASSWORD)
    press(desk, "Enter")
    expect(desk).to_have_url(re.compile(lab.space))

    press(desk, "g", "d")
    expect(desk).to_have_url(re.compile("/documents/"))
    press(desk, "j", "j", "k", "Enter")

    expect(desk).to_have_url(re.compile("/documents/[0-9a-f-]{36}/"))


def test_the_first_stop_leads_past_the_menu(desk: Page, lab: Lab) -> None:
    enter(desk, lab, names.OWNER)

    press(desk, "Tab", "Enter")

    assert desk.evaluate("document.activeElement.id") == "content"


def test_the_list_of_keys_names_only_those_that_work_here(desk: Page, lab: Lab) -> None:
    enter(desk, lab, names.OWNER)
    press(desk, "?")
    keys = desk.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_be_visible()
    expect(keys.get_by_text("Next and previous row")).to_be_hidden()

    press(desk, "Escape")
    expect(keys).to_be_hidden()
    desk.goto(f"{lab.space}documents/")
    press(desk, "?")
    expect(keys.get_by_text("Next and previous row")).to_be_visible()
    expect(keys.get_by_text("Go to Overview")).to_be_visible()


def test_keys_do_nothing_while_somebody_types(desk: Page, lab: Lab) -> None:
    enter(desk, lab, names.OWNER)
    desk.goto(f"{lab.space}documents/")
    press(desk, "/")

    desk.keyboard.type("god?")

    assert desk.evaluate("document.activeElement.value") == "god?"
    expect(desk).to_have_url(re.compile("/documents/$"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["", "documents/", "deliveries/"])
def test_what_has_the_focus_is_never_hidden(desk: Page, lab: Lab, path: str, size: str) -> None:
    enter(desk, lab, names.OWNER)
    width, height = SIZES[size]
    desk.set_viewport_size({"width": width, "height": height})
    desk.goto(f"{lab.space}{path}")

    for _ in range(40):
        press(desk, "Tab")
        assert_focus_is_seen(desk)
    desk.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    for _ in range(20):
        press(desk, "Shift+Tab")
        assert_focus_is_seen(desk)

    assert desk.evaluate("document.documentElement.scrollWidth") <= width


def test_a_document_is_handed_in_approved_and_resent_without_a_mouse(desk: Page, lab: Lab) -> None:
    data = invoice(number="KEYS-1", buyer=names.LINDE_VAT)
    # The browser is told to hand its file dialogs over by the first listener, and takes a moment.
    desk.on("filechooser", lambda _chooser: None)
    enter(desk, lab, names.OWNER)
    press(desk, "g", "d")
    expect(desk).to_have_url(re.compile("/documents/$"))
    tab_to(desk, "Upload documents")
    press(desk, "Enter")
    expect(desk).to_have_url(re.compile("/upload/$"))
    tab_to(desk, "Drop files here, or choose them")
    with desk.expect_file_chooser() as chooser:
        press(desk, "Enter")
    chooser.value.set_files({"name": "KEYS-1.xml", "mimeType": "text/xml", "buffer": data})
    tab_to(desk, "Upload")
    press(desk, "Enter")
    expect(desk.locator("[data-sent]")).to_contain_text("Taken in")
    tab_to(desk, "Open")
    press(desk, "Enter")
    await_seen(desk, standing(desk).get_by_role("button", name="Approve"))
    press(desk, "a")
    lab.mailboxes.await_arrival(names.LINDE_PURCHASES, data)
    await_seen(desk, standing(desk).get_by_role("button", name="Resend"))

    press(desk, "r")
    expect(desk.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    desk.keyboard.type("They lost it")
    press(desk, "Enter")

    expect(standing(desk)).to_contain_text("Why: They lost it")
    lab.mailboxes.await_arrival(names.LINDE_PURCHASES, data, count=2)

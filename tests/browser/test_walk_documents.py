"""A document's way by the buttons of its page: approved, rejected, sent again, held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import names
from tests.browser.steps import answer, await_seen, enter, press_deed, standing, upload
from tests.invoices import invoice

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Lab

pytestmark = pytest.mark.xdist_group("lab")
FOLLOWED_MS = 30_000
MAILBOX = names.LINDE_PURCHASES


def hand_in(page: Page, lab: Lab, number: str) -> bytes:
    data = invoice(number=number, buyer=names.LINDE_VAT)
    enter(page, lab, names.OWNER)
    upload(page, number, data)
    expect(page.locator(".page-head")).to_contain_text("To approve")
    return data


def test_an_approved_invoice_arrives_byte_for_byte(desk: Page, lab: Lab) -> None:
    data = hand_in(desk, lab, "WALK-1")

    press_deed(desk, "Approve")
    expect(desk.get_by_role("status")).to_contain_text("It is approved.")

    arrived = lab.mailboxes.await_arrival(MAILBOX, data)
    # The page follows by itself: nobody loads it again.
    followed = expect(standing(desk).get_by_text("The mail server took it"))
    followed.to_be_visible(timeout=FOLLOWED_MS)
    expect(desk.locator(".page-head .state")).to_have_text("Accepted by mail server")
    expect(desk.get_by_text(f"250 2.0.0 Stored as {arrived.number}")).to_be_visible()


def test_a_rejected_document_says_why_and_is_taken_back(desk: Page, lab: Lab) -> None:
    data = hand_in(desk, lab, "WALK-2")

    press_deed(desk, "Reject")
    answer(desk, "Ordered by nobody", "Reject")
    expect(standing(desk)).to_contain_text("Why: Ordered by nobody")
    expect(desk.locator(".page-head .state")).to_have_text("Rejected")
    desk.get_by_role("button", name="Undo").click()

    expect(desk.locator(".page-head .state")).to_have_text("To approve")
    expect(standing(desk)).not_to_contain_text("Ordered by nobody")
    assert lab.mailboxes.arrivals_of(MAILBOX, data) == []


def test_a_resent_document_arrives_as_a_copy_that_says_so(desk: Page, lab: Lab) -> None:
    data = hand_in(desk, lab, "WALK-3")
    press_deed(desk, "Approve")
    first = lab.mailboxes.await_arrival(MAILBOX, data)
    await_seen(desk, standing(desk).get_by_role("button", name="Resend"))

    press_deed(desk, "Resend")
    expect(desk.get_by_role("dialog")).to_contain_text("A copy may appear twice in Import.")
    answer(desk, "They lost it", "Resend")

    expect(standing(desk)).to_contain_text("This is copy 1. Why: They lost it")
    copy = lab.mailboxes.await_arrival(MAILBOX, data, count=2)
    assert first.mail["X-Posthorn-Copy"] is None
    assert copy.mail["X-Posthorn-Copy"] == "1"
    await_seen(desk, desk.get_by_text(f"250 2.0.0 Stored as {copy.number}"))
    expect(desk.get_by_role("link", name="Open the first delivery")).to_be_visible()


def test_a_delivery_on_hold_waits_until_it_is_released(desk: Page, lab: Lab) -> None:
    data = hand_in(desk, lab, "WALK-4")
    lab.mailboxes.refuse_for_now(MAILBOX)
    press_deed(desk, "Approve")
    await_seen(desk, standing(desk).get_by_text("will be tried again"))

    press_deed(desk, "Hold")
    expect(desk.locator(".page-head .state")).to_have_text("On hold")
    assert lab.mailboxes.arrivals_of(MAILBOX, data) == []

    press_deed(desk, "Release")
    lab.mailboxes.await_arrival(MAILBOX, data)
    await_seen(desk, standing(desk).get_by_text("The mail server took it"))

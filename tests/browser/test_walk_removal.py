"""Removing Exact Online: what is said before, what stays, and that it begins anew afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.steps import status_of
from tests.browser.test_walk_signing_in import forget_sign_in, sign_in_to_exact
from tests.browser.test_walk_to_exact_online import open_package
from tests.browser.watching import assert_accessible

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Lab

pytestmark = pytest.mark.xdist_group("lab")


def test_who_removes_exact_online_reads_what_stops_and_begins_anew_afterwards(
    desk: Page, lab: Lab
) -> None:
    sign_in_to_exact(desk, lab)
    open_package(desk, lab)
    package = desk.url.removeprefix(lab.site)
    removal = desk.get_by_role("main").get_by_role("link", name="Remove", exact=True)

    removal.click()
    dialog = desk.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Remove Exact Online?")).to_be_visible()
    stops = re.compile("stops? getting documents there|No client is connected to it")
    expect(dialog.get_by_text(stops)).to_be_visible()
    expect(dialog.get_by_text("choose My Exact Online, then Security centre")).to_be_visible()
    expect(dialog.get_by_text("All documents stay")).to_be_visible()
    assert_accessible(desk)
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).not_to_be_visible()
    assert status_of(desk, package) == 200

    removal.click()
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(desk.get_by_text("Exact Online is removed.")).to_be_visible()
    expect(desk.get_by_text("What you allowed in Exact Online ends only there")).to_be_visible()
    assert_accessible(desk)
    assert status_of(desk, package) == 404

    forget_sign_in(lab)
    sign_in_to_exact(desk, lab)
    assert desk.url.removeprefix(lab.site) != package
    expect(desk.get_by_text("No client yet")).to_be_visible()

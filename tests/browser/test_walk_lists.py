"""Lists that Exact Online gives: they come by themselves, are chosen from and fetched again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.test_walk_signing_in import sign_in_to_exact
from tests.browser.test_walk_to_exact_online import add_integration, remove
from tests.browser.watching import assert_accessible
from tests.reference.labels import labels_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Lab

pytestmark = pytest.mark.xdist_group("lab")
LABEL = labels_of("exact-online")
# No other walk binds this one: its lists were never fetched before.
CODE = "1"
ADMINISTRATION = "1 · Kantoor Maes BV · BE0123450118"
DIVISION = 3400101
COMES_MS = 20_000


def add_folders(lab: Lab, *names: str) -> None:
    """Put folders into an administration, as its bookkeeper does."""
    for number, name in enumerate(names):
        row = {"Code": f"{number:03}", "Description": name}
        path = f"{lab.administrations.url}rows/documents/DocumentFolders?division={DIVISION}"
        asked = Request(  # noqa: S310  # our own server
            path, data=json.dumps(row).encode(), headers={"Content-Type": "application/json"}
        )
        with urlopen(asked, timeout=10) as answer:  # noqa: S310
            answer.read()


def edit(page: Page) -> None:
    """Open the form of the integration that the page shows."""
    page.get_by_role("region").get_by_role("link", name="Edit Exact Online", exact=True).click()


def test_folders_of_the_administration_are_chosen_from(desk: Page, lab: Lab) -> None:
    sign_in_to_exact(desk, lab)
    add_folders(lab, "Aankopen", "Verkopen")
    add_integration(desk, lab, CODE)
    offered = desk.get_by_label(ADMINISTRATION)
    expect(offered).to_be_visible(timeout=COMES_MS)
    desk.get_by_role("button", name="Confirm", exact=True).click()
    edit(desk)

    folder = desk.get_by_label("Folder")
    option = folder.get_by_role("option", name="001 Verkopen")
    expect(option).to_be_attached(timeout=COMES_MS)
    expect(desk.get_by_text("List fetched today at").first).to_be_visible()
    assert_accessible(desk)
    folder.select_option(label="001 Verkopen")
    desk.get_by_role("button", name=LABEL["12"]).click()
    edit(desk)
    expect(desk.get_by_label("Folder").locator("option:checked")).to_have_text("001 Verkopen")

    add_folders(lab, *(f"Map {number}" for number in range(30)))
    desk.get_by_role("button", name="Fetch again Folder").click()
    typed = desk.get_by_role("combobox", name="Folder")
    expect(typed).to_have_value("001 Verkopen", timeout=COMES_MS)
    expect(desk.locator("#set-folder-options option")).to_have_count(32)
    desk.set_viewport_size({"width": 320, "height": 800})
    assert_accessible(desk)
    desk.set_viewport_size({"width": 1280, "height": 800})
    typed.fill("007 Map 7")
    desk.get_by_role("button", name=LABEL["12"]).click()
    edit(desk)
    expect(desk.get_by_role("combobox", name="Folder")).to_have_value("007 Map 7")

    desk.get_by_role("link", name="Cancel", exact=True).click()
    remove(desk)

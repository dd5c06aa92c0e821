"""What every walk does: sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.db.web_passwords import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page


def sign_in(page: Page, email: str) -> None:
    """Sign in with the password alone; ends on the first page of the person's space."""
    page.goto("/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()

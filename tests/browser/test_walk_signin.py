"""Signing in with a code of an authenticator app, and setting one up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import names
from tests.browser.codes import code_now, code_of
from tests.browser.steps import sign_in
from tests.db.web_passwords import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("lab")


@pytest.mark.parametrize(
    ("at", "code"), [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")]
)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    # RFC 6238, appendix B, the last six of its eight digits.
    assert code_of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at) == code


def test_a_wrong_code_lets_nobody_in_and_the_right_one_does(desk: Page) -> None:
    sign_in(desk, names.CAREFUL)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Second step")

    code = code_now(names.CAREFUL_SECRET)
    wrong = str((int(code) + 1) % 10**6).zfill(6)
    desk.get_by_label("Code").fill(wrong)
    desk.get_by_role("button", name="Sign in", exact=True).click()
    expect(desk.get_by_label("Code")).to_have_attribute("aria-invalid", "true")

    desk.get_by_label("Code").fill(code_now(names.CAREFUL_SECRET))
    desk.get_by_role("button", name="Sign in", exact=True).click()
    expect(desk).to_have_url(re.compile("/firms/"))
    expect(desk.get_by_role("navigation", name="Main menu")).to_contain_text("Overview")


def test_an_app_is_set_up_from_the_secret_that_is_shown(desk: Page) -> None:
    sign_in(desk, names.NEWCOMER)
    desk.goto("/accounts/2fa/totp/activate/")
    if desk.get_by_label("Password", exact=True).count():
        desk.get_by_label("Password", exact=True).fill(PASSWORD)
        desk.get_by_role("button", name="Go on").click()

    secret = desk.locator("p.mono").inner_text()
    desk.get_by_label("Code").fill(code_now(secret))
    desk.get_by_role("button", name="Switch on").click()

    expect(desk).to_have_url(re.compile("/2fa/recovery-codes/"))
    assert desk.locator(".codes li").count() == 10

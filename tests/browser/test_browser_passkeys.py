"""A passkey in a real browser: added, signed in with, and taken away, under the strict policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.names import CLIENT_PERSON
from tests.db.web_passwords import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, CDPSession, Page

pytestmark = pytest.mark.xdist_group("site")
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def local(chromium: Browser, site: str) -> Iterator[Page]:
    """Open a window on `localhost`, the only name without HTTPS for which browsers keep keys."""
    context = chromium.new_context(
        base_url=site.replace("127.0.0.1", "localhost"), viewport={"width": 1280, "height": 800}
    )
    yield context.new_page()
    context.close()


def with_authenticator(page: Page) -> tuple[CDPSession, str]:
    """Put a device that says yes to everything into the browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return session, str(added["authenticatorId"])


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(CLIENT_PERSON)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_added_lets_in_and_is_taken_away(local: Page) -> None:
    said: list[str] = []
    local.on("console", lambda message: said.append(message.text))
    device, number = with_authenticator(local)

    sign_in(local)
    local.goto("/accounts/2fa/webauthn/add/")
    local.get_by_label("Password").fill(PASSWORD)
    local.get_by_role("button", name="Go on").click()
    local.get_by_label("Name, for you to tell them apart").fill("Laptop")
    local.get_by_role("button", name="Add it").click()
    local.get_by_role("heading", name="Recovery codes").wait_for()
    kept = device.send("WebAuthn.getCredentials", {"authenticatorId": number})
    assert [one["isResidentCredential"] for one in kept["credentials"]] == [True]

    local.context.clear_cookies()
    local.goto("/accounts/login/")
    local.get_by_role("button", name="Sign in with a passkey").click()
    local.get_by_role("heading", name="Client documents").or_(
        local.get_by_role("heading", name="Documents")
    ).first.wait_for()

    local.goto("/accounts/2fa/webauthn/")
    local.get_by_text("Laptop").wait_for()
    local.get_by_role("link", name="Remove").click()
    local.get_by_role("heading", name="Is it really you?").wait_for()
    local.get_by_role("link", name="Use a security key").click()
    local.get_by_role("button", name="Use it").click()
    local.get_by_role("button", name="Remove").click()
    local.get_by_text("There are none.").wait_for()
    assert said == []


def test_a_device_that_says_no_is_told_on_the_page(local: Page) -> None:
    device, number = with_authenticator(local)
    device.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})

    local.goto("/accounts/login/")
    assert not local.get_by_role("alert").is_visible()
    local.get_by_role("button", name="Sign in with a passkey").click()

    local.get_by_role("alert").wait_for()
    assert local.url.endswith("/accounts/login/")

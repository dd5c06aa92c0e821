"""A person clicks through the sign-in of the stand-in for Exact Online."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from posthorn_sandbox.exact import StandIn, StandInSettings, Switches

SETTINGS = StandInSettings(switches=Switches(loopback_redirects=True))


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(SETTINGS) as running:
        # Back to a page that exists, so that the browser ends somewhere.
        change = {"redirect_uris": [f"{running.admin_url}where"]}
        app = running.said()["client_id"]
        httpx.patch(f"{running.admin_url}apps/{app}", json=change).raise_for_status()
        yield running


@pytest.fixture
def window(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 320, "height": 640}, color_scheme="dark")
    yield context.new_page()
    context.close()


def sign_in(window: Page, standin: StandIn) -> None:
    """Go where an app sends a person, and sign in there."""
    said = standin.said()
    asked = {"client_id": said["client_id"], "redirect_uri": said["redirect_uri"]}
    asked |= {"response_type": "code", "state": "s1", "force_login": "1"}
    window.goto(f"{standin.base}/api/oauth2/auth?{urlencode(asked)}")
    window.get_by_label("User name").fill("els.peeters")
    window.get_by_label("Password").fill("sandbox")
    window.get_by_role("button", name="Sign in").click()
    expect(window.get_by_role("heading", name="Allow access")).to_be_visible()


def returned(window: Page, standin: StandIn) -> dict[str, list[str]]:
    window.wait_for_url(f"{standin.admin_url}where?*")
    return parse_qs(urlsplit(window.url).query)


def test_person_leaves_one_administration_out_and_allows(window: Page, standin: StandIn) -> None:
    sign_in(window, standin)
    window.get_by_label("Only these:").check()
    window.get_by_label("Garage De Smet NV").uncheck()
    window.get_by_role("button", name="Allow").click()
    back = returned(window, standin)

    form = {"grant_type": "authorization_code", "code": back["code"][0]}
    said = standin.said()
    form |= {name: str(said[name]) for name in ("client_id", "client_secret", "redirect_uri")}
    httpx.post(f"{standin.base}/api/oauth2/token", data=form).raise_for_status()
    consents = httpx.get(f"{standin.admin_url}consents").json()

    assert back["state"] == ["s1"]
    assert [one["divisions"] for one in consents] == [[3400101, 3400123]]


def test_person_denies(window: Page, standin: StandIn) -> None:
    sign_in(window, standin)
    window.get_by_role("button", name="Deny").click()

    assert returned(window, standin) == {"error": ["access_denied"], "state": ["s1"]}


def test_pages_fit_a_narrow_screen_and_break_no_rule_of_their_own(
    window: Page, standin: StandIn
) -> None:
    complaints: list[str] = []
    window.on("console", lambda message: complaints.append(message.text))

    sign_in(window, standin)
    widths = [window.evaluate("document.documentElement.scrollWidth")]
    window.goto(standin.admin_url)
    widths.append(window.evaluate("document.documentElement.scrollWidth"))

    expect(window.get_by_role("heading", name="Arrived in Exact Online")).to_be_visible()
    assert (widths, complaints) == ([320, 320], [])

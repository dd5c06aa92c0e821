"""The path that matters most, in a real browser: in, find it, hold it, let it go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.names import ADMINISTRATOR, CLIENT_PERSON, HELD_NUMBER
from tests.db.web_passwords import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("site")
SIZES = [(1280, 800), (320, 640)]
# Contrast of every text with what lies behind it (WCAG 2.2, 1.4.3), told as the worst of the page.
_CONTRAST = """() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const found = numbers(getComputedStyle(one).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  let worst = [21, ""];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.getClientRects().length) continue;
    const [a, b] = [light(numbers(getComputedStyle(node).color)), light(behind(node))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < worst[0]) worst = [contrast, walker.currentNode.data.trim()];
  }
  return worst;
}"""


def sign_in(screen: Page, email: str = ADMINISTRATOR) -> None:
    screen.goto("/")
    screen.get_by_label("E-mail address").fill(email)
    screen.get_by_label("Password").fill(PASSWORD)
    screen.get_by_role("button", name="Sign in", exact=True).click()


def test_a_delivery_is_found_held_and_released(screen: Page) -> None:
    sign_in(screen)
    assert screen.get_by_role("heading", level=1).inner_text() == "3 deliveries need attention"
    screen.get_by_role("link", name=re.compile("^Deliveries")).click()
    screen.locator("tbody th", has_text=HELD_NUMBER).get_by_role("link").click()
    assert "Queued" in screen.locator(".page-head .state").first.inner_text()

    screen.get_by_role("button", name="Hold").click()
    assert screen.get_by_role("status").inner_text() == "It is on hold now."
    assert "On hold" in screen.locator(".page-head .state").first.inner_text()

    screen.get_by_role("button", name="Release").click()
    assert "Queued" in screen.locator(".page-head .state").first.inner_text()
    assert screen.get_by_role("status").inner_text() == "It is released and goes in its turn."


def test_a_client_finds_its_own_documents_alone(screen: Page) -> None:
    sign_in(screen, CLIENT_PERSON)
    screen.get_by_role("navigation", name="Main menu").get_by_role("link", name="Documents").click()

    assert screen.get_by_role("heading", level=1).inner_text() == "Documents"
    listed = screen.locator("tbody tr").all_inner_texts()
    assert len(listed) == 9
    assert [row for row in listed if "F/2026" in row] == []


def test_the_site_works_with_the_keyboard_alone(screen: Page) -> None:
    screen.goto("/")
    screen.keyboard.press("Tab")
    assert screen.evaluate("document.activeElement.textContent") == "Skip to the content"
    screen.keyboard.press("Tab")
    screen.keyboard.press("Tab")
    screen.keyboard.type(ADMINISTRATOR)
    screen.keyboard.press("Tab")
    screen.keyboard.type(PASSWORD)
    screen.keyboard.press("Enter")
    screen.wait_for_url("**/firms/**")

    outline = screen.evaluate(
        "() => { const link = document.querySelector('.menu a'); link.focus({focusVisible: true});"
        " return getComputedStyle(link).outlineWidth }"
    )
    assert outline == "3px"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
def test_no_page_overflows_complains_or_fades(
    chromium: Browser, site: str, scheme: str, size: tuple[int, int]
) -> None:
    width, height = size
    context = chromium.new_context(
        base_url=site,
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    screen = context.new_page()
    complaints: list[str] = []
    screen.on("console", lambda message: complaints.append(message.text))
    sign_in(screen)
    screen.goto("/")
    base = screen.url
    delivery = screen.get_by_role("link", name="1 delivery").first.get_attribute("href") or ""
    pages = [base, f"{base}documents/", delivery, "/accounts/2fa/", "/accounts/password/change/"]
    for page in pages:
        screen.goto(page)
        assert screen.evaluate("document.documentElement.scrollWidth") == width
        contrast, text = screen.evaluate(_CONTRAST)
        assert (round(contrast, 2) >= 4.5, text) == (True, text)
        small = screen.evaluate(
            "() => [...document.querySelectorAll('a.button, button, select, .menu a')]"
            ".filter((one) => one.checkVisibility())"
            ".filter((one) => one.getBoundingClientRect().height < 24)"
            ".map((one) => one.outerHTML)"
        )
        assert small == []
    context.close()

    assert complaints == []

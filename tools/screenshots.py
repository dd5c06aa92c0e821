"""Takes the pictures of README and docs from the demonstration's firm: `make screenshots`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.browser.names import OWNER
from tests.db.web_passwords import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1440, 900
THEMES = ("light", "dark")
_ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]
_STILL = "*, *::before, *::after { animation: none !important; transition: none !important; }"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One screen, taken in each theme; `opens` is followed to the page of one thing."""

    name: str
    path: str
    opens: str = ""


PICTURES = (
    Picture(name="overview", path=""),
    Picture(name="clients", path="clients/"),
    Picture(name="client", path="clients/{client}/"),
    Picture(name="documents", path="documents/"),
    Picture(name="document", path="documents/", opens="tbody th a"),
    Picture(name="packages", path="packages/add/email_delivery/"),
)


def main() -> int:
    """Take every picture; 1 where there is no Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        print("There is no Chromium here: install the package `chromium`.")
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with _lab() as where, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        for theme in THEMES:
            _take_all(browser, where, theme)
        browser.close()
    return 0


@contextmanager
def _lab() -> Iterator[Mapping[str, str]]:
    """Serve the firm with all of its clients and a month behind it; gives where."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.lab", "--month"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None  # noqa: S101  # it is a pipe
    with process.stdout:
        try:
            where = json.loads(process.stdout.readline())
            yield {**where, "client": next(iter(where["clients"].values()))}
        finally:
            process.terminate()
            process.wait(timeout=60)


def _take_all(browser: Browser, where: Mapping[str, str], theme: str) -> None:
    context = browser.new_context(
        base_url=where["site"],
        viewport={"width": WIDTH, "height": HEIGHT},
        color_scheme="dark" if theme == "dark" else "light",
        locale="en-GB",
        timezone_id="Europe/Brussels",
    )
    page = context.new_page()
    _sign_in(page)
    for picture in PICTURES:
        page.goto(f"/firms/{where['firm']}/{picture.path.format(client=where['client'])}")
        if picture.opens:
            page.locator(picture.opens).first.click()
        page.wait_for_load_state("networkidle")
        target = IMAGES / f"{picture.name}-{theme}.png"
        page.screenshot(path=target, style=_STILL, caret="hide")
        print(target.relative_to(ROOT))
    context.close()


def _sign_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("E-mail address").fill(OWNER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()


if __name__ == "__main__":
    sys.exit(main())

"""Lends a served site and a browser; without Chromium the tier skips with one line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("There is no Chromium here: install the package `chromium`.")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # its driver starts slowly

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Serve a filled site; gives its address."""
    from tests.database import fresh_database, server  # noqa: PLC0415  # starts a server

    with fresh_database("browser") as database:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.site"],
            cwd=ROOT,
            env=database.variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        with process.stdout:
            address = process.stdout.readline().strip()
            assert address, "The site did not start."
            try:
                yield address
            finally:
                process.kill()
                process.wait()
    server().close()


@pytest.fixture
def screen(chromium: Browser, site: str) -> Iterator[Page]:
    """Open an empty window of a desk's size."""
    context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()

"""Lends a served site and a browser; without Chromium the tier skips with one line."""

from __future__ import annotations

import os
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
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.site"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        address = process.stdout.readline().strip()
        assert address, "The site did not start: run `python -m tests.browser.site` to see why."
        try:
            yield address
        finally:
            process.terminate()
            process.wait(timeout=60)


@pytest.fixture
def screen(chromium: Browser, site: str) -> Iterator[Page]:
    """Open an empty window of a desk's size."""
    context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()

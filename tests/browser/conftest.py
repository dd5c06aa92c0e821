"""Lends a served site and a browser; without Chromium the tier skips with one line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.administrations import Administrations
from tests.browser.mailboxes import Mailboxes
from tests.browser.watching import Watch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Cookie, Page

expect.set_options(timeout=20_000)  # a sign-in alone takes seconds on a host that is busy
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """A firm with a worker and mailboxes: its site, its id, its clients by dossier number.

    `sessions` keeps the cookies of those who signed in, by their address.
    """

    site: str
    firm: str
    clients: dict[str, str]
    mailboxes: Mailboxes
    exact: str  # where the stand-in for Exact Online is
    administrations: Administrations
    sessions: dict[str, list[Cookie]] = field(default_factory=dict)

    @property
    def space(self) -> str:
        """The path of the firm's Partner Space."""
        return f"/firms/{self.firm}/"


@contextmanager
def _serving(module: str) -> Iterator[str]:
    """Run a module that serves; gives the line it prints once it does."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-m", module],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdout is not None
        with process.stdout:
            line = process.stdout.readline().strip()
            try:
                assert line, _last_words(module, errors)
                yield line
            finally:
                process.terminate()
                process.wait(timeout=60)


def _last_words(module: str, errors: IO[bytes]) -> str:
    errors.seek(0)
    said = errors.read().decode("utf-8", "replace")[-2000:]
    return f"{module} did not start:\n{said}"


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Serve a filled site; gives its address."""
    with _serving("tests.browser.site") as address:
        yield address


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """Serve a small real firm whose deliveries arrive in mailboxes."""
    with _serving("tests.browser.lab") as line:
        where = json.loads(line)
        yield Lab(
            site=where["site"],
            firm=where["firm"],
            clients=where["clients"],
            mailboxes=Mailboxes(url=where["mailboxes"]),
            exact=where["exact"],
            administrations=Administrations(url=where["administrations"]),
        )


@pytest.fixture
def screen(chromium: Browser, site: str) -> Iterator[Page]:
    """Open an empty window of a desk's size."""
    context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


@contextmanager
def _window(chromium: Browser, lab: Lab) -> Iterator[Page]:
    context = chromium.new_context(base_url=lab.site, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    watch = Watch(page, others=[lab.exact])
    yield page
    context.close()
    watch.assert_clean()


@pytest.fixture
def desk(chromium: Browser, lab: Lab) -> Iterator[Page]:
    """Open a window on the lab; afterwards nothing may have failed or gone to another host."""
    with _window(chromium, lab) as page:
        yield page


@pytest.fixture
def other_desk(chromium: Browser, lab: Lab) -> Iterator[Page]:
    """Open a window of somebody else, who knows nothing of the first."""
    with _window(chromium, lab) as page:
        yield page

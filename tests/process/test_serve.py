from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.installation import (
    Installation,
    await_that,
    child,
    installation,
    kill,
    processes_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.xdist_group("serve"),
    pytest.mark.timeout(240),
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc"),
]


@pytest.fixture(scope="module")
def served() -> Iterator[Installation]:
    """Lend an installation whose database is up to date."""
    with installation() as lent:
        assert lent.run("firm", "create", "Kantoor").code == 0
        yield lent


def serve(where: Installation) -> subprocess.Popen[str]:
    command = where.start("serve", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    where.await_site()
    await_that(lambda: child(where, "worker") is not None)
    return command


def end(command: subprocess.Popen[str]) -> tuple[int, float, str]:
    """Give exit code, seconds and what was written."""
    started = time.monotonic()
    command.send_signal(signal.SIGTERM)
    _, written = command.communicate(timeout=60)
    return command.returncode, time.monotonic() - started, written


def test_serve_shows_the_site_with_its_style_and_ends_in_order(served: Installation) -> None:
    command = serve(served)

    status, page = served.get("/accounts/login/")
    style = re.search(rb'href="(/static/[^"]+\.css)"', page)
    assert (status, style is None) == (200, False)
    sheet = served.get(style.group(1).decode()) if style else (0, b"")
    missing = served.get("/static/nothing.css")
    second = served.run("serve")
    code, seconds, written = end(command)

    assert (sheet[0], b"{" in sheet[1], missing[0]) == (200, True, 404)
    assert second.code == 5
    assert f"posthorn serve (pid {command.pid})" in second.err
    assert (code, seconds < 30) == (0, True), written
    assert processes_of(served) == {}


def test_a_dead_worker_and_a_dead_site_are_started_again(served: Installation) -> None:
    command = serve(served)
    worker, web = child(served, "worker"), child(served, "web")

    kill(worker)
    await_that(lambda: child(served, "worker") not in {None, worker})
    kill(web)
    await_that(lambda: child(served, "web") not in {None, web})
    served.await_site()

    code, _, written = end(command)
    assert code == 0
    assert written.count("it starts again in 1 s") == 2
    assert processes_of(served) == {}


def test_nothing_outlives_a_killed_serve(served: Installation) -> None:
    command = serve(served)

    kill(command.pid)
    command.communicate(timeout=60)

    await_that(lambda: processes_of(served) == {}, seconds=30)


def test_ctrl_c_ends_serve_in_order(served: Installation) -> None:
    command = serve(served)

    os.kill(command.pid, signal.SIGINT)
    command.communicate(timeout=60)

    assert command.returncode == 0
    assert processes_of(served) == {}


def test_serve_ends_after_the_seconds_it_was_given(served: Installation) -> None:
    ran = served.run("serve", "--seconds", "2")

    assert ran.code == 0
    assert processes_of(served) == {}

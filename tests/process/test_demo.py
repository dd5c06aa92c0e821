from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import pytest

from posthorn.postgres import Cluster
from tests.installation import Installation, await_that, processes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(300)]
ADDRESS = re.compile(r"^The site: +(\S+)$", re.MULTILINE)
EXACT = re.compile(r"^Exact Online: +(\S+) \(a stand-in", re.MULTILINE)
LOGIN = re.compile(r"^Log in with: +(\S+) +password: (\S+)$", re.MULTILINE)


@pytest.fixture
def place() -> Iterator[Installation]:
    """Lend a folder for a demonstration."""
    folder = Path(tempfile.mkdtemp(prefix="posthorn-demo-"))
    folder.chmod(0o755)  # as root the database's own account passes through
    lent = Installation(data=folder / "demo", port=0)
    try:
        yield lent
    finally:
        if (lent.data / "postgres").exists():
            Cluster(lent.data).discard()
        shutil.rmtree(folder, ignore_errors=True)


def test_sixty_documents_are_where_they_belong(place: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        # Settings of the person who runs it count for nothing.
        place.settings = {"DATA": "/dev/null/never", "SENDERS": "nonsense"}
        ran = place.run(
            "demo", "--exit", "--json", f"--folder={place.data}", f"--listen=127.0.0.1:{port}"
        )

    assert ran.code == 0, ran.err
    result = ran.object
    assert (result["documents"], result["problems"]) == (60, [])
    assert sum(one["mails"] for one in result["mailboxes"]) == 43
    assert {one["client"]: one["documents"] for one in result["administrations"]} == {
        "2026-0107 Schreinerei Eupener Tal GmbH": 3,
        "2026-0201 Kaashandel Noorderlicht B.V.": 7,
    }
    assert sorted(one["state"] for one in result["not_arrived"]) == [
        "bounced",
        "duplicate",
        "duplicate",
        "held",
        "refused",
        "to approve",
        "to approve",
        "unassigned",
    ]
    assert result["seconds"] < 120
    assert f"Port {port} is taken" in ran.err
    assert "Checked: all 60 documents are where they belong" in ran.err


def test_the_demo_is_served_until_it_is_stopped_and_made_anew(place: Installation) -> None:
    written = place.data.parent / "out"
    with written.open("w") as out:
        command = place.start("demo", f"--folder={place.data}", stdout=out, stderr=out)
    try:
        await_that(lambda: "Stop with Ctrl-C" in written.read_text() or command.poll() is not None)
        text = written.read_text()
        address, login = ADDRESS.search(text), LOGIN.search(text)
        assert address is not None, text
        assert login is not None
        page = signed_in(address.group(1), *login.groups())
        exact = EXACT.search(text)
        assert exact is not None, text
        apps, users, documents = (
            listed(f"{exact.group(1)}{kind}") for kind in ("apps", "users", "documents")
        )
        second = place.run("demo", f"--folder={place.data}")
    finally:
        command.send_signal(signal.SIGINT)
        command.wait(110)

    assert "stand-in" in text
    assert "Lindekade Accountants bv" in page
    assert apps[-1]["redirect_uris"] == [f"{address.group(1)}signing-in/"]
    assert (users[-1]["name"], len(users[-1]["divisions"])) == ("lindekade", 12)
    assert sorted(Counter(one["division"] for one in documents).values()) == [3, 7]
    assert (command.returncode, second.code) == (0, 5)
    assert f"posthorn demo (pid {command.pid})" in second.err
    if sys.platform == "linux":
        assert processes_of(place) == {}


def listed(address: str) -> Any:  # noqa: ANN401  # JSON
    """Read JSON."""
    with urlopen(address, timeout=10) as answer:  # noqa: S310  # loopback
        return json.load(answer)


def signed_in(address: str, email: str, password: str) -> str:
    """Log in as a person's browser does; gives the first page."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    form = browser.open(f"{address}accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token is not None
    fields = {"csrfmiddlewaretoken": token.group(1), "login": email, "password": password}
    page: str = (
        browser.open(f"{address}accounts/login/", urlencode(fields).encode()).read().decode()
    )
    return page


def test_a_folder_that_no_demo_made_is_left_alone(place: Installation) -> None:
    place.data.mkdir()
    (place.data / "precious").write_text("keep me")

    ran = place.run("demo", "--exit", f"--folder={place.data}")

    assert (ran.code, ran.out) == (5, "")
    assert "--folder" in ran.err
    assert [one.name for one in place.data.iterdir()] == ["precious"]


def test_the_sandboxs_mail_server_runs_and_ends_with_its_command(place: Installation) -> None:
    command = place.start("sandbox", "mail", stdout=subprocess.PIPE)
    assert command.stdout is not None
    line = command.stdout.readline()
    command.send_signal(signal.SIGTERM)
    command.communicate(timeout=30)

    assert line.startswith('{"smtp": ["127.0.0.1", ')
    assert command.returncode == 0

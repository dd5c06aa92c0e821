"""Follows the guide for running one's own Posthorn, command by command, as its reader would."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from posthorn.postgres import Cluster
from tests.database import fill

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
POSTHORN = str(Path(sys.executable).parent / "posthorn")
GUIDE = (ROOT / "docs/how-to/self-host.md").read_text("utf-8")
SAMPLE = ROOT / "src/posthorn/sdk/testing/samples/invoice.xml"


def commands_under(heading: str) -> list[list[str]]:
    """Give the posthorn commands of a section's code blocks, each as its words."""
    section = GUIDE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL)).splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith("posthorn ")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(environment: dict[str, str], *words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603  # our own program
        [POSTHORN, *words], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def run(environment: dict[str, str], *words: str, typed: str = "") -> str:
    ended = subprocess.run(  # noqa: S603  # our own program
        [POSTHORN, *words],
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, (words, ended.stdout, ended.stderr)
    return ended.stdout


def rows(environment: dict[str, str], *words: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(environment, *words, "--json").splitlines()]


def wait_for(environment: dict[str, str], words: list[str], wanted: dict[str, object]) -> str:
    """Wait until a list has one row with these values; gives its id."""
    found: list[dict[str, object]] = []
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = rows(environment, *words)
        if len(found) == 1 and wanted.items() <= found[0].items():
            return str(found[0]["id"])
        time.sleep(0.5)
    pytest.fail(f"{words} shows {found}, not {wanted}")


def wait_until_served(environment: dict[str, str]) -> None:
    host, port = environment["POSTHORN_LISTEN"].split(":")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.2)
    pytest.fail("the site did not start within a minute")


def wait_until_well(environment: dict[str, str], *words: str) -> None:
    """Wait until the worker that was just started is seen, and nothing else is wrong."""
    unwell: list[object] = ["not looked yet"]
    end = time.monotonic() + 60
    while unwell and time.monotonic() < end:
        ended = subprocess.run(  # noqa: S603  # our own program
            [POSTHORN, *words, "--json"], env=environment, capture_output=True, check=False
        )
        found = [json.loads(line) for line in ended.stdout.splitlines()]
        unwell = [one["found"] for one in found if not one["is_well"]]
    assert (unwell, ended.returncode) == ([], 0)


@pytest.fixture
def place() -> Iterator[Path]:
    """Lend a folder that the database's own account can reach when root runs the tests."""
    with tempfile.TemporaryDirectory(prefix="posthorn-guide-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
def environment(place: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("POSTHORN_")}
    return {
        **kept,
        "POSTHORN_DATA": str(place / "data"),
        "POSTHORN_LISTEN": f"127.0.0.1:{free_port()}",
        "POSTHORN_MAIL_FROM": "documents@kantoor.example",
    }


def test_reader_of_the_guide_gets_a_document_delivered(
    environment: dict[str, str], place: Path
) -> None:
    invoices = place / "invoices"
    invoices.mkdir()
    shutil.copy(SAMPLE, invoices)
    of_client = ("--client", "2026-001", "--direction", "purchase")

    with running(environment, "sandbox", "mail") as mail:
        assert mail.stdout is not None
        host, port = json.loads(mail.stdout.readline())["smtp"]
        environment["POSTHORN_MAIL_RELAY"] = f"smtp://{host}:{port}?tls=none"
        with running(environment, *commands_under("Start")[0]):
            *added, looked = commands_under("Add your firm")
            wait_until_served(environment)
            for words in added:
                run(environment, *words, typed="a long pass phrase\n")
            wait_until_well(environment, *looked)
            imported, listed, approved, delivered = commands_under("Send a document")
            run(environment, *imported[:-1], str(invoices), *of_client)
            document = wait_for(environment, listed, {"state": "to_approve"})
            run(environment, *approved[:-1], document)
            wait_for(environment, delivered, {"state": "accepted"})


def test_copy_of_the_data_folder_sends_only_after_its_release(
    environment: dict[str, str], place: Path
) -> None:
    with Cluster(place / "data").attach() as attachment:
        fill(attachment.login("admin"))  # the other test starts without a database
    assert rows(environment, "instance", "status")[0]["may_send"] is True
    copy = environment | {"POSTHORN_DATA": str(place / "copy")}
    subprocess.run(  # noqa: S603  # a copy as the guide tells, owners included
        ["/bin/cp", "-a", environment["POSTHORN_DATA"], copy["POSTHORN_DATA"]], check=True
    )

    assert rows(copy, "instance", "status")[0]["may_send"] is False
    assert rows(copy, *commands_under("Keep a copy")[0], "--yes")[0]["may_send"] is True

"""The stand-in for Exact Online as a process of its own, and what its file keeps."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from posthorn_sandbox.exact import StandIn, StandInSettings, Switches
from posthorn_sandbox.mail import NotLoopbackError, SandboxError
from tests.process.exact_desk import ATTACHMENTS, DOCUMENTS, TRUST, Desk, desk

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def running(*command: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Start a module and yield the process with what its first line says."""
    process = subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-m", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    with process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """End a process by SIGTERM; return its code and what else it wrote."""
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=10)
    return process.returncode, output, errors


@contextmanager
def visiting(said: dict[str, Any]) -> Iterator[Desk]:
    """Lend a desk at a stand-in that runs elsewhere."""
    with (
        httpx.Client(base_url=said["base"], verify=TRUST) as site,
        httpx.Client(base_url=said["admin"], verify=TRUST) as admin,
    ):
        yield Desk(standin=StandIn(), site=site, admin=admin, said=said)


def test_process_says_where_it_is_and_ends_cleanly() -> None:
    with running("posthorn_sandbox.exact", "--auto-consent") as (process, said):
        with visiting(said) as site:
            site.sign_in()
            assert site.document()["HID"] == 1
        assert said["redirect_uri"] == "https://posthorn.example/signing-in/"
        assert [one["name"] for one in said["users"]] == ["an.maes", "luc.dubois", "els.peeters"]
        assert said["divisions"][1] == {
            "code": 3400123,
            "hid": 7,
            "description": "Bakkerij Janssens BV",
            "vat_number": "BE0123456749",
        }
        assert (said["ca"], ended(process)) == (None, (0, "", ""))


def test_command_of_posthorn_hands_its_options_on(tmp_path: Path) -> None:
    near = "http://127.0.0.1:9/signing-in/"
    options = ["--auto-consent", "--loopback-redirects", "--redirect-uri", near]
    options += ["--tls", "--file", str(tmp_path / "state")]

    with running("posthorn", "sandbox", "exact", *options) as (process, said):
        trust = ssl.create_default_context(cafile=said["ca"])
        asked = {"client_id": said["client_id"], "redirect_uri": near, "response_type": "code"}
        answer = httpx.get(f"{said['base']}/api/oauth2/auth", params=asked, verify=trust)
        assert said["base"].startswith("https://127.0.0.1:")
        assert said["redirect_uri"] == near
        assert answer.headers["location"].startswith(near + "?code=")
        assert ended(process) == (0, "", "")
    assert (tmp_path / "state").exists()


def test_process_ends_when_its_seconds_are_over() -> None:
    with running("posthorn_sandbox.exact", "--seconds", "0.1") as (process, _):
        assert process.wait(timeout=10) == 0


def test_killed_process_has_in_its_file_what_it_answered_for(tmp_path: Path) -> None:
    file = tmp_path / "exact"
    with running("posthorn_sandbox.exact", "--auto-consent", "--file", str(file)) as (
        process,
        said,
    ):
        with visiting(said) as site:
            site.tell("POST", "/clock", {"advance_s": 86_400})
            site.switch(minute_limit=100)
            pair = site.sign_in()
            made = site.document("Kept")
            site.attach(made["ID"], b"kept bytes")
            left = site.get(DOCUMENTS).headers["X-RateLimit-Remaining"]
        process.kill()
        process.wait(timeout=10)

    settings = StandInSettings(file=file, switches=Switches(auto_consent=True))
    with StandIn(settings) as again, visiting(again.said()) as site:
        site.token = pair["access_token"]
        found = site.results(DOCUMENTS)
        files = site.results(ATTACHMENTS)
        used = site.get(DOCUMENTS).headers["X-RateLimit-Remaining"]
        content = site.call("GET", files[0]["Url"].replace(said["base"], again.base))
        site.advance(571)

        assert [(one["Subject"], one["HID"]) for one in found] == [("Kept", 1)]
        assert content.content == b"kept bytes"
        assert int(used) == int(left) - 3
        assert site.ask("/switches")["minute_limit"] == 100
        assert site.refresh(pair["refresh_token"]).status_code == 200
        assert site.document("Next")["HID"] == 2


def test_file_of_a_running_stand_in_is_refused_with_one_line(tmp_path: Path) -> None:
    file = tmp_path / "exact"
    with StandIn(StandInSettings(file=file)), pytest.raises(SandboxError, match="Cannot keep the"):
        StandIn(StandInSettings(file=file)).start()


def test_state_in_memory_is_gone_after_a_restart() -> None:
    with desk() as site:
        site.sign_in()
        site.document()
    with desk() as site:
        assert site.ask("/documents") == []


def test_taken_port_is_one_line_and_code_1() -> None:
    with StandIn() as standin:
        port = standin.base.rpartition(":")[2]
        finished = subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-m", "posthorn_sandbox.exact", "--port", port],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )

    assert (finished.returncode, finished.stdout, finished.stderr) == (
        1,
        "",
        f"Port {port} on 127.0.0.1 is taken; choose another one, or 0 for any.\n",
    )


def test_address_that_is_not_loopback_is_refused() -> None:
    with pytest.raises(NotLoopbackError):
        StandIn(StandInSettings(host="0.0.0.0"))  # noqa: S104  that is what is refused


def test_https_is_verified_with_the_authority_it_names() -> None:
    with StandIn(StandInSettings(is_tls=True)) as standin:
        trust = ssl.create_default_context(cafile=standin.ca_path)

        answer = httpx.get(f"{standin.base}/api/v1/current/Me", verify=trust)

        assert answer.status_code == 401
        with pytest.raises(httpx.ConnectError):
            httpx.get(standin.base, verify=ssl.create_default_context())


def test_closing_twice_is_harmless_and_frees_the_port() -> None:
    standin = StandIn().start()
    port = int(standin.base.rpartition(":")[2])
    standin.close()
    standin.close()

    with StandIn(StandInSettings(port=port)) as again:
        assert again.base.endswith(f":{port}")

"""The receiver and the sink as processes of their own."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from posthorn_sandbox.mail import Receiver, ReceiverSettings, Tls, serve
from posthorn_sandbox.mail.__main__ import main

ROOT = Path(__file__).parent.parent.parent
SENDER = "firm@posthorn.example"
BOX = "in@package.example"


@contextmanager
def running(module: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Start a module and yield the process with what its first line says."""
    process = subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-m", module, *arguments],
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


def send(where: dict[str, Any], content: bytes = b"Subject: x\r\n\r\nhello\r\n") -> None:
    """Send one mail to a process."""
    host, port = where["smtp"]
    with smtplib.SMTP(host, port, timeout=10) as client:
        client.sendmail(SENDER, [BOX], content)


def test_process_says_where_it_is_takes_mail_and_ends_cleanly() -> None:
    with running("posthorn_sandbox.mail") as (process, where):
        send(where)
        with urllib.request.urlopen(where["admin"] + "messages/1") as reply:  # noqa: S310  ours
            content = reply.read()

        assert sorted(where) == ["admin", "ca", "smtp"]
        assert where["ca"] is None
        assert content == b"Subject: x\r\n\r\nhello\r\n"
        assert ended(process) == (0, "", "")


def test_killed_process_has_on_disk_what_it_answered_for(tmp_path: Path) -> None:
    arguments = ("--folder", str(tmp_path))
    with running("posthorn_sandbox.mail", *arguments) as (process, where):
        send(where)
        process.kill()
        process.wait(timeout=10)

    with Receiver(ReceiverSettings(folder=tmp_path)) as again:
        assert [one.recipients for one in again.messages()] == [(BOX,)]
        assert again.content(1) == b"Subject: x\r\n\r\nhello\r\n"


def test_process_offers_tls_and_login(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("s3cret\n")
    arguments = ("--tls", "starttls", "--auth", f"relay:{password}", "--folder", str(tmp_path))
    with running("posthorn_sandbox.mail", *arguments) as (process, where):
        assert where["ca"] == str(tmp_path / "tls" / "ca.pem")
        with smtplib.SMTP("localhost", where["smtp"][1], timeout=10) as client:
            client.starttls()
            assert client.login("relay", "s3cret")[0] == 235
        assert ended(process) == (0, "", "")


def test_process_ends_when_its_seconds_are_over() -> None:
    with running("posthorn_sandbox.mail", "--seconds", "0.1") as (process, _):
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize("module", ["posthorn_sandbox.mail", "posthorn_sandbox.mail.sink"])
def test_taken_port_is_one_line_and_code_1(module: str) -> None:
    with Receiver() as receiver:
        port = receiver.smtp[1]
        ended_at_once = subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-m", module, "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )

    assert (ended_at_once.returncode, ended_at_once.stdout, ended_at_once.stderr) == (
        1,
        "",
        f"Port {port} on 127.0.0.1 is taken; choose another one, or 0 for any.\n",
    )


def test_other_address_is_one_line_and_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", "192.0.2.1"]) == 1

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        "The sandbox listens on this machine only: use 127.0.0.1 or ::1, not 192.0.2.1.\n"
    )


def test_missing_password_file_is_one_line_and_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--auth", "relay:/nowhere/at-all"]) == 1

    assert capsys.readouterr().err == (
        "--auth: [Errno 2] No such file or directory: '/nowhere/at-all'\n"
    )


def test_folder_that_cannot_be_made_is_one_line_and_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    assert main(["--folder", str(tmp_path / "file" / "mail")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_serving_within_a_program_returns_when_the_time_is_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    start = time.monotonic()

    assert serve(ReceiverSettings(tls=Tls.IMPLICIT), seconds=0.1) == 0

    assert time.monotonic() - start < 5
    assert sorted(json.loads(capsys.readouterr().out)) == ["admin", "ca", "smtp"]
    assert signal.getsignal(signal.SIGTERM) is before


def test_sink_process_counts_and_ends_cleanly() -> None:
    arguments = ("--port", "0", "--delay-ms", "20", "--keeps", "digests")
    with running("posthorn_sandbox.mail.sink", *arguments) as (process, where):
        send(where)
        with urllib.request.urlopen(where["control"]) as reply:  # noqa: S310  ours
            counts = json.load(reply)

        assert sorted(where) == ["control", "smtp"]
        assert (counts["messages"], counts["bytes"], counts["connections"]) == (1, 21, 1)
        assert ended(process) == (0, "", "")

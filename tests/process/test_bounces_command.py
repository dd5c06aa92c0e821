"""`posthorn bounces listen` as a process: it takes in, ends on a signal, and says what it lacks."""

from __future__ import annotations

import os
import signal
import smtplib
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.installation import Installation, await_that, free_port, installation

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.xdist_group("bounces-command")

DOMAIN = "bounces.kantoor.example"


@pytest.fixture(scope="module")
def place() -> Iterator[Installation]:
    port = free_port()
    settings = {"BOUNCE_LISTEN": f"lmtp://127.0.0.1:{port}", "BOUNCE_DOMAIN": DOMAIN}
    with installation(**settings) as lent:
        yield lent


def port_of(place: Installation) -> int:
    return int(place.settings["BOUNCE_LISTEN"].rpartition(":")[2])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def bring(port: int) -> None:
    with smtplib.LMTP("127.0.0.1", port) as line:
        line.sendmail("<>", f"bounces@{DOMAIN}", "From: an@x.example\r\n\r\nHello.\r\n")


def test_it_takes_in_until_it_is_told_to_end(place: Installation) -> None:
    with place.start("bounces", "listen", stderr=subprocess.PIPE) as process:
        try:
            await_that(lambda: answers(port_of(place)))
            bring(port_of(place))
            listed = "unmatched"
            await_that(lambda: listed in place.run("bounces", "list", "--json").out, 30)
        finally:
            os.kill(process.pid, signal.SIGTERM)
        assert process.wait(20) == 0


def test_serving_the_site_takes_bounces_in_as_well(place: Installation) -> None:
    with place.start("serve", stderr=subprocess.DEVNULL) as process:
        try:
            await_that(lambda: answers(port_of(place)))
            bring(port_of(place))
        finally:
            os.kill(process.pid, signal.SIGTERM)
        assert process.wait(60) == 0
    assert not answers(port_of(place))


def test_without_a_setting_it_says_which(place: Installation) -> None:
    bare = Installation(data=place.data, port=place.port)

    ran = bare.run("bounces", "listen")

    assert ran.code == 1
    assert "Set POSTHORN_BOUNCE_LISTEN or POSTHORN_BOUNCE_MAILBOX first." in ran.err
    assert "Traceback" not in ran.err


def test_a_port_that_is_taken_is_named_without_a_trace(place: Installation) -> None:
    with socket.create_server(("127.0.0.1", port_of(place))):
        ran = place.run("bounces", "listen")

    assert ran.code == 1
    assert "Traceback" not in ran.err

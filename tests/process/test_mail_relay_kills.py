"""A process killed at each point of a mail conversation: what the relay holds afterwards."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from posthorn_sandbox.mail import Receiver
from tests.process.mail_relay import MESSAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROGRAM = """
import sys
from posthorn.connections.mail import RelayMailer, Switchboard
from posthorn.kernel import crash
from tests.process.mail_relay import MESSAGE, RECIPIENT, SENDER, TERMS, endpoint

point, host, port = sys.argv[1:]
mailer = RelayMailer(
    switchboard=Switchboard(TERMS), endpoint=endpoint((host, int(port))), sender=SENDER
)
crash.arm(point)
mailer.send(MESSAGE, sender=SENDER, recipient=RECIPIENT)
"""


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as started:
        yield started


@pytest.mark.parametrize(
    ("point", "stored"),
    [
        ("after_connect", 0),
        ("after_mail_from", 0),
        ("mid_data", 0),
        ("before_final_dot", 0),
        ("after_final_dot", 1),
        ("after_reply", 1),
    ],
)
def test_the_final_dot_alone_makes_a_message(receiver: Receiver, point: str, stored: int) -> None:
    receiver.clear_messages()
    host, port = receiver.smtp

    died = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", _PROGRAM, point, host, str(port)],
        env={"PYTHONPATH": "src:."},
        check=False,
        timeout=30,
    )

    assert died.returncode == -signal.SIGKILL
    contents = [receiver.content(one.number) for one in receiver.wait_for(stored)]
    assert contents == [MESSAGE] * stored

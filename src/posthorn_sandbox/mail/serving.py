"""Runs a receiver as a process: one line of JSON, then mail until told to stop."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from posthorn_sandbox.mail.receiver import Receiver
from posthorn_sandbox.mail.settings import ReceiverSettings, SandboxError


def serve(settings: ReceiverSettings, *, seconds: float | None = None) -> int:
    """Receive mail until SIGTERM, SIGINT or the time is up; return the process's exit code.

    The first line on stdout is `{"smtp": [host, port], "admin": url, "ca": path or null}`; a
    problem that stops the start is one line on stderr and code 1.
    """
    # The library logs a failed handshake with its trace, and that a login was used.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    stop = threading.Event()
    with stopping_on_signals(stop):
        try:
            with Receiver(settings) as receiver:
                announce(
                    {
                        "smtp": list(receiver.smtp),
                        "admin": receiver.admin_url,
                        "ca": str(receiver.ca_path) if receiver.ca_path else None,
                    }
                )
                stop.wait(seconds)
        except (SandboxError, OSError) as problem:
            sys.stderr.write(f"{problem}\n")
            return 1
    return 0


def announce(where: dict[str, object]) -> None:
    """Write the one line a parent process reads."""
    sys.stdout.write(json.dumps(where) + "\n")
    sys.stdout.flush()


@contextmanager
def stopping_on_signals(stop: threading.Event) -> Iterator[None]:
    """Set the event on SIGTERM and SIGINT while inside, where this is the main thread."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

"""Runs a stand-in as a process: one line of JSON, then Exact Online until told to stop."""

from __future__ import annotations

import sys
import threading

from posthorn_sandbox.exact.settings import StandInSettings
from posthorn_sandbox.exact.standin import StandIn
from posthorn_sandbox.mail.serving import announce, stopping_on_signals
from posthorn_sandbox.mail.settings import SandboxError


def serve(settings: StandInSettings, *, seconds: float | None = None) -> int:
    """Imitate Exact Online until SIGTERM, SIGINT or the time is up; return the exit code.

    The first line on stdout is one JSON object: `base`, `admin`, `client_id`, `client_secret`,
    `redirect_uri`, `users`, `divisions`, `ca`. What stops the start is one line on stderr, code 1.
    """
    stop = threading.Event()
    with stopping_on_signals(stop):
        try:
            with StandIn(settings) as standin:
                announce(standin.said())
                stop.wait(seconds)
        except (SandboxError, OSError) as problem:
            sys.stderr.write(f"{problem}\n")
            return 1
    return 0

"""Clients that others wrote for the real Exact Online, unchanged on the stand-in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from posthorn_sandbox.exact import StandIn, StandInSettings, Switches

HERE = Path(__file__).parent
# More calls in a minute than the real one takes, so that nobody has to wait for its end.
SWITCHES = Switches(auto_consent=True, auto_consent_user="els.peeters", minute_limit=200)


def told_by(program: str, standin: StandIn) -> dict[str, Any]:
    """Run a program on a stand-in and read what it printed."""
    said = standin.said()
    trust = {"SSL_CERT_FILE": str(said["ca"])} if said["ca"] else {}
    finished = subprocess.run(  # noqa: S603  a program of ours
        [sys.executable, str(HERE / program), json.dumps(said)],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env={**os.environ, **trust},
    )
    assert finished.returncode == 0, finished.stderr
    told: dict[str, Any] = json.loads(finished.stdout)
    return told


def test_library_exactonline_signs_in_files_a_document_and_reads_it_back() -> None:
    with StandIn(StandInSettings(is_tls=True, switches=SWITCHES)) as standin:
        told = told_by("peer_ossobv.py", standin)

    assert told == {
        "choices": {
            "3400101": "Kantoor Maes BV",
            "3400123": "Bakkerij Janssens BV",
            "3400124": "Garage De Smet NV",
        },
        "current": 3400101,
        "document": 1,
        "attached": 10,
        "found": [["a.xml", 10]],
        "changed": ["Changed"],
        "relations": 70,
    }


def test_library_exact_online_sdk_signs_in_files_a_document_and_reads_it_back() -> None:
    with StandIn(StandInSettings(switches=SWITCHES)) as standin:
        told = told_by("peer_sdk.py", standin)

    assert told == {
        "state": ["state-1"],
        "token_type": "bearer",
        "me": [["els.peeters", 3400101]],
        "divisions": [
            [3400101, "Kantoor Maes BV", "BE0123450118"],
            [3400123, "Bakkerij Janssens BV", "BE0123456749"],
            [3400124, "Garage De Smet NV", "BE0123457145"],
        ],
        "attached": [told["document"], "a.xml", 10.0],
        "document": told["document"],
        "found": [[told["document"], 1]],
        "bytes": "<Invoice/>",
        "pages": [60, 5],
        "left": 0,
    }

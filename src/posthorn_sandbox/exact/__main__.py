"""`python -m posthorn_sandbox.exact`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from posthorn_sandbox.exact.serving import serve
from posthorn_sandbox.exact.settings import StandInSettings
from posthorn_sandbox.exact.switches import Switches


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and serve."""
    given = _parser().parse_args(arguments)
    settings = StandInSettings(
        host=given.host,
        port=given.port,
        admin_port=given.admin_port,
        is_tls=given.tls,
        file=given.file,
        redirect_uris=tuple(given.redirect_uri),
        switches=Switches(
            auto_consent=given.auto_consent, loopback_redirects=given.loopback_redirects
        ),
    )
    return serve(settings, seconds=given.seconds)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m posthorn_sandbox.exact",
        description="A stand-in for Exact Online on this machine. Its first line on standard "
        "output is JSON: where it is, its app, users and administrations.",
        epilog="The admin address takes JSON over HTTP: /clock, /switches, /faults, /journal, "
        "/totals, /limits, /documents, /messages, /rows/…, /users, /divisions, /licences, /apps, "
        "/consents, /reset. See docs/reference/sandbox-exact.md.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="loopback address to listen on")
    add("--port", type=int, default=0, help="port of Exact Online; 0 is any free one")
    add("--admin-port", type=int, default=0, help="port of the admin surface; 0 is any free one")
    add("--tls", action="store_true", help="serve https, with a throw-away authority")
    add("--auto-consent", action="store_true", help="agree at once, as the user login_hint names")
    add("--loopback-redirects", action="store_true", help="let an app go back to this machine")
    add("--redirect-uri", action="append", default=[], help="register this one; may come again")
    add("--file", type=Path, help="keep the state here, not in memory")
    add("--seconds", type=float, help="stop after this long")
    return parser


if __name__ == "__main__":
    sys.exit(main())

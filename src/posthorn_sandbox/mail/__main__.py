"""`python -m posthorn_sandbox.mail`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from posthorn_sandbox.mail.serving import serve
from posthorn_sandbox.mail.settings import Login, ReceiverSettings, Tls


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and serve."""
    given = _parser().parse_args(arguments)
    try:
        login = read_login(given.auth) if given.auth else None
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"--auth: {problem}\n")
        return 1
    settings = ReceiverSettings(
        host=given.host,
        port=given.port,
        admin_port=given.admin_port,
        folder=given.folder,
        tls=Tls(given.tls),
        login=login,
    )
    return serve(settings, seconds=given.seconds)


def read_login(text: str) -> Login:
    """Read USER:PASSWORDFILE. Raises ValueError for another shape and OSError for the file."""
    user, _, file_name = text.partition(":")
    if not user or not file_name:
        raise ValueError("give USER:PASSWORDFILE, where the file's first line is the password")
    password = Path(file_name).read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    return Login(user=user, password=password)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m posthorn_sandbox.mail",
        description="A mail server on this machine that keeps what arrives and shows it.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on")
    parser.add_argument("--port", type=int, default=0, help="SMTP port; 0 is any free one")
    parser.add_argument("--admin-port", type=int, default=0, help="web port; 0 is any free one")
    parser.add_argument("--folder", type=Path, help="keep messages here, not in memory")
    parser.add_argument("--tls", choices=list(Tls), default=Tls.NONE, help="how clients get TLS")
    parser.add_argument("--auth", metavar="USER:PASSWORDFILE", help="clients must log in")
    parser.add_argument("--seconds", type=float, help="stop after this long")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""`demo`: the whole way of sixty documents, on this machine alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posthorn.cli.command import plain
from posthorn.cli.desk import Desk
from posthorn.cli.exit_codes import ExitCode


def register(app: typer.Typer) -> None:
    """Put the command under `posthorn` itself."""
    plain(app, "demo")(demo)


def demo(
    desk: Desk,
    *,
    exit_: Annotated[
        bool, typer.Option("--exit", help="Check what arrived where, then end with code 0 or 1.")
    ] = False,
    folder: Annotated[
        Path | None, typer.Option(help="The demo's folder; made anew. Usual: .demo of the project.")
    ] = None,
    listen: Annotated[
        str, typer.Option(help="Where the site is served; the next free port is taken.")
    ] = "127.0.0.1:8000",
) -> None:
    """Show everything with an invented firm, its 12 clients and 60 documents.

    Nothing leaves this machine: the mailboxes are those of a stand-in mail server, and two clients'
    administrations those of a stand-in for Exact Online. The folder is made anew each time, and
    only when a demo made it. POSTHORN_ variables count for nothing here.
    """
    from posthorn.cli.demo.session import run_demo  # noqa: PLC0415  # the help page needs none of it

    if not run_demo(desk, folder=folder, listen=listen, is_check=exit_):
        raise typer.Exit(ExitCode.ERROR)

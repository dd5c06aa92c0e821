"""`serve`, `web`, `worker` and `migrate`: what runs Posthorn."""

from __future__ import annotations

from typing import Annotated

import typer

from posthorn.cli.command import plain
from posthorn.cli.desk import Desk

WithParent = Annotated[
    bool,
    typer.Option(
        "--with-parent", hidden=True, help="End when standard input closes: its parent has gone."
    ),
]


def register(app: typer.Typer) -> None:
    """Put these commands under `posthorn` itself."""
    plain(app, "serve")(serve)
    plain(app, "web")(web)
    plain(app, "worker")(worker)
    plain(app, "migrate")(migrate)


def serve(
    desk: Desk,
    *,
    seconds: Annotated[float, typer.Option(min=0, help="Stop after this long; 0 is never.")] = 0,
) -> None:
    """Run the site and a worker on this machine until Ctrl-C or SIGTERM.

    What is in flight is finished, within 30 seconds. A second `serve` of the same data folder is
    refused.
    """
    desk.runtime.serve(seconds=seconds)


def web(desk: Desk, *, with_parent: WithParent = False) -> None:
    """Serve the site alone, until Ctrl-C or SIGTERM."""
    desk.runtime.run_web(with_parent=with_parent)


def worker(desk: Desk, *, with_parent: WithParent = False) -> None:
    """Read and send documents, until Ctrl-C or SIGTERM. Any number may run, on any machine."""
    desk.runtime.run_worker(with_parent=with_parent)


def migrate(desk: Desk) -> None:
    """Bring the database up to date, as the owner of its tables."""
    desk.runtime.migrate()
    desk.output.done("The database is up to date.", {"is_current": True})

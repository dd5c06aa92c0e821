"""One module for each noun of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.cli.commands import demo, running, sandbox

if TYPE_CHECKING:
    import typer

NOUNS = (sandbox.noun,)


def register_verbs(app: typer.Typer) -> None:
    """Register the commands that stand under `posthorn` itself."""
    demo.register(app)
    running.register(app)

"""The `posthorn` program: gives the command line its surroundings."""

from __future__ import annotations

from posthorn.cli.main import run
from posthorn.project.surroundings import Surroundings


def main() -> None:
    """Run one command and end with its exit code."""
    run(Surroundings())

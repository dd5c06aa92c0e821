"""The command line: every noun with its verbs, and what an error of theirs ends in."""

from __future__ import annotations

import atexit
import gc
import logging
import sys
from typing import TYPE_CHECKING

import typer
from typer.main import get_command

from posthorn.cli import failures, output
from posthorn.cli.commands import add_commands
from posthorn.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posthorn.cli.runtime import Runtime

_log = logging.getLogger(__name__)


def app_for(arguments: Sequence[str] | None = None) -> typer.Typer:
    """Make the program as far as the arguments need it; all of it without any."""
    app = typer.Typer(
        name="posthorn",
        help="Delivers clients' documents to their accounting packages, and keeps proof of each.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        add_completion=True,
    )
    # With a callback a program of one command still wants to hear the command's name.
    app.callback()(_nothing)
    add_commands(app, arguments)
    return app


def _nothing() -> None:
    """Delivers clients' documents to their accounting packages, and keeps proof of each."""


def run(runtime: Runtime, arguments: list[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    # At its end Python would look for cycles in all that was loaded, an eighth of a check's time.
    atexit.register(gc.freeze)
    try:
        given = sys.argv[1:] if arguments is None else arguments
        get_command(app_for(given)).main(args=given, prog_name="posthorn", obj=runtime)
    except Exception as error:  # noqa: BLE001  # nothing but one line may reach the person
        sys.exit(explain(error, runtime))


def explain(error: Exception, runtime: Runtime) -> ExitCode:
    """Write the one line for an error; gives its exit code."""
    failure = failures.failure_of(error, runtime.own_failures)
    if failure is not None:
        return output.fail(failure.sentence, failure.exit_code)
    _log.error("A command failed in a way nobody foresaw", exc_info=error)
    text = (
        f"This is a bug in Posthorn ({type(error).__name__}); the trace above belongs in a report."
    )
    return output.fail(text, ExitCode.ERROR)

"""What a command itself refuses, with its exit code."""

from __future__ import annotations

from typing import ClassVar

from posthorn.cli.exit_codes import ExitCode


class CommandError(Exception):
    """Do what the message says; it is one line."""

    exit_code: ClassVar[ExitCode] = ExitCode.ERROR


class UsageError(CommandError):
    """Correct the command line."""

    exit_code = ExitCode.USAGE


class NothingFoundError(CommandError):
    """Check the id, name or number."""

    exit_code = ExitCode.NOT_FOUND


class ConflictError(CommandError):
    """Resolve what stands in the way first."""

    exit_code = ExitCode.CONFLICT


class PartlyDoneError(CommandError):
    """Read the output: it names what was not done."""

    exit_code = ExitCode.PARTLY

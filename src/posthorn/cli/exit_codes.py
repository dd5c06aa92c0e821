"""The exit codes of every command, in one table; the page of commands shows it."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's end means to a script."""

    OK = 0
    ERROR = 1
    USAGE = 2
    NOT_FOUND = 3
    NOT_ALLOWED = 4
    CONFLICT = 5
    PARTLY = 6
    TRY_LATER = 7
    INTERRUPTED = 130


MEANINGS: dict[ExitCode, str] = {
    ExitCode.OK: "Done.",
    ExitCode.ERROR: "Not done; the message says what to do.",
    ExitCode.USAGE: "The command, a setting or a value is wrong; nothing was changed.",
    ExitCode.NOT_FOUND: "Nothing there has this id, name or number.",
    ExitCode.NOT_ALLOWED: "The login was refused or may not do this.",
    ExitCode.CONFLICT: "It does not go together with what is there already.",
    ExitCode.PARTLY: "A part is done, or a check found something; the output names each.",
    ExitCode.TRY_LATER: "Something outside does not answer; the same command may work later.",
    ExitCode.INTERRUPTED: "Interrupted from the keyboard.",
}

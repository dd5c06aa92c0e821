"""What can go wrong with the embedded server, each with the next step in its message."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OWN_SERVER_HINT = "or use a server of your own: set POSTHORN_DATABASE_URL"


class PostgresError(Exception):
    """Show the message to the operator: it names the cause and the next step."""


class UnsupportedPlatformError(PostgresError):
    """Set POSTHORN_DATABASE_URL: no server binaries exist for this machine."""

    def __init__(self, platform: str) -> None:
        super().__init__(
            f"Posthorn carries no PostgreSQL server for this machine ({platform}). "
            "Set POSTHORN_DATABASE_URL to a PostgreSQL 15 or newer."
        )


class WrongMajorError(PostgresError):
    """Run `posthorn db upgrade`: the data was written by another major version."""

    def __init__(self, folder: Path, *, found: int, wanted: int) -> None:
        advice = (
            "Run `posthorn db upgrade`; the old data is kept beside the new."
            if found < wanted
            else "Install the newer Posthorn that wrote it; data cannot go back."
        )
        super().__init__(
            f"The database in {folder} was written by PostgreSQL {found}, "
            f"this Posthorn runs PostgreSQL {wanted}. {advice}"
        )
        self.found = found
        self.wanted = wanted


class FolderNotWritableError(PostgresError):
    """Give the account write access to the folder, or choose another data folder."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"Cannot keep the database in {folder}: {reason}. "
            "Give this account write access to it, or choose another data folder."
        )
        self.folder = folder


class DiskFullError(PostgresError):
    """Free disk space and start again; nothing that was committed is lost."""

    def __init__(self, folder: Path, detail: str) -> None:
        super().__init__(f"No space left on the disk that holds {folder}: free some ({detail}).")
        self.folder = folder


class ForeignFolderError(PostgresError):
    """Choose another data folder: this one holds something Posthorn did not make."""

    def __init__(self, folder: Path, found: str) -> None:
        super().__init__(
            f"{folder} is not empty and was not made by Posthorn (found {found}). "
            "Nothing was changed. Choose another data folder or move that one away."
        )
        self.folder = folder


class OtherOwnerError(PostgresError):
    """Run the command as the account that owns the data folder."""

    def __init__(self, folder: Path, *, owner: str, current: str) -> None:
        super().__init__(
            f"{folder} belongs to {owner}, this is {current}. "
            f"Run the command as {owner} (for example: sudo -u {owner} posthorn …)."
        )


class CopiedFolderError(PostgresError):
    """Copy the database with a backup: this folder only points to another one's database."""

    def __init__(self, folder: Path, *, home: Path, original: Path) -> None:
        super().__init__(
            f"{folder} is a copy of {original}, and both would use the database in {home}. "
            "Restore a backup into an empty data folder instead."
        )


class ClusterMissingError(PostgresError):
    """Restore a backup: the database that was here is gone, and no empty one takes its place."""

    def __init__(self, folder: Path, missing: str) -> None:
        super().__init__(
            f"The database that belongs to {folder} lacks {missing}. Restore a backup; "
            f"to begin anew with an empty database, move {folder} away."
        )


class AccountError(PostgresError):
    """Create the system account by hand, or run Posthorn as an ordinary user."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"PostgreSQL, which never runs as root, has no account to run under: {reason}. "
            f"Run Posthorn as an ordinary user, {OWN_SERVER_HINT}."
        )


class CommandError(PostgresError):
    """Read the output: a program of the server ended badly or took too long."""

    def __init__(self, program: str, *, reason: str, output: str) -> None:
        super().__init__(f"{program} {reason}: {output.strip() or 'no output'}")
        self.output = output


class StartFailedError(PostgresError):
    """Read the end of the server's log, which the message carries."""

    def __init__(self, folder: Path, *, reason: str, log: str) -> None:
        super().__init__(f"PostgreSQL in {folder} did not start: {reason}.\n{log}".rstrip())
        self.log = log


class BusyError(PostgresError):
    """Stop the other Posthorn processes of this data folder first."""

    def __init__(self, folder: Path, wanted: str) -> None:
        super().__init__(
            f"Other Posthorn processes use the database in {folder}; "
            f"stop them before {wanted} (`posthorn serve`, `posthorn worker`)."
        )


class UpgradeImpossibleError(PostgresError):
    """Dump the data with a server of the old version and restore it into a new data folder."""

    def __init__(self, folder: Path, *, found: int, carried: Sequence[int], reason: str) -> None:
        versions = ", ".join(str(major) for major in carried)
        super().__init__(
            f"Cannot upgrade the PostgreSQL {found} data in {folder}: {reason} "
            f"(this Posthorn carries PostgreSQL {versions}). The data was not changed. "
            "Dump it with its own pg_dumpall and restore it into an empty data folder, "
            f"{OWN_SERVER_HINT}."
        )


class BadSettingError(PostgresError):
    """Remove the server setting: the supervisor itself decides it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The PostgreSQL setting {name!r} {reason}.")


class AlreadyServingError(PostgresError):
    """Stop the process named, or choose another data folder."""

    def __init__(self, holder: str, data_folder: Path) -> None:
        super().__init__(f"{holder} already serves {data_folder}. Stop it first.")
        self.holder = holder


def folder_error(error: OSError, folder: Path) -> PostgresError:
    """Turn what the operating system said about a folder into the error that says what to do."""
    said = error.strerror or str(error)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFullError(folder, said)
    return FolderNotWritableError(folder, f"{said} ({error.filename or folder})")

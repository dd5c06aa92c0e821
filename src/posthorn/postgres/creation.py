"""Making an empty cluster, whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from typing import TYPE_CHECKING

from posthorn.postgres import folders
from posthorn.postgres.errors import CommandError, StartFailedError
from posthorn.postgres.locks import FileLock
from posthorn.postgres.server import start_error

if TYPE_CHECKING:
    from pathlib import Path

    from posthorn.postgres.layout import Passwords
    from posthorn.postgres.server import Server

SUPERUSER = "posthorn_admin"
_INITDB_TIMEOUT_S = 120


def create_cluster(server: Server, passwords: Passwords, *, checksums: bool = True) -> None:
    """Make an empty cluster, whole or not at all; raises DiskFullError and the like."""
    data = server.layout.data
    server_lock = FileLock(server.layout.control / "server.lock")
    try:
        # The initdb of a killed process may still be at work; it holds the lock.
        if not server_lock.wait_exclusive(timeout_s=_INITDB_TIMEOUT_S):
            reason = "an earlier first start does not end"
            raise StartFailedError(server.layout.home, reason=reason, log="")
        for leftover in data.parent.glob("data.new-*"):
            folders.remove(leftover)
        fresh = data.with_name(f"data.new-{secrets.token_hex(4)}")
        initialise(server, fresh, passwords, checksums=checksums, lock=server_lock)
    finally:
        server_lock.release()
    fresh.rename(data)
    folders.sync_folder(data.parent)


def initialise(
    server: Server,
    fresh: Path,
    passwords: Passwords,
    *,
    checksums: bool,
    lock: FileLock | None = None,
) -> None:
    """Run initdb into a folder of its own; leaves nothing there when it fails."""
    account = server.layout.account
    folders.make_owned(fresh, 0o700, account)
    secret = fresh.with_name(f"{fresh.name}.password")
    folders.write_whole(secret, passwords.admin.encode(), account=account)
    options: list[str | Path] = ["--username", SUPERUSER, "--pwfile", secret]
    options += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
    options.append("--no-instructions")
    if server.settings.get("fsync", "on").lower() in {"off", "false", "no", "0"}:
        options.append("--no-sync")  # who runs without fsync has nothing to lose
    if checksums:
        options.append("--data-checksums")
    elif server.binaries.major >= 18:  # noqa: PLR2004  # on unless refused since 18
        options.append("--no-data-checksums")
    if server.binaries.major >= 17:  # noqa: PLR2004  # same order and case rules on every machine
        options += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    try:
        arguments = ["--pgdata", fresh, *options]
        server.run("initdb", *arguments, timeout_s=_INITDB_TIMEOUT_S, lock=lock)
    except CommandError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise start_error(server.layout, error, log="") from error
    finally:
        secret.unlink(missing_ok=True)

"""Making, starting and stopping the server of one cluster; every caller holds the start lock."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import signal
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from posthorn.postgres import configuration, folders, layout, postmaster
from posthorn.postgres.errors import (
    ClusterMissingError,
    CommandError,
    DiskFullError,
    FolderNotWritableError,
    ForeignFolderError,
    StartFailedError,
    WrongMajorError,
    folder_error,
)
from posthorn.postgres.locks import FileLock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posthorn.postgres.binaries import Binaries
    from posthorn.postgres.layout import Layout, Passwords

SUPERUSER = "posthorn_admin"
_INITDB_TIMEOUT_S = 120
_START_TIMEOUT_S = 120  # replaying the log after a crash takes its time
_STOP_TIMEOUT_S = 60
_ORPHANS_ASKED_AFTER_S, _ORPHANS_KILLED_AFTER_S, _ORPHANS_GIVEN_UP_AFTER_S = 2.0, 4.0, 20.0
_POLL_S = 0.05
_LOG_LINES = 20
_log = logging.getLogger("posthorn.postgres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The server of one cluster, running or not."""

    layout: Layout
    binaries: Binaries
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def major(self) -> int | None:
        """The major version that wrote the data; None where there is no cluster."""
        return major_in(self.layout.data)

    def is_alive(self) -> bool:
        """Tell whether the server runs; it may still be starting or already stopping."""
        return running_pid(self.layout) is not None

    def create(self, passwords: Passwords, *, checksums: bool = True) -> None:
        """Make an empty cluster, whole or not at all; raises DiskFullError and the like."""
        data = self.layout.data
        for leftover in data.parent.glob("data.new-*"):
            folders.remove(leftover)
        fresh = data.with_name(f"data.new-{secrets.token_hex(4)}")
        self.initialise(fresh, passwords, checksums=checksums)
        fresh.rename(data)
        folders.sync_folder(data.parent)

    def initialise(self, fresh: Path, passwords: Passwords, *, checksums: bool) -> None:
        """Run initdb into a folder of its own; leaves nothing there when it fails."""
        account = self.layout.account
        folders.make_owned(fresh, 0o700, account)
        secret = fresh.with_name(f"{fresh.name}.password")
        folders.write_whole(secret, passwords.admin.encode(), account=account)
        options: list[str | Path] = ["--username", SUPERUSER, "--pwfile", secret]
        options += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
        options.append("--no-instructions")
        if checksums:
            options.append("--data-checksums")
        elif self.binaries.major >= 18:  # noqa: PLR2004  # on unless refused since 18
            options.append("--no-data-checksums")
        if self.binaries.major >= 17:  # noqa: PLR2004  # same order and case rules on every machine
            options += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        try:
            self.run("initdb", "--pgdata", fresh, *options, timeout_s=_INITDB_TIMEOUT_S)
        except CommandError as error:
            shutil.rmtree(fresh, ignore_errors=True)
            raise self._explain(error) from error
        finally:
            secret.unlink(missing_ok=True)

    def check_data(self) -> None:
        """Refuse data this server must not touch.

        Raises WrongMajorError, ForeignFolderError, ClusterMissingError.
        """
        data, remembered = self.layout.data, layout.read_marker(self.layout.control)
        if self.major is not None:
            if self.major != self.binaries.major:
                raise WrongMajorError(data, found=self.major, wanted=self.binaries.major)
        elif data.exists():
            entries = sorted(entry.name for entry in data.iterdir())
            raise ForeignFolderError(data, entries[0] if entries else "an empty folder")
        elif remembered is not None and remembered.major is not None:
            raise ClusterMissingError(self.layout.control, f"its data folder {data}")

    def bring_up(self) -> bool:
        """Wait for the server that runs or start one; True when it had to be started.

        Raises StartFailedError with the end of the server's log.
        """
        deadline = time.monotonic() + _START_TIMEOUT_S
        while self.is_alive():
            found = postmaster.read_postmaster(self.layout.data)
            if found is not None and found.status == "ready":
                return False
            if time.monotonic() > deadline:
                raise self._failure("the server that is there does not get ready")
            time.sleep(_POLL_S)
        self._start()
        return True

    def stop(self) -> None:
        """End all connections and stop the server in good order; does nothing when none runs."""
        if not self.is_alive():
            return
        try:
            self._control("stop", "--mode=fast", timeout_s=_STOP_TIMEOUT_S)
        except CommandError:
            _log.exception("The server in %s did not stop by itself", self.layout.data)
            self._control("stop", "--mode=immediate", timeout_s=_STOP_TIMEOUT_S)

    def await_end(self) -> None:
        """Wait until the last process of a stopped or killed server has gone."""
        server_lock = FileLock(self.layout.control / "server.lock")
        try:
            self._wait_for_orphans(server_lock)
        finally:
            server_lock.release()

    def run(
        self,
        program: str,
        *arguments: str | Path,
        timeout_s: float,
        env: Mapping[str, str] | None = None,
        lock: FileLock | None = None,
        cwd: Path = Path("/"),
    ) -> str:
        """Run one of the server's programs under the server's account; raises CommandError."""
        return self.layout.account.runner().run(
            [self.binaries.program(program), *arguments],
            timeout_s=timeout_s,
            env=env,
            cwd=cwd,
            pass_fds=() if lock is None else (lock.fileno(),),
        )

    def _control(
        self, action: str, option: str, *, timeout_s: int, lock: FileLock | None = None
    ) -> None:
        arguments = [action, "--wait", f"--timeout={timeout_s}", f"--pgdata={self.layout.data}"]
        self.run("pg_ctl", *arguments, option, timeout_s=timeout_s + 10, lock=lock)

    def _start(self) -> None:
        server_lock = FileLock(self.layout.control / "server.lock")
        try:
            self._wait_for_orphans(server_lock)
            self._clear_traces()
            self._prepare_folders()
            # The server inherits the lock's descriptor, so the lock is free only when every one of
            # its processes has gone, whatever became of us.
            log = f"--log={self.layout.log / 'start.log'}"
            self._control("start", log, timeout_s=_START_TIMEOUT_S, lock=server_lock)
        except CommandError as error:
            raise self._explain(error) from error
        finally:
            server_lock.release()

    def _wait_for_orphans(self, server_lock: FileLock) -> None:
        """Take the server's lock once the processes of a killed server are gone."""
        begun = time.monotonic()
        while not server_lock.try_exclusive():
            waited = time.monotonic() - begun
            if waited > _ORPHANS_GIVEN_UP_AFTER_S:
                raise self._failure("processes of an earlier server do not end")
            if waited > _ORPHANS_KILLED_AFTER_S:
                postmaster.end_orphans(self.layout.data, signal.SIGKILL)
            elif waited > _ORPHANS_ASKED_AFTER_S:
                postmaster.end_orphans(self.layout.data, signal.SIGQUIT)
            time.sleep(_POLL_S)

    def _clear_traces(self) -> None:
        """Remove what a killed server left; its process id may be a stranger's by now."""
        (self.layout.data / "postmaster.pid").unlink(missing_ok=True)
        for leftover in self.layout.socket.glob(".s.PGSQL.*"):
            leftover.unlink()

    def _prepare_folders(self) -> None:
        place, account = self.layout, self.layout.account
        make_socket_folder(place)
        folders.make_owned(place.log, 0o700, account)
        (place.log / "start.log").unlink(missing_ok=True)
        text = configuration.server_settings(
            socket=place.socket, log=place.log, overrides=self.settings
        )
        for name, content in (
            ("postgresql.conf", text),
            ("pg_hba.conf", configuration.HOST_RULES),
        ):
            folders.write_whole(place.data / name, content.encode(), account=account)

    def _explain(self, error: CommandError) -> Exception:
        text = f"{error.output}\n{self._log_tail()}"
        place = self.layout.home
        if "No space left on device" in text:
            return DiskFullError(place, "PostgreSQL says: No space left on device")
        if "Permission denied" in text or "Read-only file system" in text:
            return FolderNotWritableError(place, str(error))
        return StartFailedError(place, reason=str(error), log=self._log_tail())

    def _failure(self, reason: str) -> StartFailedError:
        return StartFailedError(self.layout.home, reason=reason, log=self._log_tail())

    def _log_tail(self) -> str:
        files = sorted(self.layout.log.glob("*.log"), key=lambda file: file.stat().st_mtime)
        lines = [
            line for file in files[-2:] for line in file.read_text("utf-8", "replace").splitlines()
        ]
        return "\n".join(lines[-_LOG_LINES:])


def major_in(data: Path) -> int | None:
    """Return the major version that wrote a data folder; None where there is no cluster."""
    try:
        return int((data / "PG_VERSION").read_text("ascii"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError as error:
        raise ForeignFolderError(data, "a PG_VERSION that is no number") from error
    except OSError as error:
        raise folder_error(error, data) from error


def running_pid(place: Layout) -> int | None:
    """Return the process id of the server that runs there; None when none does."""
    found = postmaster.read_postmaster(place.data)
    if found is None:
        return None
    # Another container on the same volume has process ids we cannot see.
    alive = postmaster.is_alive(found, place.data) or postmaster.accepts(place.socket)
    return found.pid if alive else None


def is_free_or_ours(place: Layout) -> bool:
    """Tell whether nobody else has made the socket folder before us."""
    try:
        found = place.socket.lstat()
    except FileNotFoundError:
        return True
    return stat.S_ISDIR(found.st_mode) and found.st_uid in {place.account.uid, os.geteuid()}


def make_socket_folder(place: Layout) -> None:
    """Make the socket folder; raises FolderNotWritableError where somebody else has made it."""
    if not is_free_or_ours(place):
        raise FolderNotWritableError(place.socket, "somebody else made it before us")
    folders.make_owned(place.socket, 0o700, place.account)

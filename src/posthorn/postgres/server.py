"""Making, starting and stopping the server of one cluster; every caller holds the start lock."""

from __future__ import annotations

import logging
import os
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
    PostgresError,
    StartFailedError,
    WrongMajorError,
    folder_error,
)
from posthorn.postgres.locks import FileLock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posthorn.postgres.binaries import Binaries
    from posthorn.postgres.layout import Layout

_START_TIMEOUT_S = 120  # replaying the log after a crash takes its time
_STOP_TIMEOUT_S = 60
_ORPHANS_ASKED_AFTER_S, _ORPHANS_KILLED_AFTER_S, _ORPHANS_GIVEN_UP_AFTER_S = 2.0, 4.0, 20.0
_POLL_S = 0.05
# strerror(ENOSPC) and (EDQUOT), and the server's hint after a short write (md.c, PostgreSQL 18)
_DISK_FULL_WORDS = ("No space left on device", "quota exceeded", "Check free disk space")
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
        server_lock = FileLock(self.layout.control / "server.lock")
        patience = Patience(layout=self.layout, until=time.monotonic() + _START_TIMEOUT_S)
        try:
            while self.is_alive() or not server_lock.try_exclusive():
                if self._is_ready():
                    return False
                patience.wait(is_alive=self.is_alive())
            self._start(server_lock)
        finally:
            server_lock.release()
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
        patience = Patience(layout=self.layout, until=time.monotonic() + _STOP_TIMEOUT_S)
        try:
            while not server_lock.try_exclusive():
                patience.wait(is_alive=self.is_alive())
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

    def _is_ready(self) -> bool:
        found = postmaster.read_postmaster(self.layout.data)
        return found is not None and found.status == "ready" and self.is_alive()

    def _start(self, server_lock: FileLock) -> None:
        """Start the server, which inherits the lock: it is free when its last process has gone."""
        log = self.layout.log / "start.log"
        sizes = _log_sizes(self.layout)
        try:
            self._clear_traces()
            self._prepare_folders()
            self._control("start", f"--log={log}", timeout_s=_START_TIMEOUT_S, lock=server_lock)
        except CommandError as error:
            raise start_error(self.layout, error, _log_since(self.layout, sizes)) from error
        except OSError as error:
            raise folder_error(error, self.layout.home) from error

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


@dataclass(slots=True, kw_only=True)
class Patience:
    """Wait for a server to get ready, or for the processes of a dead one to go."""

    layout: Layout
    until: float
    dead_since: float | None = None

    def wait(self, *, is_alive: bool) -> None:
        """Wait a moment; help orphans go, who may compute on for hours. Raises StartFailedError."""
        now = time.monotonic()
        if is_alive:
            self.dead_since = None
        elif self.dead_since is None:
            self.dead_since = now
        orphaned_s = 0.0 if self.dead_since is None else now - self.dead_since
        if now > self.until or orphaned_s > _ORPHANS_GIVEN_UP_AFTER_S:
            reason = "an earlier server neither gets ready nor ends"
            raise StartFailedError(self.layout.home, reason=reason, log=_log_since(self.layout, {}))
        if orphaned_s > _ORPHANS_ASKED_AFTER_S:
            how = "KILL" if orphaned_s > _ORPHANS_KILLED_AFTER_S else "QUIT"
            postmaster.end_orphans(self.layout.data, how, self.layout.account.runner())
        time.sleep(_POLL_S)


def start_error(place: Layout, error: CommandError, log: str) -> PostgresError:
    """Turn what a program of the server said into the error that names the next step."""
    text = f"{error.output}\n{log}"
    if any(words in text for words in _DISK_FULL_WORDS):
        return DiskFullError(place.home, "PostgreSQL could not write")
    if "Permission denied" in text or "Read-only file system" in text:
        return FolderNotWritableError(place.home, str(error))
    return StartFailedError(place.home, reason=str(error), log=log)


def _log_sizes(place: Layout) -> dict[Path, int]:
    return {file: file.stat().st_size for file in place.log.glob("server-*.log")}


def _log_since(place: Layout, sizes: Mapping[Path, int]) -> str:
    """Return the last lines of what was logged after the files had these sizes."""
    files = sorted(place.log.glob("*.log"), key=lambda file: file.stat().st_mtime)
    fresh = [file.read_bytes()[sizes.get(file, 0) :] for file in files[-2:]]
    lines = b"".join(fresh).decode("utf-8", "replace").splitlines()
    return "\n".join(lines[-_LOG_LINES:])


def major_in(data: Path) -> int | None:
    """Return the major version that wrote a data folder; None where there is no cluster."""
    try:
        return int((data / "PG_VERSION").read_text("utf-8"))
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
    return found.pid if postmaster.is_alive(found, place.data, place.socket) else None


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

"""Whether a server runs in a folder, as the traces it leaves on the machine tell."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from posthorn.postgres.configuration import PORT
from posthorn.postgres.errors import CommandError

if TYPE_CHECKING:
    from posthorn.postgres.commands import Runner

_PROBE_TIMEOUT_S = 2.0
_PID_LINE, _STATUS_LINE = 0, 7
# Run under the server's own account, which may look at its processes where root may not (in a
# container without CAP_SYS_PTRACE). The shell itself works in "/".
_SIGNAL_ALL = """
for process in /proc/[0-9]*; do
  if [ "$(readlink "$process/cwd" 2>/dev/null)" = "$1" ]; then kill -s "$2" "${process#/proc/}"; fi
done
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmaster:
    """What postmaster.pid says: process id and status (starting, ready, stopping, standby)."""

    pid: int
    status: str


def read_postmaster(data: Path) -> Postmaster | None:
    """Return what the last server wrote of itself, dead or alive; None without a readable file."""
    # Lines of the file: miscadmin.h, LOCK_FILE_LINE_…, PostgreSQL 18.
    try:
        lines = (data / "postmaster.pid").read_text("utf-8", "replace").splitlines()
        pid = abs(int(lines[_PID_LINE]))
    except (OSError, ValueError, IndexError):
        return None
    status = lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else "starting"
    return Postmaster(pid=pid, status=status) if pid > 1 else None


def is_alive(postmaster: Postmaster, data: Path, socket_folder: Path) -> bool:
    """Tell whether that very server runs: not a zombie, not another process with its old pid."""
    with suppress(ChildProcessError):
        os.waitpid(postmaster.pid, os.WNOHANG)
    # Where the machine does not show the process (another container on the same volume, no /proc,
    # root without the capability to look), the socket tells.
    return _works_in(postmaster.pid, data) or accepts(socket_folder)


def accepts(socket_folder: Path) -> bool:
    """Tell whether a server listens, also one in another container, whose pid we cannot see."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_PROBE_TIMEOUT_S)
        try:
            probe.connect(str(socket_folder / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
    return True


def end_orphans(data: Path, how: str, runner: Runner) -> None:
    """Signal, as QUIT or KILL, what still works in a folder after its postmaster's death."""
    with suppress(CommandError):  # one gone in between is no failure; the caller looks again
        runner.run(["/bin/sh", "-c", _SIGNAL_ALL, "sh", data.resolve(), how], timeout_s=10)


def _works_in(pid: int, data: Path) -> bool:
    """Tell whether a process has the folder as its own, as every PostgreSQL process has."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        return False  # gone, a zombie, or not shown to us

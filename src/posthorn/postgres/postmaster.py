"""Whether a server runs in a folder, as the traces it leaves on the machine tell."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from posthorn.postgres.configuration import PORT

_PROBE_TIMEOUT_S = 2.0
_PID_LINE, _STATUS_LINE = 0, 7


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


def is_alive(postmaster: Postmaster, data: Path) -> bool:
    """Tell whether that very server runs: not a zombie, not another process with its old pid."""
    with suppress(ChildProcessError):
        os.waitpid(postmaster.pid, os.WNOHANG)
    try:
        os.kill(postmaster.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _works_in(postmaster.pid, data) is not False


def accepts(socket_folder: Path) -> bool:
    """Tell whether a server listens, also one in another container, whose pid we cannot see."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_PROBE_TIMEOUT_S)
        try:
            probe.connect(str(socket_folder / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
    return True


def end_orphans(data: Path, how: signal.Signals) -> list[int]:
    """Signal what still works in a folder after its postmaster's death; returns the process ids."""
    orphans = [pid for pid in _all_pids() if _works_in(pid, data)]
    for pid in orphans:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, how)
    return orphans


def _all_pids() -> list[int]:
    with suppress(OSError):
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return []


def _works_in(pid: int, data: Path) -> bool | None:
    """Tell whether a process has the folder as its own, as every PostgreSQL process has.

    None when the machine does not say (no /proc, or no right to look).
    """
    if not Path("/proc/self/cwd").exists():
        return None
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except PermissionError:
        return None
    except OSError:
        return False  # gone, or a zombie: neither has a working folder

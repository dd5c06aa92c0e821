"""Other processes for the tests of the embedded server: they attach, say so, and stay."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from posthorn.postgres import Cluster, PostgresError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCE = Path(__file__).parents[2] / "src"
_MEMORY, _MEMORY_BYTES = Path("/dev/shm"), 1024**3  # noqa: S108  # each test makes its own folder
NOBODY = pwd.getpwnam("nobody")
# Everything is imported before root's rights go: the interpreter may lie where only root can read.
_BECOME = """
import os, sys
from pathlib import Path
import psycopg
from posthorn.postgres import Cluster, PostgresError, ServeLock
if len(sys.argv) > 2:
    os.setgroups([]); os.setgid(int(sys.argv[3])); os.setuid(int(sys.argv[2]))
folder = Path(sys.argv[1])
"""
ATTACH = """
cluster = Cluster(folder)
try:
    attachment = cluster.attach()
except PostgresError as error:
    sys.exit(f"{type(error).__name__}: {error}")
with attachment:
    with psycopg.connect(attachment.login("app").url()) as connection:
        connection.execute("SELECT 1")
    print(cluster.status().pid, flush=True)
    sys.stdin.read()
"""
SERVE = """
with ServeLock(folder):
    print(os.getpid(), flush=True)
    sys.stdin.read()
"""


class OtherProcess:
    """A process of its own session that runs a program above and stays until told to leave."""

    def __init__(
        self, program: str, folder: Path, *, user: pwd.struct_passwd | None = None
    ) -> None:
        who = [] if user is None else [str(user.pw_uid), str(user.pw_gid)]
        self.process = subprocess.Popen(  # noqa: S603  # ourselves
            [sys.executable, "-c", _BECOME + program, str(folder), *who],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(SOURCE), "HOME": "/nonexistent"},
            start_new_session=True,
        )

    def pid_said(self) -> int:
        """Wait until it is ready and return the process id it printed."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.strip().isdigit(), self.process.communicate(timeout=20)
        return int(line)

    def refusal(self) -> str:
        """Wait for its end and return its last words."""
        return self.process.communicate(timeout=60)[1].strip()

    def leave(self) -> int:
        """Let it go in good order and return its exit code."""
        self.process.communicate(timeout=60)
        return self.process.returncode

    def end(self, how: signal.Signals) -> None:
        """Signal its whole process group, as a terminal does, and wait for its end."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        self.process.communicate(timeout=60)


def quick_place() -> Path:
    """Return a large disk in memory, if any: these tests kill servers, not machines."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _MEMORY_BYTES:
        return _MEMORY
    return Path(tempfile.gettempdir())


@contextmanager
def fresh_folder(mode: int = 0o711) -> Iterator[Path]:
    """Lend a data folder in a new folder of this mode; stop and delete what comes to lie there."""
    outside = Path(tempfile.mkdtemp(prefix="ph-", dir=quick_place()))
    outside.chmod(mode)
    try:
        yield outside / "data"
    finally:
        with suppress(PostgresError):
            Cluster(outside / "data").discard()
        shutil.rmtree(outside, ignore_errors=True)


def wait_until(condition: Callable[[], bool], *, within_s: float) -> bool:
    """Ask again and again, for so many seconds."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True

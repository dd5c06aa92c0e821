"""A whole installation of its own for process tests: data folder, database, ports, commands."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthorn.postgres import Cluster
from tests.database import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent.parent
PATIENCE_S = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def object(self) -> dict[str, Any]:
        """The one object that --json gave."""
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass(slots=True, kw_only=True)
class Installation:
    """Settings under which commands run; `settings` are POSTHORN_ variables without the prefix."""

    data: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a command."""
        others = {name: value for name, value in os.environ.items() if "POSTHORN_" not in name}
        others.pop("DJANGO_SETTINGS_MODULE", None)
        own = {"DATA": str(self.data), "LISTEN": f"127.0.0.1:{self.port}", **self.settings}
        return {
            **others,
            "PYTHONPATH": str(ROOT / "src"),
            **{f"POSTHORN_{name}": value for name, value in own.items()},
        }

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:  # noqa: ANN401  # Popen's
        """Start a command."""
        return subprocess.Popen(  # noqa: S603  # ourselves
            [sys.executable, "-m", "posthorn", *arguments],
            env=self.variables,
            cwd=ROOT,
            text=True,
            **options,
        )

    def run(self, *arguments: str, stdin: str = "") -> Ran:
        """Run a command to its end."""
        pipe = subprocess.PIPE
        with self.start(*arguments, stdin=pipe, stdout=pipe, stderr=pipe) as command:
            out, err = command.communicate(stdin, timeout=PATIENCE_S)
        return Ran(code=command.returncode, out=out, err=err)

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask the site; 0 when nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return 0, b""
        finally:
            connection.close()

    def await_site(self) -> None:
        """Wait until the site says that all is well."""
        await_that(lambda: self.get("/health")[0] == 200)


@contextmanager
def installation(**settings: str) -> Iterator[Installation]:
    """Lend an installation whose database runs and is up to date: no command has to see to it."""
    with empty_installation(**settings) as lent, Cluster(lent.data).attach() as attachment:
        fill(attachment.login("admin"))
        yield lent


@contextmanager
def empty_installation(**settings: str) -> Iterator[Installation]:
    """Lend an installation without a data folder; its database is deleted afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="posthorn-whole-"))
    folder.chmod(0o755)  # as root the database's own account passes through
    lent = Installation(data=folder / "data", port=free_port(), settings=settings)
    try:
        yield lent
    finally:
        if (lent.data / "postgres").exists():
            Cluster(lent.data).discard()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Give a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_that(holds: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Wait until something holds; raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)


def processes_of(installation: Installation) -> dict[int, str]:
    """Give the commands that run on an installation's data, by pid; Linux alone knows them."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            environment = (place / "environ").read_bytes().split(b"\0")
            command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if f"POSTHORN_DATA={installation.data}".encode() in environment:
            found[int(place.name)] = command
    return found


def child(installation: Installation, name: str) -> int | None:
    """Give the pid of a command that `serve` started."""
    wanted = f"-m posthorn {name} --with-parent"
    return next((pid for pid, said in processes_of(installation).items() if wanted in said), None)


def kill(pid: int | None) -> None:
    """Kill at once."""
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

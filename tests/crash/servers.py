"""A database server that a run has to itself, to kill it; and how to cut everybody's lines."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from posthorn.postgres import Cluster
from tests.crash.house import wait_until
from tests.database import Database
from tests.process.postgres_processes import fresh_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIGRATE = """
from posthorn.project import runtime; runtime.use_owner()
import django; django.setup()
from django.core.management import call_command; call_command("migrate", verbosity=0)
"""


@contextmanager
def server_of_its_own() -> Iterator[tuple[Cluster, Database]]:
    """Lend a server that is as durable as in production, watched, with a migrated database."""
    with fresh_folder() as folder, tempfile.TemporaryDirectory(prefix="posthorn-data-") as data:
        cluster = Cluster(folder)
        with cluster.attach() as attachment:
            attachment.watch()
            logins = {
                role: attachment.login(role)  # type: ignore[arg-type]  # three literals
                for role in ("app", "owner", "admin")
            }
            database = Database(name="posthorn", data=Path(data), **logins)
            command = [sys.executable, "-c", _MIGRATE]
            subprocess.run(command, check=True, env=database.variables())  # noqa: S603  # ourselves
            yield cluster, database


def kill_server(cluster: Cluster) -> None:
    """Kill the first process of the server and wait until it serves again."""
    pid = cluster.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    back = wait_until(lambda: cluster.status().pid not in {None, pid}, within_s=30)
    assert back


def cut_all_lines(database: Database, *, for_s: float) -> None:
    """End every worker's connection to the database, ten times a second."""
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name LIKE 'forked-%'"
    )
    with psycopg.connect(database.admin.url(), autocommit=True) as connection:
        until = time.monotonic() + for_s
        while time.monotonic() < until:
            connection.execute(cut)
            time.sleep(0.1)

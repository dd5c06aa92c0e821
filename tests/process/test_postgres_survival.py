"""What is killed comes back: the server, with everything committed, within ten seconds."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
import pytest

from posthorn.postgres import Cluster
from posthorn.postgres.errors import ClusterMissingError
from tests.process.postgres_processes import ATTACH, OtherProcess, fresh_folder, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from posthorn.postgres import Login


@pytest.fixture
def empty() -> Iterator[Path]:
    with fresh_folder() as path:
        yield path


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Lend a data folder with a cluster in it, whose server does not run."""
    with fresh_folder() as path:
        Cluster(path).attach().close()
        yield path


def kill_server(folder: Path) -> int:
    """Kill the server's first process at once and return its id."""
    pid = Cluster(folder).status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not Cluster(folder).is_running(), within_s=5)
    return pid


def keep_busy(login: Login) -> threading.Thread:
    """Run a query that never looks up, so that its process outlives its server."""

    def query() -> None:
        with suppress(psycopg.Error), psycopg.connect(login.url()) as connection:
            connection.execute("SELECT count(*) FROM generate_series(1, 100000000000)")

    thread = threading.Thread(target=query)
    thread.start()
    return thread


def test_killed_server_comes_back_with_what_was_committed(folder: Path) -> None:
    with Cluster(folder).attach() as attachment:
        login = attachment.login("owner")
        with psycopg.connect(login.url()) as owner:
            owner.execute("CREATE TABLE kept (word text)")
            owner.execute("INSERT INTO kept VALUES ('committed')")
        with psycopg.connect(login.url(), autocommit=True) as idle:
            busy = keep_busy(login)
            count = "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            count += " AND query LIKE '%generate_series(1, %'"
            assert wait_until(lambda: idle.execute(count).fetchone() == (1,), within_s=10)
            killed = kill_server(folder)
            begun = time.monotonic()

            assert attachment.ensure_running() is True

        assert time.monotonic() - begun < 10
        busy.join(10)
        assert not busy.is_alive()
        assert attachment.ensure_running() is False
        assert Cluster(folder).status().pid != killed
        with psycopg.connect(login.url()) as again:
            assert again.execute("SELECT word FROM kept").fetchall() == [("committed",)]


def test_watch_restarts_the_server_by_itself(folder: Path) -> None:
    with Cluster(folder).attach() as attachment:
        attachment.watch()
        killed = kill_server(folder)

        assert wait_until(lambda: Cluster(folder).is_running(), within_s=10)
        assert Cluster(folder).status().pid != killed
    assert not Cluster(folder).is_running()


def test_two_watchers_start_one_server(folder: Path) -> None:
    with Cluster(folder).attach() as first, Cluster(folder).attach() as second:
        kill_server(folder)
        results: list[bool] = []
        threads = [
            threading.Thread(target=lambda each=each: results.append(each.ensure_running()))
            for each in (first, second)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

    assert sorted(results) == [False, True]


def test_traces_of_a_crashed_machine_do_not_stop_the_next_start(folder: Path) -> None:
    user = OtherProcess(ATTACH, folder)
    user.pid_said()
    data = folder / "postgres" / "data"
    trace = (data / "postmaster.pid").read_text("utf-8").splitlines()
    os.kill(int(trace[0]), signal.SIGKILL)
    user.end(signal.SIGKILL)
    # After a reboot the old process id may belong to anybody, here to us.
    (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *trace[1:]]) + "\n", "utf-8")
    socket_folder = Cluster(folder).status().socket_folder
    assert socket_folder is not None
    (socket_folder / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n", "utf-8")

    assert not Cluster(folder).is_running()
    with (
        Cluster(folder).attach() as attachment,
        psycopg.connect(attachment.login("app").url()) as app,
    ):
        assert app.execute("SELECT 1").fetchone() == (1,)


def test_restart_never_makes_an_empty_cluster(empty: Path) -> None:
    with Cluster(empty).attach() as attachment:
        kill_server(empty)
        data = empty / "postgres" / "data"
        data.rename(data.with_name("taken-away"))

        with pytest.raises(ClusterMissingError, match="Restore a backup"):
            attachment.ensure_running()
        with pytest.raises(ClusterMissingError, match="Restore a backup"):
            Cluster(empty).attach()
        assert not data.exists()

        data.with_name("taken-away").rename(data)
        assert attachment.ensure_running() is True

"""What the supervisor refuses, and that it then has changed nothing."""

from __future__ import annotations

import os
import shutil
import signal
from typing import TYPE_CHECKING

import psycopg
import pytest

from posthorn.postgres import AlreadyServingError, Cluster, ServeLock, WrongMajorError
from posthorn.postgres.commands import run
from posthorn.postgres.errors import (
    BadSettingError,
    BusyError,
    ClusterMissingError,
    CommandError,
    DiskFullError,
    ForeignFolderError,
    StartFailedError,
)
from tests.process.postgres_processes import SERVE, OtherProcess, fresh_folder, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORKING_SERVE = """
import time
ServeLock(folder).acquire()
child = os.fork()
if child:
    print(child, flush=True)
time.sleep(60)
"""


@pytest.fixture
def empty() -> Iterator[Path]:
    with fresh_folder() as path:
        yield path


@pytest.fixture
def stopped(empty: Path) -> Path:
    """Lend a data folder with a cluster in it, whose server does not run."""
    Cluster(empty).attach().close()
    return empty


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_other_major_version_is_refused_by_name_of_the_command(stopped: Path) -> None:
    version = stopped / "postgres" / "data" / "PG_VERSION"
    version.write_text("15\n", "ascii")
    before = names_in(version.parent)

    with pytest.raises(WrongMajorError, match=r"PostgreSQL 15.*Run `posthorn db upgrade`"):
        Cluster(stopped).attach()

    assert version.read_text("ascii") == "15\n"
    assert names_in(version.parent) == before
    assert not Cluster(stopped).is_running()


def test_data_of_a_newer_server_cannot_go_back(stopped: Path) -> None:
    (stopped / "postgres" / "data" / "PG_VERSION").write_text("19\n", "ascii")

    with pytest.raises(WrongMajorError, match="Install the newer Posthorn"):
        Cluster(stopped).attach()


def test_strange_folder_is_left_as_it_is(empty: Path) -> None:
    control = empty / "postgres"
    control.mkdir(parents=True)
    (control / "notes.txt").write_text("not ours", "utf-8")

    with pytest.raises(ForeignFolderError, match=r"was not made by Posthorn \(found notes.txt\)"):
        Cluster(empty).attach()

    assert names_in(control) == ["notes.txt"]


def test_strange_data_inside_our_folder_is_left_as_it_is(stopped: Path) -> None:
    data = stopped / "postgres" / "data"
    shutil.rmtree(data)
    data.mkdir()
    (data / "notes.txt").write_text("not ours", "utf-8")

    with pytest.raises(ForeignFolderError, match=r"found notes.txt"):
        Cluster(stopped).attach()

    assert names_in(data) == ["notes.txt"]


@pytest.mark.parametrize("name", ["passwords.json", "cluster.json"])
def test_damaged_own_file_asks_for_a_backup(stopped: Path, name: str) -> None:
    (stopped / "postgres" / name).write_text("{", "utf-8")

    with pytest.raises(ClusterMissingError, match=f"lacks a readable {name}. Restore a backup"):
        Cluster(stopped).attach()

    assert not list((stopped / "postgres" / "data").glob("postmaster.pid"))


def test_supervised_setting_is_refused(empty: Path) -> None:
    for name in ("listen_addresses", "Unix_Socket_Directories", "data_directory"):
        with pytest.raises(BadSettingError, match=f"'{name}' is decided by Posthorn"):
            Cluster(empty, settings={name: "*"}).attach()

    with pytest.raises(BadSettingError, match="more than one line"):
        Cluster(empty, settings={"work_mem": "4MB'\nfsync = off"}).attach()
    assert not Cluster(empty).is_running()


def test_bad_setting_shows_the_servers_own_words_and_harms_nothing(stopped: Path) -> None:
    with pytest.raises(StartFailedError, match='invalid value for parameter "shared_buffers"'):
        Cluster(stopped, settings={"shared_buffers": "lots"}).attach()

    settings = {"shared_buffers": "16MB", "search_path": "it's"}
    with (
        Cluster(stopped, settings=settings).attach() as attachment,
        psycopg.connect(attachment.login("app").url()) as app,
    ):
        shown = [app.execute(f"SHOW {name}").fetchone() for name in settings]
    assert shown == [("16MB",), ("it's",)]


def test_cluster_in_use_is_not_deleted(stopped: Path) -> None:
    with Cluster(stopped).attach():
        with pytest.raises(BusyError, match="stop them before deleting the database"):
            Cluster(stopped).discard()
        assert Cluster(stopped).is_running()

    Cluster(stopped).discard()
    assert not (stopped / "postgres").exists()


def test_full_disk_is_named_and_a_larger_one_goes_on(empty: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    empty.mkdir(mode=0o711)
    try:
        run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=0711", "tmpfs", empty], timeout_s=10)
    except CommandError as error:
        pytest.skip(f"this machine lets nobody mount a small disk: {error}")
    try:
        with pytest.raises(DiskFullError, match="No space left on the disk that holds"):
            Cluster(empty).attach()
        assert not (empty / "postgres" / "data").exists()

        run(["mount", "-o", "remount,size=300m", empty], timeout_s=10)
        with Cluster(empty, settings={"shared_buffers": "16MB"}).attach():
            assert Cluster(empty).is_running()
    finally:
        run(["umount", empty], timeout_s=10)


def test_second_serve_is_refused_by_name_and_pid(empty: Path) -> None:
    first = OtherProcess(SERVE, empty)
    pid = first.pid_said()

    with pytest.raises(AlreadyServingError, match=rf"^posthorn serve \(pid {pid}\) already serves"):
        ServeLock(empty).acquire()

    assert first.leave() == 0
    with ServeLock(empty, command="posthorn demo"):
        second = OtherProcess(SERVE, empty)
        assert f"posthorn demo (pid {os.getpid()}) already serves {empty}" in second.refusal()


def test_killed_serve_frees_its_place(empty: Path) -> None:
    first = OtherProcess(SERVE, empty)
    first.pid_said()
    first.end(signal.SIGKILL)

    with ServeLock(empty):
        assert (empty / "serve.lock").read_text("utf-8") == f"posthorn serve (pid {os.getpid()})"


def test_forked_child_does_not_keep_the_place_of_its_killed_parent(empty: Path) -> None:
    parent = OtherProcess(FORKING_SERVE, empty)
    child = parent.pid_said()
    parent.process.kill()
    parent.process.wait(10)
    os.kill(child, 0)

    lock = ServeLock(empty)
    try:
        assert wait_until(lambda: _acquired(lock), within_s=5)
    finally:
        lock.release()
        os.kill(child, signal.SIGKILL)
        parent.process.communicate(timeout=10)


def _acquired(lock: ServeLock) -> bool:
    try:
        lock.acquire()
    except AlreadyServingError:
        return False
    return True

"""Whose account the server runs under, and where its files may lie."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from posthorn.postgres import Cluster
from posthorn.postgres.binaries import Binaries, current
from posthorn.postgres.commands import Runner
from posthorn.postgres.errors import CopiedFolderError, OtherOwnerError
from tests.process.postgres_processes import (
    ATTACH,
    NOBODY,
    OtherProcess,
    fresh_folder,
    quick_place,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="shows what root does; run as root")


@contextmanager
def system_folder(disk: Path | None = None) -> Iterator[Path]:
    """Lend a stand-in for /var/lib/posthorn."""
    outside = Path(tempfile.mkdtemp(prefix="ph-system-", dir=disk or quick_place()))
    outside.chmod(0o755)
    try:
        yield outside / "posthorn"
    finally:
        shutil.rmtree(outside)


def modes_up_from(folder: Path) -> list[tuple[Path, int, int]]:
    return [(each, each.stat().st_mode, each.stat().st_uid) for each in [folder, *folder.parents]]


def owner_of(path: Path | None) -> str:
    assert path is not None
    return pwd.getpwuid(path.stat().st_uid).pw_name


def skip_unless_nobody_can_run_the_programs() -> None:
    runner = Runner(uid=NOBODY.pw_uid, gid=NOBODY.pw_gid)
    if not runner.succeeds([current().program("initdb"), "--version"], timeout_s=10):
        pytest.skip(f"nobody may not run {current().folder}: a folder above it is closed")


@needs_root
def test_roots_server_runs_under_its_own_account_and_changes_no_parent() -> None:
    with fresh_folder() as folder:
        folder.mkdir(mode=0o711)
        before = modes_up_from(folder)
        with Cluster(folder).attach() as attachment:
            status = Cluster(folder).status()
            with psycopg.connect(attachment.login("app").url()) as app:
                assert app.execute("SELECT current_user").fetchone() == ("posthorn_app",)

            assert status.home == folder / "postgres"
            assert owner_of(Path(f"/proc/{status.pid}")) == "posthorn-pg"
            assert owner_of(status.home / "data") == owner_of(status.socket_folder) == "posthorn-pg"
            assert owner_of(folder / "postgres" / "passwords.json") == "root"
        assert modes_up_from(folder) == before


@needs_root
def test_closed_parent_sends_roots_cluster_to_the_system_folder() -> None:
    with fresh_folder(0o700) as folder, system_folder() as elsewhere:
        folder.mkdir(mode=0o700)
        before = modes_up_from(folder)
        cluster = Cluster(folder, system_folder=elsewhere)
        with cluster.attach() as attachment, psycopg.connect(attachment.login("app").url()) as app:
            assert app.execute("SELECT 1").fetchone() == (1,)
        home = cluster.status().home

        assert home is not None
        assert home.parent == elsewhere
        assert modes_up_from(folder) == before
        assert not (folder / "postgres" / "data").exists()
        cluster.discard()
        assert not home.exists()


@needs_root
def test_moved_data_folder_keeps_its_cluster_and_a_copy_of_it_is_refused() -> None:
    with fresh_folder(0o700) as folder, system_folder() as elsewhere:
        Cluster(folder, system_folder=elsewhere).attach().close()
        home = Cluster(folder).status().home
        copy, moved = folder.with_name("copy"), folder.with_name("moved")
        shutil.copytree(folder, copy)
        with pytest.raises(CopiedFolderError, match=f"{copy} is a copy of {folder}"):
            Cluster(copy, system_folder=elsewhere).attach()

        folder.rename(moved)
        with Cluster(moved, system_folder=elsewhere).attach():
            assert Cluster(moved).status().home == home
        assert names_of_clusters(elsewhere) == [home]


def names_of_clusters(elsewhere: Path) -> list[Path]:
    return sorted(note.parent for note in elsewhere.glob("*/data-folder"))


@needs_root
def test_new_data_folder_at_an_old_path_does_not_touch_the_old_database() -> None:
    with fresh_folder(0o700) as folder, system_folder() as elsewhere:
        cluster = Cluster(folder, system_folder=elsewhere)
        cluster.attach().close()
        first = cluster.status().home
        shutil.rmtree(folder)
        cluster.attach().close()

        assert first is not None
        assert names_of_clusters(elsewhere) == [first, first.with_name(f"{first.name}-2")]
        assert cluster.status().home == first.with_name(f"{first.name}-2")


@needs_root
def test_programs_in_a_closed_folder_are_copied_once() -> None:
    # Programs in memory may not be run everywhere.
    disk = Path(tempfile.gettempdir())
    with fresh_folder() as folder, system_folder(disk) as elsewhere, fresh_folder(0o700) as closed:
        package = current().folder.parent
        for part in (package.name, f"{package.name}.libs"):
            if (package.parent / part).exists():
                shutil.copytree(package.parent / part, closed / part)
        hidden = Binaries(
            folder=closed / package.name / current().folder.name,
            major=current().major,
            version=current().version,
        )
        for _ in range(2):
            with Cluster(folder, installation=hidden, system_folder=elsewhere).attach():
                program = Path(f"/proc/{Cluster(folder).status().pid}/exe").readlink()

        copies = list(elsewhere.iterdir())
        assert [copy.name.startswith(f"postgres-{hidden.version}-") for copy in copies] == [True]
        assert program == copies[0] / package.name / hidden.folder.name / "bin" / "postgres"


@needs_root
def test_ordinary_user_needs_no_rights_and_keeps_everything_in_the_data_folder() -> None:
    skip_unless_nobody_can_run_the_programs()
    with fresh_folder(0o777) as folder:
        user = OtherProcess(ATTACH, folder, user=NOBODY)
        server = user.pid_said()

        assert owner_of(Path(f"/proc/{server}")) == "nobody"
        assert {owner_of(path) for path in folder.rglob("*")} == {"nobody"}
        assert user.leave() == 0
        assert folder.stat().st_mode & 0o777 == 0o700
        assert not Path(f"/proc/{server}/cwd").exists()


@needs_root
def test_root_does_not_meddle_with_the_folder_of_an_ordinary_user() -> None:
    with fresh_folder(0o777) as folder:
        (folder / "postgres").mkdir(parents=True)
        os.chown(folder / "postgres", NOBODY.pw_uid, NOBODY.pw_gid)
        with pytest.raises(OtherOwnerError, match=r"belongs to nobody, this is root.*-u nobody"):
            Cluster(folder).attach()

        assert list((folder / "postgres").iterdir()) == []


@needs_root
def test_folder_that_cannot_be_written_is_named_with_the_way_out() -> None:
    with fresh_folder(0o755) as folder:
        user = OtherProcess(ATTACH, folder, user=NOBODY)

        assert user.refusal() == (
            f"FolderNotWritableError: Cannot keep the database in {folder}/postgres: "
            f"Permission denied ({folder}). Give this account write access to it, "
            "or choose another data folder."
        )
        assert not folder.exists()


def test_long_path_gets_a_short_socket_folder_of_its_own() -> None:
    with fresh_folder() as short:
        folder = short / ("long" * 30)
        folder.parent.mkdir(mode=0o711)
        cluster = Cluster(folder)
        with cluster.attach() as attachment, psycopg.connect(attachment.login("app").url()) as app:
            assert app.execute("SELECT 1").fetchone() == (1,)
            place = cluster.status().socket_folder
            assert place is not None
            assert len(f"{place}/.s.PGSQL.5432") < 90
            assert place.stat().st_mode & 0o777 == 0o700
        cluster.discard()
        assert not place.exists()


@needs_root
def test_socket_folder_somebody_else_made_first_is_not_used() -> None:
    with fresh_folder() as short:
        folder = short / ("long" * 30)
        folder.parent.mkdir(mode=0o711)
        cluster = Cluster(folder)
        cluster.attach().close()
        squatted = cluster.status().socket_folder
        assert squatted is not None
        shutil.rmtree(squatted)
        squatted.mkdir(mode=0o777)
        os.chown(squatted, NOBODY.pw_uid, NOBODY.pw_gid)
        try:
            with cluster.attach() as attachment:
                assert attachment.login("app").host != str(squatted)
                assert list(squatted.iterdir()) == []
        finally:
            shutil.rmtree(squatted)
            cluster.discard()

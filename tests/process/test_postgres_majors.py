"""Moving to the next major version, with everything that was there."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import psycopg
import pytest

from posthorn.postgres import Cluster, Upgrade, WrongMajorError, upgrade
from posthorn.postgres.account import server_account
from posthorn.postgres.binaries import MAJOR, carried, runnable
from posthorn.postgres.creation import create_cluster
from posthorn.postgres.errors import BusyError, ClusterMissingError, UpgradeImpossibleError
from posthorn.postgres.layout import SYSTEM_FOLDER, locate, make_control_folder, make_passwords
from posthorn.postgres.server import Server
from tests.process.postgres_processes import ATTACH, OtherProcess, fresh_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLDER = [major for major in carried() if major < MAJOR]
SETTINGS = {"fsync": "off", "shared_buffers": "16MB"}

pytestmark = pytest.mark.skipif(not OLDER, reason="the wheel carries no older PostgreSQL")


@pytest.fixture
def folder() -> Iterator[Path]:
    with fresh_folder() as path:
        yield path


def old_cluster(folder: Path) -> Cluster:
    return Cluster(folder, settings=SETTINGS, installation=carried()[OLDER[0]])


def fill(cluster: Cluster) -> None:
    with cluster.attach() as attached, psycopg.connect(attached.login("owner").url()) as owner:
        owner.execute("CREATE TABLE words (word text PRIMARY KEY)")
        owner.execute("INSERT INTO words SELECT 'één ' || n FROM generate_series(1, 1000) AS n")


def words_in(folder: Path) -> list[tuple[object, ...]]:
    with Cluster(folder).attach() as attached, psycopg.connect(attached.login("app").url()) as app:
        return app.execute(
            "SELECT count(*), min(word), current_setting('server_version_num')::int / 10000,"
            " current_setting('data_checksums') FROM words"
        ).fetchall()


EVERYTHING = [(1000, "één 1", MAJOR, "on")]


@pytest.mark.parametrize("checksums", [True, False], ids=["with-checksums", "without-checksums"])
def test_upgrade_keeps_every_row_and_the_old_data(folder: Path, *, checksums: bool) -> None:
    make_old_cluster(folder, checksums=checksums)
    fill(old_cluster(folder))
    control = folder / "postgres"

    assert upgrade(folder) == Upgrade(
        from_major=OLDER[0], to_major=MAJOR, kept=control / f"data.old-{OLDER[0]}"
    )

    assert words_in(folder) == EVERYTHING
    assert sorted(path.name for path in control.iterdir() if path.is_dir()) == [
        "data",
        f"data.old-{OLDER[0]}",
        "log",
        "socket",
    ]
    version = control / f"data.old-{OLDER[0]}" / "PG_VERSION"
    assert version.read_text("utf-8") == f"{OLDER[0]}\n"
    assert upgrade(folder) == Upgrade(from_major=MAJOR, to_major=MAJOR, kept=None)


def make_old_cluster(folder: Path, *, checksums: bool) -> None:
    control = make_control_folder(folder)
    account = server_account()
    place = locate(control, account, SYSTEM_FOLDER)
    programs = runnable(carried()[OLDER[0]], account, SYSTEM_FOLDER)
    server = Server(layout=place, binaries=programs, settings=SETTINGS)
    create_cluster(server, make_passwords(control), checksums=checksums)


def test_crash_between_the_two_renames_is_finished_by_the_next_start(folder: Path) -> None:
    fill(Cluster(folder, settings=SETTINGS))
    control = folder / "postgres"
    # The state after the first two of three renames: the old data put aside, the new not in place.
    (control / "data").rename(control / "data.upgraded")

    assert words_in(folder) == EVERYTHING
    assert not (control / "data.upgraded").exists()


def test_upgrade_begins_again_after_a_crash_before_the_old_data_was_put_aside(
    folder: Path,
) -> None:
    fill(old_cluster(folder))
    control = folder / "postgres"
    (control / "data.upgraded").mkdir()
    with pytest.raises(WrongMajorError):
        Cluster(folder).attach()

    upgrade(folder)

    assert words_in(folder) == EVERYTHING


def test_upgrade_waits_for_nobody_who_still_works(folder: Path) -> None:
    with old_cluster(folder).attach() as attached:
        with pytest.raises(BusyError, match="stop them before upgrading"):
            upgrade(folder)

        assert attached.ensure_running() is False

    newer = OtherProcess(ATTACH, folder)
    assert newer.refusal().startswith("WrongMajorError: The database in")


def test_upgrade_from_a_version_nobody_carries_says_how_to_move_the_data(folder: Path) -> None:
    old_cluster(folder).attach().close()
    data = folder / "postgres" / "data"
    (data / "PG_VERSION").write_text("12\n", "utf-8")
    before = sorted(path.name for path in data.parent.iterdir())

    with pytest.raises(UpgradeImpossibleError, match=r"PostgreSQL 12 .* not changed. Dump it"):
        upgrade(folder)

    assert sorted(path.name for path in data.parent.iterdir()) == before


def test_upgrade_that_fails_half_way_leaves_the_old_data_as_it_was(folder: Path) -> None:
    cluster = old_cluster(folder)
    fill(cluster)
    with (
        cluster.attach() as attached,
        psycopg.connect(attached.login("admin", "postgres").url(), autocommit=True) as admin,
    ):
        # pg_upgrade refuses a database that it may not connect to (check.c, PostgreSQL 18).
        admin.execute("CREATE DATABASE closed ALLOW_CONNECTIONS false")

    with pytest.raises(UpgradeImpossibleError, match="pg_upgrade ended with code 1"):
        upgrade(folder)

    assert not list((folder / "postgres").glob("data.*"))
    with cluster.attach() as attached, psycopg.connect(attached.login("app").url()) as app:
        assert app.execute("SELECT count(*) FROM words").fetchone() == (1000,)


def test_nothing_to_upgrade_is_said(folder: Path) -> None:
    with pytest.raises(ClusterMissingError):
        upgrade(folder)
    assert not folder.exists()

    old_cluster(folder).attach().close()
    shutil.rmtree(folder / "postgres" / "data")
    with pytest.raises(ClusterMissingError, match="its data folder"):
        upgrade(folder)

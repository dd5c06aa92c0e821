"""One server per data folder: who starts it, who shares it, and when it stops."""

from __future__ import annotations

import signal
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest

from posthorn.postgres import Cluster, create_database, drop_database
from posthorn.postgres.errors import ClusterMissingError
from tests.process.postgres_processes import ATTACH, OtherProcess, fresh_folder, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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


def test_first_start_makes_a_safe_cluster(empty: Path) -> None:
    cluster = Cluster(empty)

    with cluster.attach() as attachment, psycopg.connect(attachment.login("app").url()) as app:
        names = ["data_checksums", "fsync", "synchronous_commit", "listen_addresses"]
        names += ["password_encryption", "server_encoding", "unix_socket_permissions"]
        setting = "SELECT current_setting(%s)"
        found = {name: app.execute(setting, [name]).fetchone() for name in names}

    assert found == {
        "data_checksums": ("on",),
        "fsync": ("on",),
        "synchronous_commit": ("on",),
        "listen_addresses": ("",),
        "password_encryption": ("scram-sha-256",),
        "server_encoding": ("UTF8",),
        "unix_socket_permissions": ("0700",),
    }
    socket_folder = cluster.status().socket_folder
    assert socket_folder is not None
    assert socket_folder.stat().st_mode & 0o777 == 0o700
    assert (empty / "postgres" / "passwords.json").stat().st_mode & 0o777 == 0o600


def test_each_login_is_the_role_it_says(folder: Path) -> None:
    with Cluster(folder).attach() as attachment:
        found = []
        for role in ("app", "owner", "admin"):
            with psycopg.connect(**attachment.login(role).params()) as connection:
                query = "SELECT current_user, current_database()"
                found.append(connection.execute(query).fetchone())

    assert found == [
        ("posthorn_app", "posthorn"),
        ("posthorn_owner", "posthorn"),
        ("posthorn_admin", "posthorn"),
    ]


def test_wrong_password_is_refused(folder: Path) -> None:
    with Cluster(folder).attach() as attachment:
        guess = replace(attachment.login("app"), password="guess")  # noqa: S106  # a wrong one
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(guess.url())


def test_password_stays_out_of_the_login_shown(folder: Path) -> None:
    with Cluster(folder).attach() as attachment:
        login = attachment.login("app")

    assert login.password not in repr(login)
    assert len(login.password) == 32


def test_web_worker_finds_the_login_without_starting_a_server(empty: Path) -> None:
    with pytest.raises(ClusterMissingError):
        Cluster(empty).login("app")
    assert not empty.exists()

    with Cluster(empty).attach() as attachment:
        attached = attachment.login("app")

    assert Cluster(empty).login("app") == attached
    assert not Cluster(empty).is_running()


def test_second_process_joins_and_the_last_one_stops_the_server(folder: Path) -> None:
    cluster = Cluster(folder)
    attachment = cluster.attach()
    server = cluster.status().pid
    other = OtherProcess(ATTACH, folder)

    assert other.pid_said() == server
    attachment.close()
    assert cluster.status().pid == server
    assert other.leave() == 0
    assert not cluster.is_running()


def test_closing_twice_does_not_stop_the_server_of_others(folder: Path) -> None:
    cluster = Cluster(folder)
    with cluster.attach():
        second = cluster.attach()
        second.close()
        second.close()

        assert cluster.is_running()


def test_eight_racing_starters_get_one_server(empty: Path) -> None:
    starters = [OtherProcess(ATTACH, empty) for _ in range(8)]
    servers = {starter.pid_said() for starter in starters}

    assert servers == {Cluster(empty).status().pid}
    assert [starter.leave() for starter in starters] == [0] * 8
    assert not Cluster(empty).is_running()


def test_killed_user_leaves_the_server_for_the_next(folder: Path) -> None:
    cluster = Cluster(folder)
    user = OtherProcess(ATTACH, folder)
    server = user.pid_said()
    user.end(signal.SIGKILL)
    assert cluster.status().pid == server

    with cluster.attach():
        assert cluster.status().pid == server
    assert not cluster.is_running()


def test_ctrl_c_at_the_starters_terminal_spares_the_server(folder: Path) -> None:
    starter = OtherProcess(ATTACH, folder)
    server = starter.pid_said()
    with Cluster(folder).attach():
        starter.end(signal.SIGINT)

        assert Cluster(folder).status().pid == server


def test_starter_killed_half_way_harms_nobody(empty: Path) -> None:
    data = empty / "postgres" / "data"
    for sign in (empty / "postgres" / "passwords.json", data / "postmaster.pid"):
        starter = OtherProcess(ATTACH, empty)
        assert wait_until(sign.exists, within_s=20)
        starter.end(signal.SIGKILL)

    with (
        Cluster(empty).attach() as attachment,
        psycopg.connect(attachment.login("app").url()) as app,
    ):
        assert app.execute("SELECT current_user").fetchone() == ("posthorn_app",)
    leftovers = [path.name for path in data.parent.iterdir() if path.name.startswith("data.new")]
    assert leftovers == []


def test_databases_for_tests_come_and_go(folder: Path) -> None:
    with Cluster(folder).attach() as attachment:
        with psycopg.connect(attachment.login("owner").url()) as owner:
            owner.execute("CREATE TABLE marks (word text)")
            owner.execute("INSERT INTO marks VALUES ('copied')")
        create_database(attachment, "copy of it", template="posthorn")
        app = psycopg.connect(attachment.login("app", "copy of it").url())
        assert app.execute("SELECT word FROM marks").fetchall() == [("copied",)]

        drop_database(attachment, "copy of it")

        with pytest.raises(psycopg.OperationalError):
            app.execute("SELECT 1")
        app.close()
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(attachment.login("app", "copy of it").url())

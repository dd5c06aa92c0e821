"""The database dies, or cuts every line, while workers send: they go on by themselves."""

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
import pytest

from posthorn.postgres import Cluster
from posthorn_sandbox.mail.sink import Sink, SinkSettings
from posthorn_sandbox.mail.sink_lines import Keeps
from tests.crash.house import House, open_house, wait_until
from tests.crash.oracle import judge
from tests.crash.stage import CALM, lent_house, use_relay
from tests.database import Database
from tests.process.postgres_processes import fresh_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.xdist_group("engine-database"), pytest.mark.timeout(240)]

DEATHS = 3
RESUMED_WITHIN_S = 10
HEARD_WITHIN_S = 5
SLOW = SinkSettings(delay_ms=30, keeps=Keeps.DIGESTS)
TWO_SENDERS = {**CALM, "senders": 2}
_ACCEPTED = "SELECT count(*) FROM delivery_delivery WHERE state = 'accepted'"
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


def goes_on(house: House) -> bool:
    """Tell whether another delivery is accepted in time."""
    before = house.one(_ACCEPTED)
    return wait_until(lambda: house.one(_ACCEPTED) > before, within_s=RESUMED_WITHIN_S)


def test_workers_go_on_when_the_server_was_killed_under_load() -> None:
    with (
        Sink(SLOW) as sink,
        server_of_its_own() as (cluster, database),
        open_house(database) as house,
    ):
        use_relay(house, sink.smtp)
        scene = house.do("set_scene", clients=16)
        released = house.do("supply", **scene, count=600, size=3_000)
        workers = [house.worker(TWO_SENDERS) for _ in range(2)]
        assert goes_on(house), house.plight()

        for _ in range(DEATHS):
            kill_server(cluster)
            assert goes_on(house), house.plight()

        assert [worker.poll() for worker in workers] == [None, None]
        assert wait_until(house.drained, within_s=60), house.plight()
        for worker in workers:
            worker.kill(signal.SIGTERM)
            assert worker.wait() == 0
        judgement = judge(house, released=released, arrived=sink.records(), in_flight=0)
        assert judgement.complaints == {}
        assert (judgement.accepted, judgement.copies) == (600, 0)


@pytest.fixture(scope="module")
def lent() -> Iterator[tuple[House, Database]]:
    with lent_house("cut") as house:
        yield house


def test_workers_go_on_when_every_line_was_cut_for_a_while(lent: tuple[House, Database]) -> None:
    house, database = lent
    with Sink(SLOW) as sink:
        use_relay(house, sink.smtp)
        scene = house.do("set_scene", clients=8)
        released = house.do("supply", **scene, count=200, size=3_000)
        looks_seldom = {**TWO_SENDERS, "sweep": 20.0}
        workers = [house.worker(looks_seldom) for _ in range(2)]
        assert goes_on(house), house.plight()

        cut_all_lines(database, for_s=3.0)

        assert wait_until(house.drained, within_s=60), house.plight()
        time.sleep(1)
        began = time.monotonic()
        released += house.do("supply", **scene, count=8, size=3_000)
        assert wait_until(house.drained, within_s=HEARD_WITHIN_S), house.plight()
        assert time.monotonic() - began < HEARD_WITHIN_S
        assert [worker.poll() for worker in workers] == [None, None]
        judgement = judge(house, released=released, arrived=sink.records(), in_flight=0)
        assert judgement.complaints == {}
        assert (judgement.accepted, judgement.copies) == (208, 0)


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

"""A database, a zygote and what the test process does with them from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

import psycopg
from psycopg.rows import dict_row

from tests.crash.zygote import ANSWERS, LEASE_LOST, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.database import Database

PACE: Mapping[str, float] = {"senders": 4, "heartbeat": 0.05, "lease": 0.3, "sweep": 0.1}
"""A worker's pace at which its death is noticed in a third of a second."""
NON_FINAL = ["queued", "sending", "retrying", "unknown", "held"]
_LOOK_EVERY_S = 0.005
# A worker so slow that it missed its own lease has swept up after itself.
_IN_FLIGHT = """
SELECT count(*) FROM delivery_attempt a JOIN delivery_incarnation i ON i.id = a.incarnation_id
WHERE i.pid = %s AND (a.outcome = '' OR a.code = 'worker_lost')
"""


class ActFailedError(AssertionError):
    """Read the log in the message: a forked process ended with another code than expected."""


@dataclass(slots=True)
class Forked:
    """One forked process; ended ones keep their exit code."""

    house: House
    pid: int
    started: float = field(default_factory=time.monotonic)
    code: int | None = None

    def poll(self) -> int | None:
        """Give the exit code, minus the signal's number, or None while it runs."""
        if self.code is None:
            self.code = self.house.ask({"wait": self.pid})
        return self.code

    def wait(self, within_s: float = 30.0) -> int:
        """Give the exit code. Raises ActFailedError when it does not end."""
        if not wait_until(lambda: self.poll() is not None, within_s=within_s):
            message = f"process {self.pid} did not end:\n{self.house.log()[-3_000:]}"
            raise ActFailedError(message)
        assert self.code is not None
        return self.code

    def answer(self, within_s: float = 60.0) -> Any:  # noqa: ANN401  whatever the act gave
        """Wait for the end and give what the act returned. Raises ActFailedError."""
        place = self.house.data / ANSWERS / f"{self.pid}.json"
        self.wait(within_s)
        if not place.exists():
            message = f"process {self.pid} ended with {self.code}:\n{self.house.log()[-3_000:]}"
            raise ActFailedError(message)
        content = json.loads(place.read_text())
        place.unlink()
        return content

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal; one that kills is waited for."""
        os.kill(self.pid, how)
        if how is signal.SIGKILL:
            self.wait()


class House:
    """One database with processes that work on it; every query here sees all firms."""

    def __init__(self, database: Database, zygote: subprocess.Popen[str], log: Path) -> None:
        self.data = database.data
        self.env: dict[str, Any] = {}
        self._admin = database.admin.url()
        self._zygote = zygote
        self._log = log
        self._children: list[Forked] = []
        self._connection = self._connect()

    def ask(self, question: Mapping[str, Any]) -> int | None:
        """Ask the zygote."""
        requests, answers = self._zygote.stdin, self._zygote.stdout
        assert requests is not None
        assert answers is not None
        requests.write(json.dumps(question) + "\n")
        requests.flush()
        line = answers.readline()
        assert line, self.log()
        answer: int | None = json.loads(line)
        return answer

    def start(self, act: str, **arguments: object) -> Forked:
        """Fork a process that does an act."""
        pid = self.ask({"act": act, "arguments": arguments})
        assert pid is not None
        child = Forked(self, pid)
        self._children.append(child)
        return child

    def do(self, act: str, **arguments: object) -> Any:  # noqa: ANN401  whatever the act gave
        """Have an act done and give what it returned."""
        return self.start(act, **arguments).answer()

    def worker(self, pace: Mapping[str, float] = PACE, **arguments: object) -> Forked:
        """Start a worker at a pace on this house's settings."""
        env = {**self.env, **arguments.pop("env", {})}  # type: ignore[dict-item]
        return self.start("work", pace=dict(pace), env=env, **arguments)

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """Read rows; a server that was away is asked again."""
        found: list[dict[str, Any]] = self._retried(
            lambda: self._connection.execute(query, values).fetchall()
        )
        return found

    def one(self, query: str, *values: object) -> Any:  # noqa: ANN401  a column of any type
        """Read one value."""
        (row,) = self.rows(query, *values)
        (value,) = row.values()
        return value

    def change(self, statement: str, *values: object) -> None:
        """Change rows behind everybody's back."""
        self._retried(lambda: self._connection.execute(statement, values))

    def log(self) -> str:
        """Give what all processes logged."""
        return self._log.read_text("utf-8", "replace")

    def drained(self) -> bool:
        """Tell whether nothing waits or is on its way; what is on hold counts as at rest."""
        query = "SELECT count(*) FROM delivery_delivery WHERE state <> 'held' AND state = ANY(%s)"
        return bool(self.one(query, NON_FINAL) == 0)

    def sends_in_flight(self, worker: Forked) -> int:
        """Count the attempts a dead worker left open, once the server has let go of it."""
        gone = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
        assert wait_until(lambda: self.one(gone, name_of(worker.pid)) == 0, within_s=10)
        return int(self.one(_IN_FLIGHT, worker.pid))

    def has_begun(self, worker: Forked) -> bool:
        """Tell whether a worker has started an attempt."""
        return bool(
            self.one(
                "SELECT EXISTS (SELECT 1 FROM delivery_attempt a JOIN delivery_incarnation i"
                " ON i.id = a.incarnation_id WHERE i.pid = %s AND i.stopped_at IS NULL)",
                worker.pid,
            )
        )

    def settle(self, within_s: float = 60.0, pace: Mapping[str, float] = PACE) -> int:
        """Let a worker finish what waits, then end it in good order; gives sends in flight.

        On a slow machine it may miss its lease; then another one goes on.
        """
        in_flight = 0
        deadline = time.monotonic() + within_s
        worker = self.worker(pace)
        while not self.drained():
            assert time.monotonic() < deadline, self.plight()
            if worker.poll() is not None:
                assert worker.code == LEASE_LOST, self.plight()
                in_flight += self.sends_in_flight(worker)
                worker = self.worker(pace)
            time.sleep(10 * _LOOK_EVERY_S)
        worker.kill(signal.SIGTERM)
        worker.wait()
        return in_flight

    def standing(self) -> dict[str, int]:
        """Count deliveries by state and reason."""
        rows = self.rows(
            "SELECT state, reason, code, count(*) FROM delivery_delivery GROUP BY 1, 2, 3"
        )
        names = (" ".join(filter(None, [r["state"], r["reason"], r["code"]])) for r in rows)
        return {name: row["count"] for name, row in zip(names, rows, strict=True)}

    def plight(self) -> str:
        """Describe a run that does not go on: what waits, who holds what, the end of the log."""
        lanes = self.rows(
            "SELECT count(*), count(owner_id) AS held, count(next_at) AS waiting,"
            " count(*) FILTER (WHERE owner_id IS NULL AND next_at <= clock_timestamp()) AS due"
            " FROM delivery_lane"
        )
        trouble = self.rows(
            "SELECT backoff_step, probe_lane, attention, clock_timestamp() - failing_since AS since"
            " FROM connections_connection WHERE backoff_step > 0 OR attention <> ''"
        )
        workers = self.rows(
            "SELECT pid, clock_timestamp() - heartbeat_at AS silent FROM delivery_incarnation"
            " WHERE stopped_at IS NULL"
        )
        return f"{self.standing()}\n{lanes}\n{trouble}\n{workers}\n{self.log()[-3_000:]}"

    def end_children(self) -> None:
        """Kill what still runs."""
        for child in self._children:
            if child.poll() is None:
                child.kill()
        self._children.clear()

    def close(self) -> None:
        """End every process and let go of the database."""
        with suppress(ProcessLookupError):
            self.end_children()
        assert self._zygote.stdin is not None
        self._zygote.stdin.close()
        self._zygote.wait(30)
        assert self._zygote.stdout is not None
        self._zygote.stdout.close()
        self._connection.close()

    def _connect(self) -> psycopg.Connection[dict[str, Any]]:
        return psycopg.connect(self._admin, autocommit=True, row_factory=dict_row)

    def _retried(self, call: Callable[[], Any]) -> Any:  # noqa: ANN401
        deadline = time.monotonic() + 30
        while True:
            try:
                return call()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
                with suppress(psycopg.OperationalError):
                    self._connection.close()
                    self._connection = self._connect()


@contextmanager
def open_house(database: Database) -> Iterator[House]:
    """Start a zygote on a database."""
    log = database.data / "processes.log"
    with log.open("w") as errors:
        house = House(database, _zygote(database, errors), log)
        try:
            yield house
        finally:
            house.close()


def _zygote(database: Database, errors: IO[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.crash.zygote"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        env=database.variables(),
    )


def goes_on(house: House, *, within_s: float = 10) -> bool:
    """Tell whether in time another delivery is accepted, or nothing is left to do."""
    accepted = "SELECT count(*) FROM delivery_delivery WHERE state = 'accepted'"
    before = house.one(accepted)
    return wait_until(
        lambda: bool(house.one(accepted) > before) or house.drained(), within_s=within_s
    )


def wait_until(condition: Callable[[], bool], *, within_s: float) -> bool:
    """Ask again and again, for so many seconds."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_EVERY_S)
    return True

"""One worker process: claims lanes, sends on many threads, keeps its lease, sweeps."""

from __future__ import annotations

import logging
import queue
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, connection

from posthorn.archive.storage import storage
from posthorn.delivery import holds, instance, lanes, loading
from posthorn.delivery.asker import ask_on
from posthorn.delivery.committer import Committer
from posthorn.delivery.engine import LaneRun, hold_all
from posthorn.delivery.incarnations import Incarnation
from posthorn.delivery.listener import Listener
from posthorn.delivery.notices.telling import tell_on
from posthorn.delivery.readback.looker import Looker
from posthorn.delivery.rounds import go_on, rounds
from posthorn.delivery.states import Hold
from posthorn.delivery.turns import Turn
from posthorn.kernel import crash
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from posthorn.delivery.loading import Run

_log = logging.getLogger(__name__)
_PAUSE_S = 0.5
_GATHER_S = 0.01
# Python's 5 ms let a sender that builds a mail hold up the committer at each of its round trips.
_SWITCH_S = 0.0005


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a worker beats and how much it does at once; times in seconds."""

    senders: int
    heartbeat: float
    lease: float
    sweep: float


class LeaseLostError(RuntimeError):
    """Start a new worker: this one was declared dead while it was frozen."""


class Worker:
    """Runs until it is told to stop; raises LeaseLostError when its lease was taken."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._incarnation = Incarnation(heartbeat_s=pace.heartbeat, lease_s=pace.lease)
        self._committer = Committer(self._incarnation.id)
        self._runs: queue.SimpleQueue[Run | None] = queue.SimpleQueue()
        self._free = pace.senders
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._is_stopping = threading.Event()
        self._listener = Listener(self._wake)
        self._storage = storage()

    def stop(self) -> None:
        """Start nothing more, finish what is in flight, then return from `run`."""
        # A signal's handler may run while this thread holds the lock of an event it waits for
        # itself; so the claiming thread is not woken, it looks up by itself.
        self._incarnation.stop_starting()
        self._is_stopping.set()

    def run(self) -> None:
        """Work until stopped."""
        sys.setswitchinterval(_SWITCH_S)
        standing = instance.recognise()
        if not standing.may_send:
            _log.warning("Nothing is sent: %s Look at `posthorn doctor`.", standing.sentence)
        holds.reconsider_connectors()
        self._incarnation.begin()
        self._committer.start()
        self._listener.start()
        senders = [
            threading.Thread(target=self._send_on, name=f"sender-{number}", daemon=True)
            for number in range(self._pace.senders)
        ]
        beside = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in self._beside().items()
        ]
        for thread in (*senders, *beside):
            thread.start()
        self._claim_on()
        self._is_stopping.set()  # a lost lease ends the rounds too
        for _ in senders:
            self._runs.put(None)
        for thread in (*senders, *beside):
            thread.join()
        self._committer.stop()
        self._listener.stop()
        if self._incarnation.is_lost:
            message = "The lease of this worker was taken."
            raise LeaseLostError(message)
        self._incarnation.end()

    def _beside(self) -> Mapping[str, Callable[[], None]]:
        """Name what else goes on until the end, each on a thread of its own."""
        looker = Looker(
            owner=self._incarnation.id,
            lease=self._incarnation,
            commits=self._committer,
            wake=self._wake.set,
        )
        return {
            "rounds": self._make_rounds,
            "asker": lambda: ask_on(self._is_stopping),
            "looker": lambda: looker.look_on(self._is_stopping),
            "notices": lambda: tell_on(self._is_stopping),
        }

    def _claim_on(self) -> None:
        while not (self._is_stopping.is_set() or self._incarnation.is_lost):
            self._gather()
            self._wake.clear()
            try:
                claimed = self._claim()
            except (DatabaseError, InterfaceError) as error:
                _log.warning("No lanes could be claimed: %s", error)
                connection.close()
                time.sleep(_PAUSE_S)
                continue
            if not claimed:
                self._wake.wait(self._pace.sweep)
        connection.close()

    def _gather(self) -> None:
        """Let a few senders end first: claiming several lanes costs little more than one."""
        with self._lock:
            free = self._free
        if 0 < free < self._pace.senders // 2:
            time.sleep(_GATHER_S)

    def _claim(self) -> int:
        with self._lock:
            free = self._free
        if not free or not self._incarnation.is_fit():
            return 0
        with system("claim"):
            claimed = lanes.claim(self._incarnation.id, free)
            runs = loading.load(claimed) if claimed else []
        crash.reach("after_claim")
        with self._lock:
            self._free -= len(runs)
        for run in runs:
            self._runs.put(run)
        return len(runs)

    def _send_on(self) -> None:
        while (run := self._runs.get()) is not None:
            try:
                self._drain(run)
            except Exception:  # noqa: BLE001  # one lane's trouble must not cost a sending thread
                _log.exception("A lane run ended early; its lane is let go.")
                self._committer.submit(Turn(let_go=run.held))
            finally:
                with self._lock:
                    self._free += 1
                self._wake.set()

    def _drain(self, run: Run) -> None:
        if run.connector is None or run.obstacle:
            hold_all(run, run.obstacle or Hold.CONNECTOR_MISSING, self._committer)
            return
        LaneRun(
            run,
            run.connector,
            commits=self._committer,
            lease=self._incarnation,
            storage=self._storage,
        ).drain()

    def _make_rounds(self) -> None:
        chores = rounds(sweep_s=self._pace.sweep, lease_s=self._pace.lease)
        go_on(chores, self._is_stopping, self._pace.sweep)

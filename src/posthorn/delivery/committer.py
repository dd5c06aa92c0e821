"""Commits the turns of all sending threads in groups: one transaction serves many deliveries."""

from __future__ import annotations

import logging
import queue
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from posthorn.delivery import ledger
from posthorn.delivery.turns import Granted, Turn
from posthorn.kernel import crash

if TYPE_CHECKING:
    from uuid import UUID

_log = logging.getLogger(__name__)
_LARGEST_GROUP = 128
_PAUSE_S = 0.5

_Waiting = tuple[Turn, "Future[bool]"]


class Committer:
    """One thread, one database connection; `submit` blocks until the caller's turn is committed."""

    def __init__(self, owner: UUID) -> None:
        self._owner = owner
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="committer", daemon=True)

    def start(self) -> None:
        """Begin to commit."""
        self._thread.start()

    def stop(self) -> None:
        """Commit what is submitted, then end."""
        self._queue.put(None)
        self._thread.join()

    def submit(self, turn: Turn) -> bool:
        """Commit a turn; True when its begin was granted, or its finish kept if it begins nothing.

        Raises DatabaseError when the database refuses this very turn.
        """
        done: Future[bool] = Future()
        self._queue.put((turn, done))
        return done.result()

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            self._settle([first, *self._more()])
        connection.close()

    def _settle(self, group: list[_Waiting]) -> None:
        try:
            granted = self._commit([turn for turn, _ in group])
        except DatabaseError as error:
            self._settle_alone(group, error)
            return
        for turn, done in group:
            _tell_if_late(turn, granted)
            done.set_result(_answer(turn, granted))

    def _settle_alone(self, group: list[_Waiting], error: DatabaseError) -> None:
        # One turn that the database refuses must not take its neighbours with it.
        if len(group) == 1:
            group[0][1].set_exception(error)
            return
        for waiting in group:
            self._settle([waiting])

    def _more(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        while len(group) < _LARGEST_GROUP:
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                break
            if waiting is None:
                self._queue.put(None)
                break
            group.append(waiting)
        return group

    def _commit(self, turns: list[Turn]) -> Granted:
        """Write until the database has it: what came of a sending is not lost with a connection.

        Raises DatabaseError for turns that the database refuses and always will.
        """
        is_again = False
        while True:
            try:
                if is_again and _is_any(granted := ledger.already_written(turns)):
                    return granted
                _reach(turns, "before")
                granted = ledger.write(self._owner, turns)
            except (OperationalError, InterfaceError) as error:
                _log.warning("The database did not take %d turns: %s", len(turns), error)
                connection.close()
                is_again = True
                time.sleep(_PAUSE_S)
            else:
                _reach(turns, "after")
                return granted


def _reach(turns: list[Turn], when: str) -> None:
    if any(turn.begin for turn in turns):
        crash.reach(f"{when}_start_commit")
    if any(turn.finish for turn in turns):
        crash.reach(f"{when}_finish_commit")


def _tell_if_late(turn: Turn, granted: Granted) -> None:
    if turn.finish and turn.finish.attempt_id not in granted.finished:
        _log.warning(
            "Delivery %s, attempt %s: its result came too late and was not kept: %s",
            turn.finish.delivery_id,
            turn.finish.attempt_id,
            turn.finish.verdict.outcome,
        )


def _is_any(granted: Granted) -> bool:
    return bool(granted.begun or granted.finished)


def _answer(turn: Turn, granted: Granted) -> bool:
    if turn.begin:
        return turn.begin.attempt_id in granted.begun
    if turn.finish:
        return turn.finish.attempt_id in granted.finished
    return True

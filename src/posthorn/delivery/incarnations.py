"""One life of a worker process: its lease, its heartbeat by the database's clock, its end."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, connection

from posthorn.kernel.ids import new_id
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from uuid import UUID

_log = logging.getLogger(__name__)


class Incarnation:
    """The lease of this process; a lost one is never taken up again."""

    def __init__(self, *, heartbeat_s: float, lease_s: float) -> None:
        self.id: UUID = new_id()
        self._heartbeat_s = heartbeat_s
        self._lease_s = lease_s
        self._beaten_at = time.monotonic()
        self._is_over = threading.Event()
        self._is_stopping = False
        self._is_lost = False
        self._thread = threading.Thread(target=self._beat_on, name="heartbeat", daemon=True)

    def begin(self) -> None:
        """Write the lease and keep it up."""
        with system("worker start"), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO delivery_incarnation (id, host, pid, started_at, heartbeat_at)"
                " VALUES (%s, %s, %s, clock_timestamp(), clock_timestamp())",
                [self.id, socket.gethostname()[:200], os.getpid()],
            )
        self._beaten_at = time.monotonic()
        self._thread.start()

    def is_fit(self) -> bool:
        """Tell whether something new may start: the last heartbeat is younger than half a lease."""
        return not (self._is_lost or self._is_stopping) and (
            time.monotonic() - self._beaten_at < self._lease_s / 2
        )

    @property
    def is_lost(self) -> bool:
        """Whether another worker declared this one dead."""
        return self._is_lost

    def stop_starting(self) -> None:
        """Start nothing more; the lease is kept up until what is in flight is finished."""
        self._is_stopping = True

    def end(self) -> None:
        """Give the lease back; call it when nothing is in flight any more."""
        self._is_over.set()
        self._thread.join()
        with system("worker stop"), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE delivery_incarnation SET stopped_at = clock_timestamp()"
                " WHERE id = %s AND stopped_at IS NULL",
                [self.id],
            )

    def _beat_on(self) -> None:
        while not self._is_over.wait(self._heartbeat_s) and not self._is_lost:
            try:
                self._beat()
            except (DatabaseError, InterfaceError) as error:
                _log.warning("No heartbeat: %s", error)
                connection.close()
        connection.close()

    def _beat(self) -> None:
        started = time.monotonic()
        with system("heartbeat"), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE delivery_incarnation SET heartbeat_at = clock_timestamp()"
                " WHERE id = %s AND stopped_at IS NULL",
                [self.id],
            )
            self._is_lost = cursor.rowcount == 0
        # The lease counts from before the question: an answer that took long proves nothing newer.
        self._beaten_at = started

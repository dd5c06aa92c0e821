"""Hears the database say that lanes are due, on a connection of its own."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import psycopg
from django.db import DatabaseError, InterfaceError, connection

from posthorn.delivery.lanes import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection, Notify

_log = logging.getLogger(__name__)
_LOOK_UP_S = 0.5


class Listener:
    """Sets an event for every notification; a missed one costs a sweep interval, no more."""

    def __init__(self, heard: threading.Event) -> None:
        self._heard = heard
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._listen_on, name="listener", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._is_over.set()
        self._thread.join()

    def _listen_on(self) -> None:
        while not self._is_over.is_set():
            try:
                self._listen()
            except (DatabaseError, InterfaceError, psycopg.Error, OSError) as error:
                # Waiting goes past Django, so its errors are psycopg's own.
                _log.warning("Not listening to the database: %s", error)
                connection.close()
                self._is_over.wait(_LOOK_UP_S)
        connection.close()

    def _listen(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        # What was released between a lost connection and this LISTEN was not heard.
        self._heard.set()
        raw: Connection = connection.connection
        while not self._is_over.is_set():
            for _ in _notifications(raw):
                self._heard.set()


def _notifications(raw: Connection) -> Iterator[Notify]:
    yield from raw.notifies(timeout=_LOOK_UP_S, stop_after=1)

"""A database and a data folder for one measurement, with Django set up on them."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import django
from django.db import connection

from tests.database import Database, fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from benchmarks.processes import SinkProcess


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one measurement happens, and what its workers are told."""

    database: Database

    def variables(self, sink: SinkProcess, senders: int) -> dict[str, str]:
        """Give the environment of workers that send into a sink."""
        return self.database.variables() | mail_settings(sink) | {"POSTHORN_SENDERS": str(senders)}


def mail_settings(sink: SinkProcess) -> dict[str, str]:
    """Give the settings of a relay without TLS, which bare smtplib has none of either."""
    return {
        "POSTHORN_MAIL_RELAY": f"smtp://{sink.host}:{sink.port}?tls=none",
        "POSTHORN_MAIL_FROM": "posthorn@load.example",
    }


@contextmanager
def place() -> Iterator[Place]:
    """Lend a fresh database; Django of this process works on it."""
    with fresh_database("bench") as database:
        os.environ.update(database.variables())
        django.setup()
        try:
            yield Place(database=database)
        finally:
            connection.close()


def received() -> int:
    """Count attempts whose receipt is committed."""
    return int(_one("SELECT count(*) FROM delivery_attempt WHERE outcome = 'receipt'"))


def last_receipt() -> datetime:
    """Give the time of the last committed receipt."""
    found: datetime = _one(
        "SELECT max(finished_at) FROM delivery_attempt WHERE outcome = 'receipt'"
    )
    return found


def clock() -> datetime:
    """Give the database's time."""
    found: datetime = _one("SELECT clock_timestamp()")
    return found


def _one(query: str) -> Any:  # noqa: ANN401  # whatever the one column holds
    from posthorn.tenancy.scope import system  # noqa: PLC0415  # Django is set up by now

    with system("benchmark"), connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]

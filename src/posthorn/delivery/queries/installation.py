"""Tells an operator how the installation is: its workers, its database, its clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection

from posthorn.kernel.clock import now
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from datetime import datetime

_WORKERS = """
SELECT host, pid, started_at, heartbeat_at FROM delivery_incarnation
WHERE stopped_at IS NULL AND heartbeat_at > clock_timestamp() - %s * interval '1 second'
ORDER BY started_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveWorker:
    """A worker whose lease holds."""

    host: str
    pid: int
    started_at: datetime
    heartbeat_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The database server as this login sees it; `skew` is its clock minus ours."""

    version: str
    login: str
    skew: timedelta


def live_workers(lease_s: float) -> tuple[LiveWorker, ...]:
    """Give the workers that live, the oldest first. Reads only."""
    with system("live workers"), connection.cursor() as cursor:
        cursor.execute(_WORKERS, [lease_s])
        return tuple(
            LiveWorker(host=host, pid=pid, started_at=started, heartbeat_at=beaten)
            for host, pid, started, beaten in cursor.fetchall()
        )


def server() -> Server:
    """Ask the database who it is and what time it has. Reads only."""
    with connection.cursor() as cursor:
        before = now()
        cursor.execute("SELECT current_setting('server_version'), session_user, clock_timestamp()")
        version, login, theirs = cursor.fetchone()
        middle = before + (now() - before) / 2
    return Server(version=str(version), login=str(login), skew=theirs - middle)

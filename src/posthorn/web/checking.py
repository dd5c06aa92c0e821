"""Checks an accounting package beside the request, and keeps the answer for who asked."""

from __future__ import annotations

import secrets
import threading
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import connections, transaction

from posthorn.connections.check import check_connection
from posthorn.connections.consultation import LIMIT_S
from posthorn.connections.errors import ConnectionsError
from posthorn.kernel.clock import now
from posthorn.sdk.errors import Outcome

if TYPE_CHECKING:
    from uuid import UUID

_KEPT_S = 600
# The check ends by itself; a process that was stopped meanwhile never answers.
_PATIENCE = timedelta(seconds=LIMIT_S + 10)


class Stage(StrEnum):
    """How far a check is."""

    RUNNING = "running"
    GOOD = "good"
    BAD = "bad"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a check came to: who we are connected as, or the code of what is wrong."""

    stage: Stage
    said: str = ""
    code: str = ""


def begin(firm: UUID, connection: UUID, *, actor: str) -> str:
    """Start a check once the running transaction is there for others to see; gives its ticket."""
    ticket = secrets.token_urlsafe(12)
    cache.set(_key(connection, ticket), {"since": now().isoformat()}, _KEPT_S)

    def start() -> None:
        work = threading.Thread(
            target=_work, args=(firm, connection, actor, ticket), name="package-check", daemon=True
        )
        work.start()

    transaction.on_commit(start)
    return ticket


def answer_to(connection: UUID, ticket: str) -> Answer:
    """Give what a check came to so far; a ticket that nobody knows is of a lost one."""
    kept = cache.get(_key(connection, ticket)) if ticket else None
    if kept is None:
        return Answer(stage=Stage.LOST)
    if "stage" in kept:
        return Answer(**{**kept, "stage": Stage(kept["stage"])})
    waited = now() - datetime.fromisoformat(kept["since"])
    return Answer(stage=Stage.RUNNING if waited < _PATIENCE else Stage.LOST)


def ask(firm: UUID, connection: UUID, *, actor: str) -> Answer:
    """Check and give the answer, whatever it is; outside any transaction."""
    try:
        said = check_connection(firm, connection, actor=actor)
    except (Outcome, ConnectionsError) as wrong:
        return Answer(stage=Stage.BAD, said=getattr(wrong, "detail", ""), code=wrong.code)
    return Answer(stage=Stage.GOOD, said=said)


def _work(firm: UUID, connection: UUID, actor: str, ticket: str) -> None:
    try:
        cache.set(_key(connection, ticket), asdict(ask(firm, connection, actor=actor)), _KEPT_S)
    finally:
        connections.close_all()


def _key(connection: UUID, ticket: str) -> str:
    return f"package-check:{connection}:{ticket}"

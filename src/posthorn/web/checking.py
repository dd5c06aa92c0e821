"""Asks a worker to check an accounting package, and tells how far that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from posthorn.connections import errands
from posthorn.connections.check import KIND
from posthorn.connections.consultation import LIMIT_S
from posthorn.connections.errors import NotFoundError
from posthorn.kernel.clock import now

if TYPE_CHECKING:
    from posthorn.connections.errand_models import Errand

# The check ends by itself; where no worker runs nobody ever answers.
_PATIENCE = timedelta(seconds=LIMIT_S + 20)


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
    """Ask for a check, inside the firm's scope; gives its ticket."""
    return str(errands.begin(firm, connection, KIND, actor=actor))


def answer_to(firm: UUID, connection: UUID, ticket: str) -> Answer:
    """Give what a check came to so far; a ticket that nobody knows is of a lost one."""
    try:
        return _answer(errands.errand_of(firm, connection, UUID(ticket)))
    except (NotFoundError, ValueError):
        return Answer(stage=Stage.LOST)


def _answer(errand: Errand) -> Answer:
    if errand.done_at is None:
        is_waited_for = now() - errand.asked_at < _PATIENCE
        return Answer(stage=Stage.RUNNING if is_waited_for else Stage.LOST)
    if errand.code:
        return Answer(stage=Stage.BAD, said=errand.detail, code=errand.code)
    return Answer(stage=Stage.GOOD, said=str(errand.answer.get("said", "")))

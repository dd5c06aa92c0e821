"""Says in one word where a document stands, out of its own facts and its deliveries; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from posthorn.delivery.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence


class Stand(StrEnum):
    """Where a document stands while no delivery speaks for it."""

    READING = "reading"
    UNREADABLE = "unreadable"
    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"
    UNASSIGNED = "unassigned"
    REJECTED = "rejected"
    NO_DIRECTION = "no_direction"
    TO_APPROVE = "to_approve"
    TO_SEND = "to_send"
    STATEMENT = "statement"
    CHECK_FAILED = "check_failed"
    CUT = "cut"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What decides where a document stands."""

    reading: str
    problem: str
    is_duplicate: bool
    is_assigned: bool
    is_rejected: bool
    is_released: bool
    is_statement: bool
    direction: str
    not_planned: str
    is_cut: bool = False  # its parts go in its place
    is_doubtful: bool = False  # a statement that its check found wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a document stands; `reason` is a hold, a cause of no delivery or a reading problem."""

    where: Stand | State
    reason: str = ""


# The one that most needs somebody speaks for the document.
_PRESSING = (
    State.HELD,
    State.REFUSED,
    State.BOUNCED,
    State.REJECTED_BY_PACKAGE,
    State.EXPIRED,
    State.UNKNOWN,
    State.RETRYING,
    State.SENDING,
    State.QUEUED,
    State.ACCEPTED,
    State.DELIVERED,
    State.CANCELLED,
)
_BY_READING = {
    "pending": Stand.READING,
    "unreadable": Stand.UNREADABLE,
    "quarantined": Stand.QUARANTINED,
}


def standing_of(facts: DocumentFacts, deliveries: Sequence[Standing]) -> Standing:
    """Give a document's standing; `deliveries` holds the latest one of each integration."""
    if deliveries:
        return min(deliveries, key=lambda one: _PRESSING.index(State(one.where)))
    if facts.reading in _BY_READING:
        return Standing(where=_BY_READING[facts.reading], reason=facts.problem)
    return Standing(where=_unsent(facts), reason=facts.not_planned)


def _unsent(facts: DocumentFacts) -> Stand:
    waiting = Stand.TO_SEND if facts.direction == "sales" else Stand.TO_APPROVE
    waiting = Stand.STATEMENT if facts.is_statement else waiting
    answers = (
        (facts.is_cut, Stand.CUT),
        (not facts.is_assigned, Stand.UNASSIGNED),
        (facts.is_duplicate, Stand.DUPLICATE),
        (facts.is_rejected, Stand.REJECTED),
        (facts.is_released, Stand.NOWHERE),
        (not facts.direction and not facts.is_statement, Stand.NO_DIRECTION),
        (facts.is_doubtful, Stand.CHECK_FAILED),
    )
    return next((stand for holds, stand in answers if holds), waiting)

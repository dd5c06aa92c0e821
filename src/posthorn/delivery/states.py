"""The states of a delivery and every move between them; a docs page is generated from here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation.trans_null import gettext_noop as _  # needs no settings

from posthorn.delivery.reasons import HOLDS, Hold, HoldMeaning

__all__ = [
    "FAILED",
    "HOLDS",
    "MOVES",
    "STATES",
    "TROUBLE",
    "WAITING",
    "Actor",
    "Button",
    "Hold",
    "HoldMeaning",
    "IllegalMoveError",
    "Meaning",
    "State",
    "check_move",
    "sources_of",
]


class State(StrEnum):
    """Where a delivery stands."""

    QUEUED = "queued"
    SENDING = "sending"
    RETRYING = "retrying"
    UNKNOWN = "unknown"
    HELD = "held"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    REFUSED = "refused"
    BOUNCED = "bounced"
    REJECTED_BY_PACKAGE = "rejected_by_package"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Actor(StrEnum):
    """Who may move a delivery."""

    ENGINE = "engine"
    SWEEP = "sweep"
    PERSON = "person"
    SETTINGS = "settings"
    EVIDENCE = "evidence"


class Button(StrEnum):
    """The one thing a person can do next."""

    NONE = ""
    HOLD = "hold"
    RELEASE = "release"
    RESEND = "resend"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A state in people's words: the word on screen, why it is so, who must act, and the button."""

    word: str
    why: str
    who: str
    button: Button
    is_final: bool = False


STATES: dict[State, Meaning] = {
    State.QUEUED: Meaning(
        word=_("Queued"),
        why=_("It is released and waits for its turn."),
        who=_("Nobody: Posthorn sends it."),
        button=Button.HOLD,
    ),
    State.SENDING: Meaning(
        word=_("Sending"),
        why=_("It is on its way now."),
        who=_("Nobody: the answer is awaited."),
        button=Button.NONE,
    ),
    State.RETRYING: Meaning(
        word=_("Retrying"),
        why=_("It could not be handed over for a temporary reason and will be tried again."),
        who=_("Nobody: the time of the next try is shown."),
        button=Button.HOLD,
    ),
    State.UNKNOWN: Meaning(
        word=_("Checking"),
        why=_("It was sent, but no answer came back; a copy may have arrived."),
        who=_("Nobody: it is sent again as the same copy, with the same mark."),
        button=Button.HOLD,
    ),
    State.HELD: Meaning(
        word=_("On hold"),
        why=_("It will not go until somebody acts; the reason is shown."),
        who=_("Whoever the reason names."),
        button=Button.RELEASE,
    ),
    State.ACCEPTED: Meaning(
        word=_("Accepted by mail server"),
        why=_("The mail server took it and its answer is kept as proof."),
        who=_("Nobody."),
        button=Button.RESEND,
        is_final=True,
    ),
    State.DELIVERED: Meaning(
        word=_("In the package"),
        why=_("The accounting package has it and gave its own id."),
        who=_("Nobody."),
        button=Button.RESEND,
        is_final=True,
    ),
    State.REFUSED: Meaning(
        word=_("Refused"),
        why=_("The other side refused this document for good; its words are shown."),
        who=_("The file manager corrects the cause and sends it again."),
        button=Button.RESEND,
        is_final=True,
    ),
    State.BOUNCED: Meaning(
        word=_("Returned"),
        why=_("It was accepted first and came back later."),
        who=_("The file manager corrects the address and sends it again."),
        button=Button.RESEND,
        is_final=True,
    ),
    State.REJECTED_BY_PACKAGE: Meaning(
        word=_("Rejected by the package"),
        why=_("The accounting package took it first and rejected it later."),
        who=_("The file manager looks at it in the package."),
        button=Button.RESEND,
        is_final=True,
    ),
    State.CANCELLED: Meaning(
        word=_("Cancelled"),
        why=_("Somebody decided that it does not go."),
        who=_("Nobody."),
        button=Button.RESEND,
        is_final=True,
    ),
    State.EXPIRED: Meaning(
        word=_("Gave up after 5 days"),
        why=_("Every try failed for 5 days."),
        who=_("The file manager looks at the last answer and sends it again."),
        button=Button.RESEND,
        is_final=True,
    ),
}

_ENGINE = frozenset({Actor.ENGINE})
_PERSON = frozenset({Actor.PERSON})
_PAUSES = frozenset({Actor.PERSON, Actor.SETTINGS})

MOVES: dict[tuple[State, State], frozenset[Actor]] = {
    (State.QUEUED, State.SENDING): _ENGINE,
    (State.QUEUED, State.HELD): _PAUSES | _ENGINE,
    (State.QUEUED, State.CANCELLED): _PAUSES,
    (State.SENDING, State.ACCEPTED): _ENGINE,
    (State.SENDING, State.DELIVERED): _ENGINE,
    (State.SENDING, State.REFUSED): _ENGINE,
    (State.SENDING, State.RETRYING): _ENGINE,
    (State.SENDING, State.UNKNOWN): frozenset({Actor.ENGINE, Actor.SWEEP}),
    (State.SENDING, State.HELD): _ENGINE | {Actor.SWEEP},
    (State.RETRYING, State.SENDING): _ENGINE,
    (State.RETRYING, State.HELD): _PAUSES | _ENGINE,
    (State.RETRYING, State.CANCELLED): _PAUSES,
    (State.RETRYING, State.EXPIRED): _ENGINE,
    (State.UNKNOWN, State.SENDING): _ENGINE,
    (State.UNKNOWN, State.ACCEPTED): frozenset({Actor.EVIDENCE}),
    (State.UNKNOWN, State.DELIVERED): frozenset({Actor.EVIDENCE}),
    (State.UNKNOWN, State.HELD): _PAUSES | _ENGINE,
    (State.HELD, State.QUEUED): _PAUSES,
    (State.HELD, State.HELD): frozenset({Actor.SETTINGS}),
    (State.HELD, State.CANCELLED): _PAUSES,
    (State.ACCEPTED, State.BOUNCED): frozenset({Actor.EVIDENCE}),
    (State.DELIVERED, State.REJECTED_BY_PACKAGE): frozenset({Actor.EVIDENCE}),
}

FAILED = (State.REFUSED, State.BOUNCED, State.REJECTED_BY_PACKAGE, State.EXPIRED)
TROUBLE = (State.HELD, State.UNKNOWN, *FAILED)  # somebody must look at these

WAITING = frozenset({State.QUEUED, State.RETRYING, State.UNKNOWN})
"""States whose delivery has a time at which the engine takes it up."""


class IllegalMoveError(RuntimeError):
    """Use a move that MOVES lists, by an actor it names."""


def check_move(source: State, target: State, actor: Actor) -> None:
    """Refuse a move that the table does not allow; raises IllegalMoveError."""
    if actor not in MOVES.get((source, target), frozenset()):
        message = f"A delivery cannot go from {source} to {target} by {actor}."
        raise IllegalMoveError(message)


def sources_of(target: State, actor: Actor) -> frozenset[State]:
    """Give the states from which an actor may move a delivery to `target`."""
    return frozenset(
        source for (source, end), actors in MOVES.items() if end is target and actor in actors
    )

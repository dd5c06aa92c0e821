"""Puts codes into people's words: what happened, who must act, and how pressing it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from posthorn.archive.rules import Refused
from posthorn.connections.registry import registry
from posthorn.connections.texts import text_of
from posthorn.delivery.plan import NotPlanned
from posthorn.delivery.queries.standing import Stand
from posthorn.delivery.states import HOLDS, STATES, Hold, State

if TYPE_CHECKING:
    from posthorn.delivery.queries.deliveries import AttemptRow, Cause, DeliveryRow
    from posthorn.delivery.queries.overview import Trouble
    from posthorn.delivery.queries.standing import Standing

LANGUAGE = "en"


class Tone(StrEnum):
    """How something looks: never by colour alone, each has its icon."""

    GOOD = "good"
    BUSY = "busy"
    WAIT = "wait"
    BAD = "bad"
    IDLE = "idle"


TONES: dict[State, Tone] = {
    State.QUEUED: Tone.BUSY,
    State.SENDING: Tone.BUSY,
    State.RETRYING: Tone.WAIT,
    State.UNKNOWN: Tone.WAIT,
    State.HELD: Tone.BAD,
    State.ACCEPTED: Tone.GOOD,
    State.DELIVERED: Tone.GOOD,
    State.REFUSED: Tone.BAD,
    State.BOUNCED: Tone.BAD,
    State.REJECTED_BY_PACKAGE: Tone.BAD,
    State.CANCELLED: Tone.IDLE,
    State.EXPIRED: Tone.BAD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One word for a list, and the sentence behind it."""

    word: str
    why: str
    who: str
    tone: Tone


def _stand(word: str, why: str, who: str, tone: Tone) -> Words:
    return Words(word=word, why=why, who=who, tone=tone)


STANDS: dict[Stand, Words] = {
    Stand.READING: _stand("Being read", "It arrived and is being read.", "Nobody.", Tone.BUSY),
    Stand.UNREADABLE: _stand(
        "Unreadable",
        "The file could not be read; nothing was sent.",
        "The file manager asks the sender for a new file.",
        Tone.BAD,
    ),
    Stand.QUARANTINED: _stand(
        "Quarantined",
        "Reading the file failed three times; it is kept apart and not sent.",
        "The operator looks at the file.",
        Tone.BAD,
    ),
    Stand.DUPLICATE: _stand(
        "Duplicate",
        "Not sent: the same document is here already.",
        "Nobody, unless it is not the same after all.",
        Tone.IDLE,
    ),
    Stand.UNASSIGNED: _stand(
        "Unassigned",
        "No client has the numbers in this document.",
        "An administrator says whose it is.",
        Tone.WAIT,
    ),
    Stand.REJECTED: _stand(
        "Rejected", "Somebody decided that it does not go.", "Nobody.", Tone.IDLE
    ),
    Stand.NO_DIRECTION: _stand(
        "Direction unknown",
        "It does not say whether the client bought or sold.",
        "The file manager says which.",
        Tone.WAIT,
    ),
    Stand.TO_APPROVE: _stand(
        "To approve", "It goes once somebody approves it.", "The file manager decides.", Tone.WAIT
    ),
    Stand.TO_SEND: _stand(
        "To send", "It goes once somebody sends it.", "The file manager decides.", Tone.WAIT
    ),
    Stand.STATEMENT: _stand(
        "Waiting",
        "A statement goes by itself once its client is active and nothing is wrong with it.",
        "The file manager looks at the client.",
        Tone.WAIT,
    ),
    Stand.CHECK_FAILED: _stand(
        "Check failed",
        "The statement contradicts itself, so it does not go by itself.",
        "The file manager looks at it, then sends it anyway or asks the bank for another.",
        Tone.WAIT,
    ),
    Stand.CUT: _stand(
        "Cut into parts",
        "It has statements of several clients: each part goes by itself, the file does not.",
        "Nobody.",
        Tone.IDLE,
    ),
    Stand.NOWHERE: _stand(
        "Goes nowhere", "It was released, but nothing takes it.", "See the reason.", Tone.IDLE
    ),
}

NOT_PLANNED: dict[NotPlanned, str] = {
    NotPlanned.NOT_SHARED: "The client does not share documents with the accountant.",
    NotPlanned.NO_INTEGRATION: "The client is not connected to an accounting package.",
    NotPlanned.BEFORE_ACTIVATION: (
        "It was released before the client's accounting package was activated."
    ),
    NotPlanned.KIND_NOT_TAKEN: "The client's accounting package does not take this kind.",
}

REFUSALS: dict[Refused, str] = {
    Refused.NOT_FOUND: "There is no such document.",
    Refused.UNREAD: "It is still being read; try again in a moment.",
    Refused.UNREADABLE: "The file could not be read, so nothing is sent.",
    Refused.QUARANTINED: "The file is kept apart, so nothing is sent.",
    Refused.UNASSIGNED: "Say first whose document it is.",
    Refused.NO_DIRECTION: "Say first whether the client bought or sold.",
    Refused.REJECTED: "It was rejected before.",
    Refused.DUPLICATE: "The same document is here already.",
    Refused.CLIENT_NOT_ACTIVE: "The client is not active.",
    Refused.NOT_A_PURCHASE: "Only what the client bought is approved.",
    Refused.NOT_A_SALE: "Only what the client sold is sent.",
    Refused.CUT: "The file was cut: its parts go in its place.",
    Refused.SEVERAL_CLIENTS: (
        "It has statements of accounts that are not all known as this client's: give the client"
        " all their numbers, or ask the bank for a file of each."
    ),
    Refused.CHECK_FAILED: "The statement contradicts itself: look at it, then send it anyway.",
}

CHECKS: dict[str, Words] = {
    "valid": _stand("Valid", "Checked: it is valid.", "", Tone.GOOD),
    "invalid": _stand("Invalid", "Checked: it is not valid.", "", Tone.BAD),
    "": _stand("Not checked", "Not checked: there are no rules for this kind.", "", Tone.IDLE),
}

OUTCOMES: dict[str, str] = {
    "": "Under way",
    "receipt": "Taken",
    "rejected": "Refused",
    "misconfigured": "A setting does not work",
    "unavailable": "Not reachable",
    "rate_limited": "Asked to wait",
    "unknown": "No answer",
}


def words_of_standing(standing: Standing) -> Words:
    """Say where a document stands."""
    if isinstance(standing.where, State):
        return words_of_state(standing.where, standing.reason)
    words = STANDS[standing.where]
    if standing.reason in set(NotPlanned):
        why = NOT_PLANNED[NotPlanned(standing.reason)]
        return Words(word=words.word, why=why, who=words.who, tone=words.tone)
    return words


def words_of_state(state: State, reason: str = "") -> Words:
    """Say where a delivery stands; a hold speaks for itself."""
    meaning = STATES[state]
    held = HOLDS.get(Hold(reason)) if reason else None
    return Words(
        word=meaning.word,
        why=held.why if held else meaning.why,
        who=held.who if held else meaning.who,
        tone=TONES[state],
    )


def words_of_delivery(row: DeliveryRow) -> Words:
    """Say where a delivery stands, with the package's own explanation of its last code."""
    words = words_of_state(row.state, row.reason)
    said = explanation(row.connector_id, row.code) if row.state not in _SETTLED else ""
    # A hold and the code behind it often say the same thing.
    why = words.why if said in {"", words.why} else f"{words.why} {said}"
    return Words(word=words.word, why=why, who=words.who, tone=words.tone)


_SETTLED = frozenset({State.ACCEPTED, State.DELIVERED, State.CANCELLED, State.SENDING})


def words_of_cause(cause: Cause) -> Words:
    """Say what stands in the way of a group of deliveries."""
    words = words_of_state(cause.state, cause.reason)
    said = explanation(cause.connector_id, cause.code)
    why = said if said and not cause.reason else words.why
    return Words(word=words.word, why=why, who=words.who, tone=words.tone)


def explanation(connector_id: str, code: str) -> str:
    """Explain a code: the connector's sentence and advice, or nothing when nobody knows it."""
    text = text_of(code, registry().get(connector_id)) if code else None
    return f"{text.sentence[LANGUAGE]} {text.advice[LANGUAGE]}" if text else ""


def words_of_attempt(attempt: AttemptRow, connector_id: str) -> Words:
    """Say what one try came to."""
    return Words(
        word=OUTCOMES.get(attempt.outcome, attempt.outcome.replace("_", " ").capitalize()),
        why=explanation(connector_id, attempt.code),
        who="",
        tone=_ATTEMPT_TONES.get(attempt.outcome, Tone.BAD),
    )


_ATTEMPT_TONES = {
    "": Tone.BUSY,
    "receipt": Tone.GOOD,
    "unknown": Tone.WAIT,
    "unavailable": Tone.WAIT,
    "rate_limited": Tone.WAIT,
}


def words_of_trouble(trouble: Trouble) -> Words:
    """Say what is wrong with a connection; what an administrator can mend comes first."""
    if not trouble.is_active:
        held = HOLDS[Hold.EXTENSION_OFF]
        return Words(word="Switched off", why=held.why, who=held.who, tone=Tone.IDLE)
    if trouble.attention:
        held = HOLDS[Hold.CONNECTION_ATTENTION]
        why = explanation(trouble.connector_id, trouble.attention) or held.why
        return Words(word="Needs attention", why=why, who=held.who, tone=Tone.BAD)
    if trouble.paused_at:
        held = HOLDS[Hold.CONNECTION_PAUSED]
        return Words(word="Paused", why=held.why, who=held.who, tone=Tone.IDLE)
    return Words(
        word="Not reachable",
        why="It does not answer; Posthorn keeps trying and sends in order once it does.",
        who="Nobody, unless it lasts.",
        tone=Tone.WAIT,
    )


def kind_word(category: str, direction: str) -> str:
    """Name a kind of document as a bookkeeper does."""
    if category == "statement":
        return "Bank statement"
    thing = {"invoice": "invoice", "credit_note": "credit note"}.get(category, "document")
    side = {"purchase": "Purchase", "sales": "Sales"}.get(direction, "")
    return f"{side} {thing}".strip().capitalize()

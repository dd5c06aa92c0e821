"""Puts codes into people's words: what happened, who must act, and how pressing it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext

# Tables are marked; the functions below translate.
from django.utils.translation import gettext_noop as _

from posthorn.connections.registry import registry
from posthorn.connections.texts import text_of
from posthorn.delivery.plan import NotPlanned
from posthorn.delivery.queries.standing import Stand
from posthorn.delivery.states import HOLDS, STATES, Hold, State
from posthorn.web.languages import language
from posthorn.web.refusals import NOT_PLANNED

if TYPE_CHECKING:
    from posthorn.delivery.queries.causes import Cause
    from posthorn.delivery.queries.deliveries import AttemptRow, DeliveryRow
    from posthorn.delivery.queries.overview import Trouble
    from posthorn.delivery.queries.standing import Standing


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
    Stand.READING: _stand(
        _("Being read"), _("It arrived and is being read."), _("Nobody."), Tone.BUSY
    ),
    Stand.UNREADABLE: _stand(
        _("Unreadable"),
        _("The file could not be read; nothing was sent."),
        _("The file manager asks the sender for a new file."),
        Tone.BAD,
    ),
    Stand.QUARANTINED: _stand(
        _("Quarantined"),
        _("Reading the file failed three times; it is kept apart and not sent."),
        _("The operator looks at the file."),
        Tone.BAD,
    ),
    Stand.DUPLICATE: _stand(
        _("Duplicate"),
        _("Not sent: the same document is here already."),
        _("Nobody, unless it is not the same after all."),
        Tone.IDLE,
    ),
    Stand.UNASSIGNED: _stand(
        _("Unassigned"),
        _("No client has the numbers in this document."),
        _("An administrator says whose it is."),
        Tone.WAIT,
    ),
    Stand.REJECTED: _stand(
        _("Rejected"), _("Somebody decided that it does not go."), _("Nobody."), Tone.IDLE
    ),
    Stand.NO_DIRECTION: _stand(
        _("Direction unknown"),
        _("It does not say whether the client bought or sold."),
        _("The file manager says which."),
        Tone.WAIT,
    ),
    Stand.TO_APPROVE: _stand(
        _("To approve"),
        _("It goes once somebody approves it."),
        _("The file manager decides."),
        Tone.WAIT,
    ),
    Stand.TO_SEND: _stand(
        _("To send"),
        _("It goes once somebody sends it."),
        _("The file manager decides."),
        Tone.WAIT,
    ),
    Stand.STATEMENT: _stand(
        _("Waiting"),
        _("A statement goes by itself once its client is active and nothing is wrong with it."),
        _("The file manager looks at the client."),
        Tone.WAIT,
    ),
    Stand.CHECK_FAILED: _stand(
        _("Check failed"),
        _("The statement contradicts itself, so it does not go by itself."),
        _("The file manager looks at it, then sends it anyway or asks the bank for another."),
        Tone.WAIT,
    ),
    Stand.CUT: _stand(
        _("Cut into parts"),
        _("It has statements of several clients: each part goes by itself, the file does not."),
        _("Nobody."),
        Tone.IDLE,
    ),
    Stand.NOWHERE: _stand(
        _("Goes nowhere"),
        _("It was released, but nothing takes it."),
        _("The file manager looks at the client's integrations."),
        Tone.IDLE,
    ),
}

CHECKS: dict[str, Words] = {
    "valid": _stand(_("Valid"), _("Checked: it is valid."), "", Tone.GOOD),
    "invalid": _stand(_("Invalid"), _("Checked: it is not valid."), "", Tone.BAD),
    "": _stand(
        _("Not checked"), _("Not checked: there are no rules for this kind."), "", Tone.IDLE
    ),
}

OUTCOMES: dict[str, str] = {
    "": _("Under way"),
    "receipt": _("Taken"),
    "rejected": _("Refused"),
    "misconfigured": _("A setting does not work"),
    "unavailable": _("Not reachable"),
    "rate_limited": _("Asked to wait"),
    "unknown": _("No answer"),
}


def translated(words: Words) -> Words:
    """Say words of a table in the language of the page."""
    return Words(
        word=gettext(words.word),
        why=gettext(words.why),
        who=gettext(words.who),
        tone=words.tone,
    )


def words_of_standing(standing: Standing) -> Words:
    """Say where a document stands."""
    if isinstance(standing.where, State):
        return words_of_state(standing.where, standing.reason)
    words = STANDS[standing.where]
    if standing.reason in set(NotPlanned):
        words = replace(words, why=NOT_PLANNED[NotPlanned(standing.reason)])
    return translated(words)


def words_of_check(verdict: str) -> Words:
    """Say what the check of a document came to; empty where there was none."""
    return translated(CHECKS[verdict])


def state_word(state: State) -> str:
    """Say a state in one word."""
    return gettext(STATES[state].word)


def words_of_state(state: State, reason: str = "") -> Words:
    """Say where a delivery stands; a hold speaks for itself."""
    meaning = STATES[state]
    held = HOLDS.get(Hold(reason)) if reason else None
    why, who = (held.why, held.who) if held else (meaning.why, meaning.who)
    return translated(Words(word=meaning.word, why=why, who=who, tone=TONES[state]))


def words_of_delivery(row: DeliveryRow) -> Words:
    """Say where a delivery stands, with the package's own explanation of its last code."""
    words = words_of_state(row.state, row.reason)
    said = explanation(row.connector_id, row.code) if row.state not in _SETTLED else ""
    # A hold and the code behind it often say the same thing.
    why = words.why if said in {"", words.why} else f"{words.why} {said}"
    return replace(words, why=why)


_SETTLED = frozenset({State.ACCEPTED, State.DELIVERED, State.CANCELLED, State.SENDING})


def words_of_cause(cause: Cause) -> Words:
    """Say what stands in the way of a group of deliveries."""
    words = words_of_state(cause.state, cause.reason)
    said = explanation(cause.connector_id, cause.code)
    return replace(words, why=said) if said and not cause.reason else words


def explanation(connector_id: str, code: str) -> str:
    """Explain a code: the connector's sentence and advice, or nothing when nobody knows it."""
    text = text_of(code, registry().get(connector_id)) if code else None
    return f"{text.sentence[language()]} {text.advice[language()]}" if text else ""


def words_of_attempt(attempt: AttemptRow, connector_id: str) -> Words:
    """Say what one try came to."""
    known = OUTCOMES.get(attempt.outcome)
    return Words(
        word=gettext(known) if known else attempt.outcome.replace("_", " ").capitalize(),
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

_UNREACHABLE = _stand(
    _("Not reachable"),
    _("It does not answer; Posthorn keeps trying and sends in order once it does."),
    _("Nobody, unless it lasts."),
    Tone.WAIT,
)


def words_of_trouble(trouble: Trouble) -> Words:
    """Say what is wrong with a connection; what an administrator can mend comes first."""
    if not trouble.is_active:
        return _stopped(_("Switched off"), Hold.EXTENSION_OFF, Tone.IDLE)
    if trouble.attention:
        words = _stopped(_("Needs attention"), Hold.CONNECTION_ATTENTION, Tone.BAD)
        why = explanation(trouble.connector_id, trouble.attention)
        return replace(words, why=why or words.why)
    if trouble.paused_at:
        return _stopped(_("Paused"), Hold.CONNECTION_PAUSED, Tone.IDLE)
    return translated(_UNREACHABLE)


def _stopped(word: str, hold: Hold, tone: Tone) -> Words:
    held = HOLDS[hold]
    return translated(Words(word=word, why=held.why, who=held.who, tone=tone))


# A whole phrase each: what agrees with what differs from language to language.
KINDS = {
    ("invoice", "purchase"): _("Purchase invoice"),
    ("invoice", "sales"): _("Sales invoice"),
    ("invoice", ""): _("Invoice"),
    ("credit_note", "purchase"): _("Purchase credit note"),
    ("credit_note", "sales"): _("Sales credit note"),
    ("credit_note", ""): _("Credit note"),
    ("", "purchase"): _("Purchase document"),
    ("", "sales"): _("Sales document"),
    ("", ""): _("Document"),
}


def kind_word(category: str, direction: str) -> str:
    """Name a kind of document as a bookkeeper does."""
    if category == "statement":
        return gettext("Bank statement")
    thing = category if category in {"invoice", "credit_note"} else ""
    side = direction if direction in {"purchase", "sales"} else ""
    return gettext(KINDS[thing, side])

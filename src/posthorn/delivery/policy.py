"""Decides what follows an attempt; pure, and tested as a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from posthorn.delivery.states import Hold, State
from posthorn.kernel import backoff
from posthorn.sdk import (
    Idempotency,
    Misconfigured,
    OnUnknown,
    RateLimited,
    Receipt,
    Rejected,
    Scope,
    Unavailable,
    Uncertain,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from posthorn.sdk import Outcome

MAX_UNKNOWNS = 3
INTERNAL_ERROR = "internal_error"
"""Code of what a connector's bug counts as: tried once more, then on hold for the operator."""
NOT_SEEN = "not_seen_yet"
"""Code of a look after an unknown outcome that saw nothing and will be repeated."""
_SECOND = timedelta(seconds=1)
CONNECTION_BACKOFF = tuple(s * _SECOND for s in (2, 5, 15, 30, 60, 120, 300, 600))
"""Waits of a whole connection after each failed probe; the last one repeats."""


class Effect(StrEnum):
    """What an attempt says about its connection, or about this client's part of it."""

    HEALTHY = "healthy"
    NONE = "none"
    BACK_OFF = "back_off"
    ATTENTION = "attention"
    CLIENT_WAITS = "client_waits"
    CLIENT_ATTENTION = "client_attention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What came before: tries that counted, unanswered tries, failed probes of the connection."""

    spent: int
    unknowns: int
    connection_step: int
    idempotency: Idempotency
    on_unknown: OnUnknown
    lands: State
    looks: tuple[timedelta, ...] = (timedelta(),)
    client_fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSeen:
    """Look once more before anything is sent again: `looks` looks have seen nothing yet."""

    looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to write: the next state, when to go on, and what it means for the connection."""

    state: State
    outcome: str
    code: str = ""
    detail: str = ""
    hold: Hold | None = None
    wait: timedelta | None = None
    until: datetime | None = None
    is_spent: bool = False
    is_unknown: bool = False
    effect: Effect = Effect.NONE


def decide(
    result: Receipt | Outcome | NotSeen, record: Record, random: Callable[[], float]
) -> Verdict:
    """Decide what follows a receipt, one of the six outcomes, or a look that saw nothing."""
    match result:
        case Receipt():
            return Verdict(state=record.lands, outcome="receipt", effect=Effect.HEALTHY)
        case NotSeen():
            wait = record.looks[result.looks]
            return Verdict(state=State.UNKNOWN, outcome="unknown", code=NOT_SEEN, wait=wait)
        case Rejected() | Misconfigured() | RateLimited():
            return _settled(result, record)
        case Unavailable():
            return _unavailable(result, record, random)
        case Uncertain():
            return _uncertain(result, record, random)
        case _:
            message = f"{type(result).__name__} is not an outcome."
            raise TypeError(message)


def _settled(result: Rejected | Misconfigured | RateLimited, record: Record) -> Verdict:
    """Decide what needs no look at what came before."""
    match result:
        case Rejected():
            return replace(_said(result, "rejected"), state=State.REFUSED, effect=Effect.HEALTHY)
        case Misconfigured() if result.field in record.client_fields:
            # Only this client's: the others go on.
            return replace(
                _said(result, "misconfigured"),
                state=State.HELD,
                hold=Hold.MISCONFIGURED,
                effect=Effect.CLIENT_ATTENTION,
            )
        case Misconfigured():
            return replace(
                _said(result, "misconfigured"),
                state=State.HELD,
                hold=Hold.CONNECTION_ATTENTION,
                effect=Effect.ATTENTION,
            )
        case RateLimited():
            said = _said(result, "rate_limited")
            is_whole = result.scope is Scope.CONNECTION
            effect = Effect.BACK_OFF if is_whole else Effect.CLIENT_WAITS
            return replace(said, until=result.until, effect=effect)


def _said(result: Outcome, outcome: str) -> Verdict:
    """Begin a verdict with what the other side said; to be tried again, unless more is known."""
    return Verdict(state=State.RETRYING, outcome=outcome, code=result.code, detail=result.detail)


def _unavailable(result: Unavailable, record: Record, random: Callable[[], float]) -> Verdict:
    said = _said(result, "unavailable")
    if result.scope is Scope.CONNECTION:
        wait = connection_wait(record.connection_step, random)
        return replace(said, wait=wait, effect=Effect.BACK_OFF)
    if result.code == INTERNAL_ERROR and record.spent:
        return replace(said, state=State.HELD, hold=Hold.INTERNAL_ERROR, is_spent=True)
    wait = retry_wait(record.spent + 1, random)
    return replace(said, wait=wait, is_spent=True, effect=Effect.HEALTHY)


def _uncertain(result: Uncertain, record: Record, random: Callable[[], float]) -> Verdict:
    said = replace(_said(result, "unknown"), is_spent=True, is_unknown=True)
    hold = hold_after_unknown(record, record.unknowns + 1)
    if hold is not None:
        return replace(said, state=State.HELD, hold=hold)
    wait = retry_wait(record.spent + 1, random)
    if record.idempotency is Idempotency.LOOKUP:
        wait = max(wait, record.looks[0])
    return replace(said, state=State.UNKNOWN, wait=wait)


def hold_after_unknown(record: Record, unknowns: int) -> Hold | None:
    """Say whether a delivery waits for a person after `unknowns` tries without an answer."""
    if record.idempotency is not Idempotency.NONE:
        return None
    if record.on_unknown is OnUnknown.ASK:
        return Hold.ASK_ME
    return Hold.UNKNOWN_THRICE if unknowns >= MAX_UNKNOWNS else None


def retry_wait(spent: int, random: Callable[[], float]) -> timedelta:
    """Give the wait after the `spent`-th try that counted; nothing once the schedule has ended."""
    return (
        backoff.delay(spent, backoff.DELIVERY, jitter=backoff.JITTER, random=random) or timedelta()
    )


def is_spent_out(spent: int) -> bool:
    """Tell whether the schedule of 5 days has ended."""
    return spent >= len(backoff.DELIVERY)


def connection_wait(step: int, random: Callable[[], float]) -> timedelta:
    """Give the wait of a whole connection after its `step`-th failed probe (0 is the first)."""
    last = min(step, len(CONNECTION_BACKOFF) - 1)
    return (
        backoff.delay(last, CONNECTION_BACKOFF, jitter=backoff.JITTER, random=random) or timedelta()
    )

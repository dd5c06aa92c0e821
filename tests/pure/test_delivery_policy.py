"""What follows an attempt, as a table: six outcomes and a receipt, times what came before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.delivery.policy import (
    CONNECTION_BACKOFF,
    INTERNAL_ERROR,
    Effect,
    Record,
    Verdict,
    connection_wait,
    decide,
    hold_after_unknown,
    is_spent_out,
    retry_wait,
)
from posthorn.delivery.states import MOVES, Actor, Hold, State
from posthorn.kernel import backoff
from posthorn.sdk import (
    AuthorizationLost,
    Idempotency,
    Misconfigured,
    OnUnknown,
    Outcome,
    RateLimited,
    Receipt,
    Rejected,
    Scope,
    Unavailable,
    Uncertain,
)

UNTIL = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
MAIL = Record(
    spent=0,
    unknowns=0,
    connection_step=0,
    idempotency=Idempotency.NONE,
    on_unknown=OnUnknown.RESEND,
    lands=State.ACCEPTED,
)
PACKAGE = replace(MAIL, idempotency=Idempotency.LOOKUP, lands=State.DELIVERED)
MINUTE = timedelta(minutes=1)


def middle() -> float:
    return 0.5


RECEIPT = Receipt(remote_id="<1@posthorn.example>")


@pytest.mark.parametrize(
    ("result", "record", "expected"),
    [
        (RECEIPT, MAIL, Verdict(state=State.ACCEPTED, outcome="receipt", effect=Effect.HEALTHY)),
        (
            RECEIPT,
            PACKAGE,
            Verdict(state=State.DELIVERED, outcome="receipt", effect=Effect.HEALTHY),
        ),
        (
            Rejected("recipient_refused", detail="550 no"),
            MAIL,
            Verdict(
                state=State.REFUSED,
                outcome="rejected",
                code="recipient_refused",
                detail="550 no",
                effect=Effect.HEALTHY,
            ),
        ),
        (
            Misconfigured("no_sender", field="relay_from", detail="x"),
            MAIL,
            Verdict(
                state=State.HELD,
                outcome="misconfigured",
                code="no_sender",
                detail="x",
                hold=Hold.CONNECTION_ATTENTION,
                effect=Effect.ATTENTION,
            ),
        ),
        (
            AuthorizationLost(),
            MAIL,
            Verdict(
                state=State.HELD,
                outcome="misconfigured",
                code="authorization_lost",
                hold=Hold.CONNECTION_ATTENTION,
                effect=Effect.ATTENTION,
            ),
        ),
        (
            RateLimited(until=UNTIL),
            PACKAGE,
            Verdict(
                state=State.RETRYING,
                outcome="rate_limited",
                code="rate_limited",
                until=UNTIL,
                effect=Effect.BACK_OFF,
            ),
        ),
        (
            Unavailable("relay_unreachable"),
            replace(MAIL, spent=4, connection_step=2),
            Verdict(
                state=State.RETRYING,
                outcome="unavailable",
                code="relay_unreachable",
                wait=timedelta(seconds=15),
                effect=Effect.BACK_OFF,
            ),
        ),
        (
            Unavailable("recipient_deferred", scope=Scope.DOCUMENT),
            replace(MAIL, spent=1),
            Verdict(
                state=State.RETRYING,
                outcome="unavailable",
                code="recipient_deferred",
                wait=5 * MINUTE,
                is_spent=True,
                effect=Effect.HEALTHY,
            ),
        ),
        (
            Unavailable(INTERNAL_ERROR, scope=Scope.DOCUMENT),
            MAIL,
            Verdict(
                state=State.RETRYING,
                outcome="unavailable",
                code=INTERNAL_ERROR,
                wait=MINUTE,
                is_spent=True,
                effect=Effect.HEALTHY,
            ),
        ),
        (
            Unavailable(INTERNAL_ERROR, scope=Scope.DOCUMENT),
            replace(MAIL, spent=1),
            Verdict(
                state=State.HELD,
                outcome="unavailable",
                code=INTERNAL_ERROR,
                hold=Hold.INTERNAL_ERROR,
                is_spent=True,
            ),
        ),
        (
            Uncertain("no_answer"),
            MAIL,
            Verdict(
                state=State.UNKNOWN,
                outcome="unknown",
                code="no_answer",
                wait=MINUTE,
                is_spent=True,
                is_unknown=True,
            ),
        ),
        (
            Uncertain("no_answer"),
            replace(MAIL, unknowns=2),
            Verdict(
                state=State.HELD,
                outcome="unknown",
                code="no_answer",
                hold=Hold.UNKNOWN_THRICE,
                is_spent=True,
                is_unknown=True,
            ),
        ),
        (
            Uncertain("no_answer"),
            replace(MAIL, on_unknown=OnUnknown.ASK),
            Verdict(
                state=State.HELD,
                outcome="unknown",
                code="no_answer",
                hold=Hold.ASK_ME,
                is_spent=True,
                is_unknown=True,
            ),
        ),
        (
            Uncertain("no_answer"),
            replace(PACKAGE, unknowns=7),
            Verdict(
                state=State.UNKNOWN,
                outcome="unknown",
                code="no_answer",
                wait=MINUTE,
                is_spent=True,
                is_unknown=True,
            ),
        ),
    ],
)
def test_the_outcome_decides_what_follows(
    result: Receipt | Outcome, record: Record, expected: Verdict
) -> None:
    verdict = decide(result, record, middle)

    assert verdict == expected
    assert Actor.ENGINE in MOVES[State.SENDING, verdict.state]


def test_something_that_is_no_outcome_is_refused() -> None:
    with pytest.raises(TypeError, match="Outcome is not an outcome"):
        decide(Outcome("bare"), MAIL, middle)


@given(st.integers(0, 3), st.sampled_from(OnUnknown))
def test_a_mail_without_an_answer_is_sent_three_times_at_most(
    unknowns: int, wish: OnUnknown
) -> None:
    held = hold_after_unknown(replace(MAIL, on_unknown=wish), unknowns)

    if wish is OnUnknown.ASK:
        assert held is Hold.ASK_ME
    else:
        assert held is (Hold.UNKNOWN_THRICE if unknowns >= 3 else None)


@pytest.mark.parametrize("idempotency", [Idempotency.NATIVE, Idempotency.LOOKUP])
def test_a_package_that_recognises_us_never_waits_for_a_person(idempotency: Idempotency) -> None:
    record = replace(MAIL, idempotency=idempotency, on_unknown=OnUnknown.ASK)

    assert hold_after_unknown(record, 9) is None


@given(st.integers(1, 40), st.floats(0, 1, exclude_max=True))
def test_waits_follow_the_schedule_within_a_fifth(spent: int, chance: float) -> None:
    wait = retry_wait(spent, lambda: chance)

    if is_spent_out(spent):
        assert wait == timedelta()
    else:
        step = backoff.DELIVERY[spent]
        assert 0.8 * step <= wait <= 1.2 * step


@given(st.integers(0, 50), st.floats(0, 1, exclude_max=True))
def test_a_connection_is_probed_ever_more_rarely_but_never_given_up(
    step: int, chance: float
) -> None:
    wait = connection_wait(step, lambda: chance)

    planned = CONNECTION_BACKOFF[min(step, len(CONNECTION_BACKOFF) - 1)]
    assert 0.8 * planned <= wait <= 1.2 * planned


def test_five_days_of_tries_are_the_end() -> None:
    assert not is_spent_out(len(backoff.DELIVERY) - 1)
    assert is_spent_out(len(backoff.DELIVERY))

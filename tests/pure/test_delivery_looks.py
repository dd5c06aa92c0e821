"""Looking before sending again, and what concerns one client alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from posthorn.delivery.policy import NOT_SEEN, Effect, NotSeen, Record, Verdict, decide
from posthorn.delivery.states import Hold, State
from posthorn.sdk import Idempotency, Misconfigured, OnUnknown, RateLimited, Scope, Uncertain

UNTIL = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PACKAGE = Record(
    spent=0,
    unknowns=0,
    connection_step=0,
    idempotency=Idempotency.LOOKUP,
    on_unknown=OnUnknown.ASK,
    lands=State.DELIVERED,
)


def middle() -> float:
    return 0.5


def test_unknown_outcome_waits_until_the_package_can_be_looked_into() -> None:
    record = replace(PACKAGE, looks=(timedelta(seconds=90), MINUTE))

    first = decide(Uncertain("answer_lost"), record, middle)
    later = decide(Uncertain("answer_lost"), replace(record, spent=1), middle)

    assert first.wait == timedelta(seconds=90)
    assert later.wait == 5 * MINUTE


def test_look_that_saw_nothing_is_repeated_and_spends_nothing() -> None:
    record = replace(PACKAGE, looks=(timedelta(seconds=90), MINUTE), unknowns=1, spent=1)

    assert decide(NotSeen(looks=1), record, middle) == Verdict(
        state=State.UNKNOWN, outcome="unknown", code=NOT_SEEN, wait=MINUTE
    )


def test_limit_of_one_client_slows_that_client_alone() -> None:
    limit = RateLimited(until=UNTIL, scope=Scope.CLIENT)

    verdict = decide(limit, PACKAGE, middle)

    assert (verdict.state, verdict.until) == (State.RETRYING, UNTIL)
    assert (verdict.effect, verdict.is_spent) == (Effect.CLIENT_WAITS, False)


@pytest.mark.parametrize(
    ("field", "hold", "effect"),
    [
        ("company", Hold.MISCONFIGURED, Effect.CLIENT_ATTENTION),
        ("country", Hold.CONNECTION_ATTENTION, Effect.ATTENTION),
        ("", Hold.CONNECTION_ATTENTION, Effect.ATTENTION),
    ],
)
def test_wrong_setting_of_a_client_stops_that_client_alone(
    field: str, hold: Hold, effect: Effect
) -> None:
    record = replace(PACKAGE, client_fields=frozenset({"company", "route"}))

    verdict = decide(Misconfigured("no_access", field=field), record, middle)

    assert (verdict.state, verdict.hold, verdict.effect) == (State.HELD, hold, effect)

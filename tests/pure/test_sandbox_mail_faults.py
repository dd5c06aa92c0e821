"""Which faults strike, when, and how often."""

from __future__ import annotations

import pytest

from posthorn_sandbox.mail.faults import (
    Action,
    Fault,
    FaultError,
    FaultPlan,
    Moment,
    Step,
    Verb,
)

HERE = Step(at=Verb.RCPT, sender="firm@posthorn.example", recipients=("in@package.example",))


class HandClock:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_fault_strikes_at_its_verb_and_moment_only() -> None:
    plan = FaultPlan()
    fault = Fault(at=Verb.RCPT, when=Moment.AFTER, action=Action.REPLY)
    plan.add(fault)

    assert plan.due(HERE, Moment.BEFORE) == []
    assert plan.due(Step(at=Verb.MAIL), Moment.AFTER) == []
    assert plan.due(HERE, Moment.AFTER) == [fault]


def test_fault_stops_after_its_times_and_starts_after_its_skips() -> None:
    plan = FaultPlan()
    plan.add(Fault(at=Verb.RCPT, action=Action.DROP, skip=1, times=2))

    assert [len(plan.due(HERE, Moment.BEFORE)) for _ in range(5)] == [0, 1, 1, 0, 0]
    assert [listed["hits"] for listed in plan.listing()] == [2]


def test_fault_without_times_strikes_until_it_is_cleared() -> None:
    plan = FaultPlan()
    plan.add(Fault(at=Verb.RCPT, action=Action.DROP))

    before = [len(plan.due(HERE, Moment.BEFORE)) for _ in range(3)]
    plan.clear()

    assert before == [1, 1, 1]
    assert plan.due(HERE, Moment.BEFORE) == []


@pytest.mark.parametrize(
    ("pattern", "strikes"),
    [("*", 1), ("in@package.example", 1), ("IN@*", 1), ("*@other.example", 0), ("in", 0)],
)
def test_recipient_is_a_pattern_over_the_whole_address_in_any_case(
    pattern: str, strikes: int
) -> None:
    plan = FaultPlan()
    plan.add(Fault(at=Verb.RCPT, action=Action.REPLY, recipient=pattern))

    assert len(plan.due(HERE, Moment.BEFORE)) == strikes


def test_one_of_several_recipients_is_enough() -> None:
    plan = FaultPlan()
    fault = Fault(at=Verb.DOT, action=Action.RESET, recipient="b@*")
    plan.add(fault)

    step = Step(at=Verb.DOT, sender="s@x.example", recipients=("a@x.example", "b@x.example"))

    assert plan.due(step, Moment.BEFORE) == [fault]


def test_stall_lets_the_next_fault_strike_too_and_a_reply_does_not() -> None:
    plan = FaultPlan()
    stall = Fault(at=Verb.RCPT, action=Action.STALL, seconds=1)
    reply = Fault(at=Verb.RCPT, action=Action.REPLY, times=1)
    drop = Fault(at=Verb.RCPT, action=Action.DROP)
    for fault in (stall, reply, drop):
        plan.add(fault)

    assert plan.due(HERE, Moment.BEFORE) == [stall, reply]
    assert plan.due(HERE, Moment.BEFORE) == [stall, drop]


def test_greylist_refuses_a_pair_until_its_period_is_over() -> None:
    clock = HandClock()
    plan = FaultPlan(clock)
    plan.add(Fault(at=Verb.RCPT, action=Action.GREYLIST, seconds=900))
    other = Step(at=Verb.RCPT, sender=HERE.sender, recipients=("other@package.example",))

    seen = []
    for wait in (0, 899, 1):
        clock.now += wait
        seen.append(len(plan.due(HERE, Moment.BEFORE)))

    assert seen == [1, 1, 0]
    assert len(plan.due(other, Moment.BEFORE)) == 1


def test_limit_strikes_only_above_so_many_connections() -> None:
    plan = FaultPlan()
    plan.add(Fault(at=Verb.CONNECT, action=Action.LIMIT, limit=2))
    step = Step(at=Verb.CONNECT)

    assert [len(plan.due(step, Moment.BEFORE, count)) for count in (1, 2, 3)] == [0, 0, 1]


def test_fault_returns_from_json_as_it_went() -> None:
    fault = Fault(at=Verb.CONTENT, action=Action.RESET, at_byte=12, times=3, recipient="a@*")

    assert Fault.from_json(fault.as_json()) == fault


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "A fault is a JSON object."),
        ({}, "A fault needs at least 'at' and 'action'."),
        ({"at": "rcpt", "action": "reply", "many": 1}, "A fault has no field many."),
        ({"at": "dot", "action": "drop", "times": 0}, "times is at least 1, or null for always."),
        ({"at": "dot", "action": "drop", "times": True}, "times has the wrong type: True."),
        ({"at": "dot", "action": "drop", "text": 1}, "text has the wrong type: 1."),
        ({"at": "dot", "action": "drop", "at_byte": -1}, "A fault's numbers are zero or more."),
        ({"at": "dot", "action": "reply", "code": 199}, "code is an SMTP reply code, 200 to 599."),
        ({"at": "dot", "action": "greylist"}, "Greylisting is done at rcpt."),
        ({"at": "mail", "action": "limit"}, "A limit on connections works at connect."),
        ({"at": "mail", "action": "stall"}, "A stall says how many seconds."),
        (
            {"at": "mail", "action": "drop", "recipient": "a@b"},
            "No recipient is known at mail; leave recipient at *.",
        ),
        (
            {"at": "content", "action": "reply"},
            "Within the content the line can only be dropped, reset or stalled.",
        ),
        (
            {"at": "dot", "action": "drop", "when": "later"},
            "when is one of before, after; not 'later'.",
        ),
    ],
)
def test_senseless_fault_is_refused_with_one_line(given: object, message: str) -> None:
    with pytest.raises(FaultError) as refused:
        Fault.from_json(given)

    assert str(refused.value) == message

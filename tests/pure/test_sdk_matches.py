"""What a declaration must say of a setting that is looked up, and of limits of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from posthorn.sdk import (
    ConnectorSpec,
    Context,
    Field,
    Forgetful,
    Limits,
    Match,
    Memory,
    Resolved,
    problems,
    same_words,
)
from tests.kit.ledger import SPEC, Ledger

NAME = same_words("Name")


def declared(changed: ConnectorSpec) -> list[str]:
    class Changed(Ledger):
        spec = changed

    return problems(Changed())


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        (
            Resolved(id="box", label=NAME, none_code="no box"),
            "setting 'box' does not say what to tell when nothing matches",
        ),
        (
            Resolved(id="box", label=NAME, none_code="no_box", default="7"),
            "'box' has a default, which it cannot have",
        ),
        (
            Resolved(id="box", label=NAME, none_code="no_box", depends_on=("room",)),
            "setting 'box' depends on unknown 'room'",
        ),
    ],
)
def test_wrong_setting_to_be_looked_up_is_named(field: Field, problem: str) -> None:
    assert declared(replace(SPEC, client_settings=(field,))) == [
        problem,
        "it has a setting to be looked up but no `matches`",
    ]


def test_limits_per_an_unknown_setting_are_named() -> None:
    assert declared(replace(SPEC, limits=Limits(per_setting="company"))) == [
        "limits are per 'company', which is no setting"
    ]


def test_setting_to_be_looked_up_that_can_be_has_no_problem() -> None:
    class Looks(Ledger):
        spec = replace(SPEC, client_settings=(Resolved(id="box", label=NAME, none_code="no_box"),))

        def matches(self, ctx: Context, field: str, typed: str) -> list[Match]:
            raise AssertionError(ctx, field, typed)

    assert problems(Looks()) == []


def test_forgetful_memory_keeps_nothing() -> None:
    memory: Memory = Forgetful()

    memory.keep("company", "7", lasts=timedelta(days=1))

    assert memory.recall("company") is None

"""The table of moves: complete, without dead ends, and with words for everything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.delivery.states import (
    HOLDS,
    MOVES,
    STATES,
    WAITING,
    Actor,
    Button,
    Hold,
    IllegalMoveError,
    State,
    check_move,
    sources_of,
)


def test_every_state_and_every_hold_has_its_words() -> None:
    assert set(STATES) == set(State)
    assert set(HOLDS) == set(Hold)
    for meaning in STATES.values():
        assert meaning.word
        assert meaning.why.endswith(".")
        assert meaning.who.endswith(".")
    for hold in HOLDS.values():
        assert hold.why.endswith(".")
        assert hold.who.endswith(".")


def test_every_state_has_a_button_but_the_one_on_the_wire() -> None:
    assert {state for state, meaning in STATES.items() if meaning.button is Button.NONE} == {
        State.SENDING
    }


def test_final_states_move_on_later_evidence_alone() -> None:
    final = {state for state, meaning in STATES.items() if meaning.is_final}

    leaving = {(source, target) for source, target in MOVES if source in final}

    assert leaving == {
        (State.ACCEPTED, State.BOUNCED),
        (State.DELIVERED, State.REJECTED_BY_PACKAGE),
    }
    for move in leaving:
        assert MOVES[move] == {Actor.EVIDENCE}


def test_every_state_that_is_not_final_has_a_way_out_and_every_state_a_way_in() -> None:
    open_states = {state for state, meaning in STATES.items() if not meaning.is_final}

    assert {source for source, target in MOVES if source is not target} >= open_states
    assert {target for _, target in MOVES} | {State.QUEUED} == set(State)


@given(st.sampled_from(State), st.sampled_from(State), st.sampled_from(Actor))
def test_a_move_is_allowed_exactly_where_the_table_names_the_actor(
    source: State, target: State, actor: Actor
) -> None:
    is_listed = actor in MOVES.get((source, target), frozenset())

    if is_listed:
        check_move(source, target, actor)
    else:
        with pytest.raises(IllegalMoveError):
            check_move(source, target, actor)


def test_only_the_engine_puts_something_on_the_wire() -> None:
    assert sources_of(State.SENDING, Actor.ENGINE) == WAITING
    for actor in set(Actor) - {Actor.ENGINE}:
        assert sources_of(State.SENDING, actor) == frozenset()


def test_what_was_sent_without_an_answer_is_never_simply_cancelled() -> None:
    assert (State.UNKNOWN, State.CANCELLED) not in MOVES

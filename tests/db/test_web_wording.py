"""That every code has words, a tone and somebody who must act."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from posthorn.archive.rules import Refused
from posthorn.delivery.plan import NotPlanned
from posthorn.delivery.queries.standing import DocumentFacts, Stand, Standing, standing_of
from posthorn.delivery.states import HOLDS, STATES, Hold, State
from posthorn.documents.findings import Verdict
from posthorn.web import refusals, wording
from posthorn.web.foreign import shown
from posthorn.web.templatetags.posthorn import amount, told

NOTHING_SAID = DocumentFacts(
    reading="read",
    problem="",
    is_duplicate=False,
    is_assigned=True,
    is_rejected=False,
    is_released=False,
    is_statement=False,
    direction="purchase",
    not_planned="",
)


def test_every_state_has_a_tone_and_every_stand_and_cause_has_words() -> None:
    assert set(wording.TONES) == set(State)
    assert set(wording.STANDS) == set(Stand)
    assert set(refusals.NOT_PLANNED) == set(NotPlanned)
    assert set(refusals.REFUSALS) == set(Refused)
    assert set(wording.CHECKS) == {*Verdict, ""}


@pytest.mark.parametrize("hold", Hold)
def test_a_hold_speaks_for_itself(hold: Hold) -> None:
    words = wording.words_of_state(State.HELD, hold.value)

    assert (words.word, words.why, words.who) == ("On hold", HOLDS[hold].why, HOLDS[hold].who)


def test_no_two_words_of_states_and_stands_are_the_same() -> None:
    words = [meaning.word for meaning in STATES.values()]
    words += [stand.word for stand in wording.STANDS.values()]
    assert sorted(words) == sorted(set(words))


def test_a_code_is_explained_by_the_connector_first_and_unknown_ones_not_at_all() -> None:
    said = wording.explanation("email_delivery", "missing_address")

    assert said.startswith("This client has no address for this kind of document.")
    assert wording.explanation("email_delivery", "never_heard_of") == ""
    assert wording.explanation("no_such_connector", "relay_unreachable") != ""
    assert wording.explanation("email_delivery", "") == ""


@pytest.mark.parametrize(("first", "second"), list(product(State, State)))
def test_the_delivery_that_most_needs_somebody_speaks_for_its_document(
    first: State, second: State
) -> None:
    pair = [Standing(where=first), Standing(where=second)]

    told_first = standing_of(NOTHING_SAID, pair)
    told_second = standing_of(NOTHING_SAID, pair[::-1])

    assert told_first == told_second
    assert told_first.where in {first, second}
    if State.HELD in {first, second}:
        assert told_first.where is State.HELD


def test_a_statement_waits_for_its_client_and_not_for_an_approval() -> None:
    statement = DocumentFacts(
        reading="read",
        problem="",
        is_duplicate=False,
        is_assigned=True,
        is_rejected=False,
        is_released=False,
        is_statement=True,
        direction="",
        not_planned="",
    )
    assert standing_of(statement, []) == Standing(where=Stand.STATEMENT)


@pytest.mark.parametrize(
    ("total", "written"),
    [
        ("1234567.5", "1,234,567.50 EUR"),
        ("121.000000", "121.00 EUR"),
        ("0.005", "0.005 EUR"),
        ("-0.5", "-0.50 EUR"),
        ("100", "100.00 EUR"),
    ],
)
def test_amounts_show_two_decimals_and_more_only_where_they_were_sent(
    total: str, written: str
) -> None:
    assert amount(Decimal(total), "EUR") == written


def test_no_total_is_written_as_nothing() -> None:
    assert amount(None, "EUR") == ""


def test_characters_nobody_sees_are_named() -> None:
    assert shown("a\u202eb\u200b\x1b[31m\r\nc") == "a[U+202E]b[U+200B][U+001B][31m[U+000D][U+000A]c"
    assert shown("Café «Zürich» 漢字") == "Café «Zürich» 漢字"


def test_values_are_told_in_the_order_in_which_people_ask() -> None:
    values = {"zz": "1", "tls": "2", "to": "3", "from": "4", "aa": "5", "reply": "6"}
    assert [name for name, _ in told(values)] == ["from", "to", "reply", "tls", "aa", "zz"]

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from posthorn.delivery.queries.words import (
    Amounts,
    Asked,
    Flow,
    KindOfPaper,
    Where,
    read_words,
)
from posthorn.delivery.states import State


def test_every_word_of_a_search_is_understood_and_the_rest_is_text() -> None:
    typed = (
        'maes status:retrying client:"Bakkerij Peeters" amount:>1000 before:2026-10-01'
        " after:2026-01-31 kind:credit-note 2026/17"
    )

    assert read_words(typed) == Asked(
        text="maes 2026/17",
        state=State.RETRYING,
        client="Bakkerij Peeters",
        amounts=Amounts(low=Decimal("1000.000001")),
        category=KindOfPaper.CREDIT_NOTE,
        since=date(2026, 2, 1),
        until=date(2026, 10, 1),
    )


@pytest.mark.parametrize(
    ("typed", "amounts"),
    [
        ("amount:121", Amounts(low=Decimal(121), high=Decimal(121))),
        ("amount:121,50", Amounts(low=Decimal("121.50"), high=Decimal("121.50"))),
        ("amount:>=10", Amounts(low=Decimal(10))),
        ("amount:<=10", Amounts(high=Decimal(10))),
        ("amount:<10", Amounts(high=Decimal("9.999999"))),
        ("amount:10..20", Amounts(low=Decimal(10), high=Decimal(20))),
    ],
)
def test_amounts_are_ranges(typed: str, amounts: Amounts) -> None:
    assert read_words(typed) == Asked(amounts=amounts)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("status:attention", Asked(where=Where.ATTENTION)),
        ("STATUS:To-Decide", Asked(where=Where.TO_DECIDE)),
        ("status:to_decide status:held", Asked(state=State.HELD)),
        ("kind:purchase", Asked(direction=Flow.PURCHASE)),
        ("kind:statement", Asked(category=KindOfPaper.STATEMENT)),
    ],
)
def test_status_and_kind_take_the_words_of_the_list(typed: str, asked: Asked) -> None:
    assert read_words(typed) == asked


@pytest.mark.parametrize(
    "typed",
    [
        "status:unheard",
        "kind:letter",
        "amount:much",
        "amount:>",
        "amount:10..",
        "before:yesterday",
        "after:9999-12-31",
        "colour:red",
        "client:",
        'client:""',
        "https://example.org/a",
        "amount:1e9",
    ],
)
def test_a_word_that_means_nothing_is_text(typed: str) -> None:
    assert read_words(typed) == Asked(text=typed)


def test_a_long_search_is_cut_and_a_zero_byte_parts_words() -> None:
    assert read_words("a\0b").text == "a b"
    assert len(read_words("a" * 10_000).text) == 500

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.documents.render import figures
from posthorn.documents.render.tables import aligned
from posthorn.documents.render.view import Value
from posthorn.documents.render.words import words_in


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("nl", "\u22121.234.567,80"),
        ("fr", "\u22121\u202f234\u202f567,80"),
        ("en", "\u22121,234,567.80"),
    ],
)
def test_amount_is_grouped_as_the_language_does(language: str, written: str) -> None:
    assert figures.amount(Decimal("-1234567.80"), words_in(language)) == written


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("0", "0"),
        ("100", "100"),
        ("1000", "1.000"),
        ("-0.00", "\u22120,00"),
        ("1.5000", "1,5000"),
        ("0.0000000000", "0,0000000000"),
        ("NaN", "NaN"),
        ("1E+3", "1.000"),
    ],
)
def test_amount_keeps_the_digits_that_were_sent(sent: str, written: str) -> None:
    assert figures.amount(Decimal(sent), words_in("nl")) == written


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_no_digit_of_an_amount_is_changed(number: Decimal) -> None:
    written = figures.amount(number, words_in("en"))

    assert Decimal(written.replace(",", "").replace("\u2212", "-")) == number


def test_what_is_absent_is_written_as_nothing() -> None:
    words = words_in("nl")

    assert figures.amount(None, words) == ""
    assert figures.money(None, "EUR", words) == ""
    assert figures.percent(None, words) == ""
    assert figures.day(None, words) == ""
    assert figures.span(None, None, words) == ""


def test_money_without_a_currency_is_the_amount_alone() -> None:
    assert figures.money(Decimal("2.50"), None, words_in("nl")) == "2,50"


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("nl", "1 maart 2026", "2 maart 2026"),
        ("fr", "1er mars 2026", "2 mars 2026"),
        ("en", "1 March 2026", "2 March 2026"),
        ("de", "1. März 2026", "2. März 2026"),
    ],
)
def test_date_names_its_month(language: str, first: str, second: str) -> None:
    words = words_in(language)

    assert figures.day(date(2026, 3, 1), words) == first
    assert figures.day(date(2026, 3, 2), words) == second


def test_period_says_which_end_is_open() -> None:
    words = words_in("en")
    start, end = date(2026, 3, 2), date(2026, 3, 31)

    assert figures.span(start, end, words) == "2 March 2026 \u2013 31 March 2026"
    assert figures.span(start, None, words) == "from 2 March 2026"
    assert figures.span(None, end, words) == "until 31 March 2026"


@pytest.mark.parametrize(
    ("sent", "printed"),
    [
        ("090933755493", "+++090/9337/55493+++"),
        ("+++090/9337/55493+++", "+++090/9337/55493+++"),
        ("***090/9337/55493***", "+++090/9337/55493+++"),
        ("000000009797", "+++000/0000/09797+++"),
        ("090933755494", "090933755494"),
        ("RF18 5390 0754 7034", "RF18 5390 0754 7034"),
    ],
)
def test_structured_communication_is_printed_as_banks_do(sent: str, printed: str) -> None:
    assert figures.communication(sent) == printed


def test_account_is_grouped_where_it_is_an_iban() -> None:
    assert figures.account("BE68539007547034") == "BE68 5390 0754 7034"
    assert figures.account("539-0075470-34") == "539-0075470-34"


def test_numbers_get_what_they_lack_to_stand_in_line() -> None:
    sent = ["10", "1,5", "2,25", "", "21 %", "1,1234567890"]

    padded = aligned([Value(text=text) for text in sent], ",")

    assert [value.pad for value in padded] == [",0000", "000", "00", "", ",0000", ""]

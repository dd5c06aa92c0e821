"""Numbers, amounts and dates written for a list are those that Django would write."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime, override

from posthorn.web.formatter import page_formatter

CODES = ("en", "nl", "fr", "de")
ZONE = dt.timezone(dt.timedelta(hours=2))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("number", [0, 7, 999, 1_000, 12_345, 9_876_543, -1_234])
def test_a_number_stands_in_groups_of_thousands(code: str, number: int) -> None:
    with translation.override(code):
        assert page_formatter().number(number) == number_format(number)


@pytest.mark.parametrize(
    ("code", "written"), [("en", "1,234"), ("nl", "1.234"), ("fr", "1.234"), ("de", "1.234")]
)
def test_each_language_groups_in_its_own_way(code: str, written: str) -> None:
    with translation.override(code):
        assert page_formatter().number(1_234) == written


def test_nothing_is_counted_as_nothing() -> None:
    with translation.override("nl"):
        formatter = page_formatter()

        assert (formatter.count(0), formatter.count(1), formatter.count(1_000)) == (
            "",
            "1",
            "1.000",
        )


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    ("total", "exact"),
    [
        ("0", "0.00"),
        ("121", "121.00"),
        ("1E+3", "1000.00"),
        ("1234567.5", "1234567.50"),
        ("-1234.560", "-1234.56"),
        ("0.1250", "0.125"),
        ("-98765.4321", "-98765.4321"),
    ],
)
def test_an_amount_has_two_decimals_or_those_that_were_sent(
    code: str, total: str, exact: str
) -> None:
    with translation.override(code):
        written = page_formatter().amount(Decimal(total), "EUR")

        assert written == f"{number_format(Decimal(exact), force_grouping=True)} EUR"


def test_an_amount_that_is_not_known_is_empty_and_one_without_a_currency_bare() -> None:
    with translation.override("fr"):
        formatter = page_formatter()

        assert (formatter.amount(None, "EUR"), formatter.amount(Decimal("1234.5"), "")) == (
            "",
            "1.234,50",
        )


@pytest.mark.parametrize("code", CODES)
def test_moments_are_written_in_the_zone_and_the_language_of_the_page(code: str) -> None:
    at = dt.datetime(2026, 5, 31, 22, 5, tzinfo=dt.UTC)
    with translation.override(code), override(ZONE):
        formatter, local = page_formatter(), localtime(at)
        forms = ("SHORT_DATETIME_FORMAT", "DATETIME_FORMAT", "MONTH_DAY_FORMAT")
        expected = [date_format(local, form) for form in forms]
        written = [
            formatter.moment(at),
            formatter.full_moment(at),
            formatter.month_day(formatter.local(at).date()),
        ]

    assert written == expected
    assert written[0] == "01/06/2026 00:05"

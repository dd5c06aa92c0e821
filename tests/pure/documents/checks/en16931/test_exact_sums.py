from __future__ import annotations

from decimal import Decimal

import pytest

from posthorn.documents.checks.en16931.arithmetic import cents, is_near, plus, share, times, whole


@pytest.mark.parametrize(
    ("number", "rounded"),
    [("0.5", "1"), ("-0.5", "0"), ("1.4999", "1"), ("-1.5", "-1"), ("-1.51", "-2"), ("7", "7")],
)
def test_halves_are_rounded_up(number: str, rounded: str) -> None:
    assert whole(Decimal(number)) == Decimal(rounded)


@pytest.mark.parametrize(
    ("number", "rounded"), [("1.005", "1.01"), ("-1.005", "-1.00"), ("2.0049", "2.00"), ("3", "3")]
)
def test_amounts_are_rounded_to_cents(number: str, rounded: str) -> None:
    assert cents(Decimal(number)) == Decimal(rounded)


def test_long_numbers_are_not_cut() -> None:
    long = Decimal("9" * 60 + ".99")

    assert plus(long, Decimal("0.01")) == Decimal("1" + "0" * 60)
    assert times(long, Decimal(2)) == Decimal("1" + "9" * 60 + ".98")
    assert cents(long) == long


def test_share_takes_the_size_of_the_amount() -> None:
    assert share(Decimal(-100), Decimal(21)) == Decimal(21)
    assert share(Decimal("0.05"), Decimal(10)) == Decimal("0.01")
    assert share(Decimal(100), Decimal(-6)) == Decimal(-6)


@pytest.mark.parametrize(
    ("tax", "is_so"), [("21", True), ("20.01", True), ("20", False), ("22", False), ("-21.5", True)]
)
def test_less_than_one_is_near(tax: str, *, is_so: bool) -> None:
    assert is_near(Decimal(tax), Decimal(21)) is is_so

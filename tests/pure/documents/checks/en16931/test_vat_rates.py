from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.pure.documents.checks.en16931.parts import Row, fires, put, values
from tests.pure.documents.checks.en16931.sales import (
    allowance,
    assert_tells_apart,
    charge,
    credit_line,
    line,
    rules,
)

_WITHOUT_VAT = {"Z": "BR-Z", "E": "BR-E", "AE": "BR-AE", "K": "BR-IC", "G": "BR-G"}
_ISLANDS = {"L": "BR-AF", "M": "BR-AG"}
_PLACES: tuple[tuple[str, Callable[..., str]], ...] = (
    ("05", line),
    ("05", credit_line),
    ("06", allowance),
    ("07", charge),
)


def _rows() -> list[Row]:
    rows: list[Row] = []
    for number, of in _PLACES:
        rows += [
            (f"BR-S-{number}", of("S", "0.01"), of("S", "0")),
            (f"BR-S-{number}", of(" S ", "6"), of(" S ", "-6")),
            (f"BR-S-{number}", of("S", " 6 "), of("S")),
            (f"BR-S-{number}", of("s"), of("S", "six")),
            (f"BR-O-{number}", of("O"), of("O", "0")),
        ]
        for code, family in _WITHOUT_VAT.items():
            rows += [
                (f"{family}-{number}", of(code, "0"), of(code, "0.01")),
                (f"{family}-{number}", of(code, "-0.00"), of(code, "-1")),
                (f"{family}-{number}", of("S", "6"), of(code)),
            ]
        for code, family in _ISLANDS.items():
            rows += [
                (f"{family}-{number}", of(code, "0"), of(code, "-0.01")),
                (f"{family}-{number}", of(code, "7"), of(code)),
            ]
    return rows


ROWS = _rows()


@pytest.mark.parametrize("rule", rules(ROWS))
def test_rate_goes_with_its_category(rule: str) -> None:
    assert_tells_apart(ROWS, rule)


def test_category_of_another_tax_is_not_asked_for_its_rate() -> None:
    assert not fires("BR-S-05", line("S", "0", scheme="GST"))
    assert not fires("BR-S-05", line("S", "0", scheme=""))
    assert fires("BR-S-05", line("S", "0", scheme=" vat "))


def test_category_is_asked_on_lines_and_not_beside_them() -> None:
    category = line("S", "0").removeprefix("<cac:InvoiceLine>").removesuffix("</cac:InvoiceLine>")
    elsewhere = category.replace("cac:Item>", "cac:Other>")

    assert not fires("BR-S-05", category)
    assert not fires("BR-S-05", put("cac:InvoiceLine", elsewhere))
    assert fires("BR-S-05", put("cac:InvoiceLine", category))


def test_allowance_of_a_line_is_asked_for_its_rate_too() -> None:
    assert fires("BR-Z-06", put("cac:InvoiceLine", allowance("Z", "6")))


def test_rates_are_quoted() -> None:
    category = "/ubl:Invoice/cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory"

    assert values("BR-S-05", line("S", "0.0")) == [(category, {"found": "0.0"})]
    assert values("BR-S-05", line("S")) == [(category, {"found": "—"})]
    assert values("BR-AE-05", line("AE", "21")) == [(category, {"found": "21"})]
    assert values("BR-O-05", line("O", "x")) == [(category, {"found": "x"})]
    assert values("BR-AG-05", line("M", "-1")) == [(category, {"found": "-1"})]


def test_of_two_rates_one_that_is_right_will_do() -> None:
    def two(code: str, rate: str, other: str) -> str:
        return line(code, rate).replace(
            "<cac:TaxScheme>", put("cbc:Percent", other) + "<cac:TaxScheme>"
        )

    assert not fires("BR-S-05", two("S", "0", "6"))
    assert fires("BR-S-05", two("S", "0", "-6"))
    assert not fires("BR-AF-05", two("L", "-1", "0"))
    assert fires("BR-Z-05", two("Z", "0", "0"))

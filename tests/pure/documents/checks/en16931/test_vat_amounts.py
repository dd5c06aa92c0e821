from __future__ import annotations

import pytest

from tests.pure.documents.checks.en16931.parts import Row, fires, put, values
from tests.pure.documents.checks.en16931.sales import (
    allowance,
    assert_tells_apart,
    breakdown,
    category,
    charge,
    credit_line,
    line,
    rules,
)

_WITHOUT_VAT = {"Z": "BR-Z", "E": "BR-E", "AE": "BR-AE", "K": "BR-IC", "G": "BR-G", "O": "BR-O"}
_AT_RATES = {"S": "BR-S", "L": "BR-AF", "M": "BR-AG"}
_REASON = put("cbc:TaxExemptionReason", "Because")
_REASON_CODE = put("cbc:TaxExemptionReasonCode", "VATEX-EU-AE")


def _rows_without_vat(code: str, family: str) -> list[Row]:
    def of(base: str | None = "100", tax: str | None = "0", more: str = "") -> str:
        return breakdown(code, "0", base, tax, more=more)

    both = line(code) + allowance(code) + charge(code, amount="20")
    plain = put("cac:InvoiceLine", put("cbc:LineExtensionAmount", "9"))
    return [
        (f"{family}-08", line(code) + of(), line(code) + of("100.01")),
        (f"{family}-08", credit_line(code) + of(), credit_line(code) + of("99.99")),
        (f"{family}-08", both + of("110"), both + of("100")),
        (f"{family}-08", both + of(" 110.00 "), both + of("110.00x")),
        (f"{family}-08", plain + line(f" {code} ", scheme="") + of(), plain + line("X") + of()),
        (f"{family}-08", plain + of("0"), of("0")),
        (f"{family}-08", plain + of("0"), plain + of(None)),
        (f"{family}-08", line("X", net="no") + plain + of("0"), line(code, net="no") + of("0")),
        # Both kinds of lines: either will do, and the total of neither alone.
        (
            f"{family}-08",
            line(code) + credit_line(code, net="7") + of("7"),
            line(code) + credit_line(code, net="7") + of("107"),
        ),
        (f"{family}-09", of(tax="0.00"), of(tax="0.01")),
        (f"{family}-09", of(tax="-0"), of(tax=None)),
    ]


def _rows_at_rates(code: str, family: str) -> list[Row]:
    def of(rate: str | None, base: str | None, tax: str | None = "0") -> str:
        return breakdown(code, rate, base, tax)

    sold = line(code, "10") + line(code, "20", "7")
    both = sold + allowance(code, "10") + charge(code, "10", "20")
    credited = credit_line(code, "10")
    return [
        (f"{family}-08", sold + of("10.0", "100"), sold + of("10", "101")),
        (f"{family}-08", sold + of("10", "100.99"), sold + of("10", "99")),
        (f"{family}-08", sold + of("20", "7"), sold + of("20", "107")),
        (f"{family}-08", both + of("10", "110"), both + of("10", "100")),
        (f"{family}-08", credited + of("10", "100"), credited + of("10", "98")),
        (f"{family}-08", sold + of(None, "1"), sold + of("x", "1")),
        (f"{family}-08", sold + of("10", "99.01"), sold + of("10", "x")),
        (f"{family}-08", sold + of("10", "99.01"), sold + of("10", None)),
        (f"{family}-08", line("X", "x") + sold + of("20", "7"), line(code, "x") + of("x", "100")),
        (f"{family}-08", sold + of("20", "7"), line(code, "x") + sold + of("20", "7")),
        (f"{family}-08", sold + of("20", "7"), sold + line(code, "20", "no") + of("20", "7")),
        (f"{family}-09", of("10", "100", "10"), of("10", "100", "11")),
        (f"{family}-09", of("10", "100", "9.01"), of("10", "100", "9")),
        (f"{family}-09", of("10", "-100", "10"), of("10", "100", None)),
        (f"{family}-09", of("0.005", "100", "1"), of("0.0049", "100", "1")),
        (f"{family}-09", of("10", "100", "-10.5"), of(None, "100", "10")),
        (f"{family}-09", of("10", "100", "10"), of("10", None, "10")),
    ]


def _rows_of_reasons() -> list[Row]:
    rows: list[Row] = []
    for code in ("E", "AE", "K", "G", "O"):
        rule = f"{_WITHOUT_VAT[code]}-10"
        rows += [
            (rule, breakdown(code, more=_REASON), breakdown(code)),
            (rule, breakdown(code, more=_REASON_CODE), breakdown(f" {code} ")),
        ]
    for code, family in {"Z": "BR-Z", **_AT_RATES}.items():
        rows += [
            (f"{family}-10", breakdown(code), breakdown(code, more=_REASON)),
            (f"{family}-10", breakdown("X", more=_REASON), breakdown(code, more=_REASON_CODE)),
        ]
    return rows


ROWS: tuple[Row, ...] = (
    *(row for code, family in _WITHOUT_VAT.items() for row in _rows_without_vat(code, family)),
    *(row for code, family in _AT_RATES.items() for row in _rows_at_rates(code, family)),
    *_rows_of_reasons(),
    # The standard rate must be sold somewhere; where is nothing, nothing may be in the breakdown.
    ("BR-S-08", line("S", "10", "0") + breakdown("S", "10", "0"), breakdown("S", "10", "0")),
    (
        "BR-S-08",
        charge("S", "10", "5") + breakdown("S", "10", "5"),
        line("S", "9", "0") + breakdown("S", "10", "0"),
    ),
    ("BR-AF-08", line("L", "9", "0") + breakdown("L", "10", "0"), breakdown("L", "10", "0")),
    ("BR-AG-08", line("X") + breakdown("M", "10", "0"), breakdown("M", "10", "0")),
)


@pytest.mark.parametrize("rule", rules(ROWS))
def test_breakdown_says_what_is_sold(rule: str) -> None:
    assert_tells_apart(ROWS, rule)


def test_one_taken_from_the_base_is_taken_in_binary_as_the_official_test_does() -> None:
    # In binary 1001.15 - 1 is a little less than 1000.15; 1001.25 - 1 is 1000.25 exactly.
    assert not fires("BR-S-08", line("S", "21", "1000.15") + breakdown("S", "21", "1001.15"))
    assert fires("BR-S-08", line("S", "21", "1000.25") + breakdown("S", "21", "1001.25"))


def test_breakdown_of_a_line_or_of_another_tax_is_not_asked() -> None:
    assert fires("BR-Z-09", breakdown("Z", tax="1"))
    assert not fires("BR-Z-09", breakdown("Z", tax="1", scheme="GST"))
    assert not fires("BR-Z-09", put("cac:InvoiceLine", breakdown("Z", tax="1")))
    assert not fires("BR-Z-09", put("cac:Other", breakdown("Z", tax="1")))


def test_subtotal_outside_a_total_is_no_breakdown() -> None:
    bare = breakdown("Z", tax="1").replace("cac:TaxTotal", "cac:WithholdingTaxTotal")

    assert not fires("BR-Z-09", bare)


def test_nested_line_is_not_counted_but_shows_that_the_rate_is_sold() -> None:
    nested = put("cac:Other", line("S", "21", "50"))

    assert not fires("BR-S-08", nested + breakdown("S", "21", "0"))
    assert fires("BR-S-08", nested + breakdown("S", "21", "50"))


def test_line_with_two_categories_counts_in_both_at_both_rates() -> None:
    two = put("cac:ClassifiedTaxCategory", category("S", "21")) + put(
        "cac:ClassifiedTaxCategory", category("Z", "0")
    )
    sold = put("cac:InvoiceLine", put("cbc:LineExtensionAmount", "5") + put("cac:Item", two))

    assert not fires("BR-S-08", sold + breakdown("S", "0", "5"))
    assert not fires("BR-S-08", sold + breakdown("S", "21", "5"))
    assert not fires("BR-Z-08", sold + breakdown("Z", "0", "5"))
    assert fires("BR-Z-08", sold + breakdown("Z", "0", "0"))


def test_what_stands_twice_cannot_be_told() -> None:
    rates = put("cbc:Percent", "21") * 2
    twice = put("cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory", category("S", more=rates))
    nets = put("cbc:LineExtensionAmount", "5") * 2
    item = put("cac:Item/cac:ClassifiedTaxCategory", category("Z", "0"))

    assert fires("BR-S-08", twice + breakdown("S", "21", "0"))
    assert fires("BR-Z-08", put("cac:InvoiceLine", nets + item) + breakdown("Z", "0", "5"))


def test_line_without_amount_counts_as_nothing() -> None:
    item = put("cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory", category("Z", "0"))

    assert not fires("BR-Z-08", item + breakdown("Z", "0", "0"))


def test_what_neither_adds_nor_takes_off_is_not_counted() -> None:
    vague = charge("Z", "0", "10").replace("true", "perhaps")

    assert not fires("BR-Z-08", line("Z", "0") + vague + breakdown("Z", "0", "100"))


def test_amounts_of_any_length_are_added_exactly() -> None:
    long = "1234567890123456789012345678901234567890.01"
    longer = "1234567890123456789012345678901234567890.02"
    sold = line("Z", "0", long) + line("Z", "0", "0.01")

    assert not fires("BR-Z-08", sold + breakdown("Z", "0", longer))
    assert fires("BR-Z-08", sold + breakdown("Z", "0", long))


def test_both_sums_and_the_rate_are_quoted() -> None:
    place = "/ubl:Invoice/cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"
    sold = line("S", "21") + line("E", net="3.50")

    assert values("BR-S-08", sold + breakdown("S", "21", "90")) == [
        (place, {"expected": "100", "found": "90", "rate": "21"})
    ]
    assert values("BR-S-09", breakdown("S", "21", "90", "3")) == [
        (place, {"expected": "18.90", "found": "3", "rate": "21"})
    ]
    assert values("BR-E-08", sold + breakdown("E", None, "4")) == [
        (place, {"expected": "3.50", "found": "4"})
    ]
    assert values("BR-E-09", breakdown("E", tax="4")) == [(place, {"found": "4"})]
    assert values("BR-S-10", breakdown("S", more=_REASON_CODE)) == [
        (place, {"found": "VATEX-EU-AE"})
    ]
    assert values("BR-Z-10", breakdown("Z", more=_REASON + _REASON_CODE)) == [
        (place, {"found": "Because"})
    ]


def test_sum_of_a_credit_note_is_that_of_its_lines() -> None:
    part = line("E", net="1") + credit_line("E", net="2") + breakdown("E", None, "4")

    assert values("BR-E-08", part, "CreditNote") == [
        (
            "/cn:CreditNote/cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory",
            {"expected": "2", "found": "4"},
        )
    ]

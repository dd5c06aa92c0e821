from __future__ import annotations

import pytest

from tests.pure.documents.checks.en16931.parts import Row, fires, put, values
from tests.pure.documents.checks.en16931.sales import (
    allowance,
    assert_tells_apart,
    breakdown,
    charge,
    credit_line,
    line,
    rules,
)

_EURO = put("cbc:DocumentCurrencyCode", "EUR")
_BOTH_LINES = line("S", net="10") + put("cac:Other", credit_line("S", net="0.125"))


def totals(**amounts: str) -> str:
    """Write the totals of a document: `totals(Payable="12")`."""
    return put(
        "cac:LegalMonetaryTotal",
        "".join(put(f"cbc:{name}Amount", amount) for name, amount in amounts.items()),
    )


def vat(total: str, *subtotals: str, currency: str = "EUR") -> str:
    parts = (put("cac:TaxSubtotal/cbc:TaxAmount", tax) for tax in subtotals)
    return put("cac:TaxTotal", put(f"cbc:TaxAmount@currencyID={currency}", total) + "".join(parts))


def with_vat(bare: str, full: str) -> str:
    return _EURO + totals(TaxExclusive=bare, TaxInclusive=full)


def rated(rate: str | None, base: str | None, tax: str | None) -> str:
    return breakdown("S", rate, base, tax)


_SOLD: tuple[Row, ...] = (
    ("BR-CO-10", line("S") + totals(LineExtension="100.0"), line("S") + totals(LineExtension="99")),
    # Halves go up: 10.125 is 10.13, -10.125 is -10.12.
    (
        "BR-CO-10",
        _BOTH_LINES + totals(LineExtension="10.13"),
        _BOTH_LINES + totals(LineExtension="10.12"),
    ),
    (
        "BR-CO-10",
        line("S", net="-10.125") + totals(LineExtension="-10.12"),
        line("S", net="-10.125") + totals(LineExtension="-10.13"),
    ),
    ("BR-CO-10", totals(LineExtension="0"), totals()),
    ("BR-CO-10", line("S"), line("S", net="x") + totals(LineExtension="100")),
    ("BR-CO-10", put("cac:InvoiceLine") + totals(LineExtension="0"), totals(LineExtension="")),
    ("BR-CO-11", totals(), allowance("S") + totals()),
    ("BR-CO-11", charge("S") + totals(), allowance("S") + totals(AllowanceTotal="11")),
    ("BR-CO-11", totals(AllowanceTotal="0"), totals(AllowanceTotal="1")),
    (
        "BR-CO-11",
        allowance("S")
        + charge("S")
        + allowance("S", amount="0.005")
        + totals(AllowanceTotal="10.01"),
        allowance("S", amount="x") + totals(AllowanceTotal="0"),
    ),
    (
        "BR-CO-11",
        put("cac:InvoiceLine", allowance("S")) + totals(AllowanceTotal="0"),
        put("cac:X", allowance("S") + totals(AllowanceTotal="0")),
    ),
    (
        "BR-CO-11",
        put("cac:AllowanceCharge") + totals(),
        allowance("S").replace("false", "no") + totals(),
    ),
    ("BR-CO-12", totals(), charge("S") + totals()),
    ("BR-CO-12", allowance("S") + totals(), charge("S") + totals(ChargeTotal="11")),
    ("BR-CO-12", charge("S") + allowance("S") + totals(ChargeTotal="10"), totals(ChargeTotal="1")),
    (
        "BR-CO-12",
        charge("S").replace("true", "1") + totals(ChargeTotal="10"),
        charge("S").replace("true", "") + totals(),
    ),
)
_TOTALS: tuple[Row, ...] = (
    (
        "BR-CO-13",
        totals(LineExtension="1.005", TaxExclusive="1.005"),
        totals(LineExtension="1.005", TaxExclusive="1.01"),
    ),
    (
        "BR-CO-13",
        totals(LineExtension="100", AllowanceTotal="10.004", TaxExclusive="90.00"),
        totals(LineExtension="100", AllowanceTotal="10", TaxExclusive="110"),
    ),
    (
        "BR-CO-13",
        totals(LineExtension="100", ChargeTotal="10.005", TaxExclusive="110.01"),
        totals(LineExtension="100", ChargeTotal="10", TaxExclusive="90"),
    ),
    # Rounded once, not after each step: 100 + 0.005 - 0.004.
    (
        "BR-CO-13",
        totals(
            LineExtension="100", ChargeTotal="0.005", AllowanceTotal="0.004", TaxExclusive="100"
        ),
        totals(
            LineExtension="100", ChargeTotal="0.005", AllowanceTotal="0.004", TaxExclusive="100.01"
        ),
    ),
    ("BR-CO-13", "", totals()),
    (
        "BR-CO-13",
        totals(LineExtension="1", TaxExclusive="1"),
        totals(LineExtension="1", AllowanceTotal="x", TaxExclusive="1"),
    ),
    ("BR-CO-14", vat("3", "1", "2.004"), vat("3", "1", "1")),
    ("BR-CO-14", vat("3"), vat("3", "x")),
    ("BR-CO-14", vat("-0.5", "-0.505"), vat("-0.51", "-0.505")),
    ("BR-CO-14", put("cac:InvoiceLine", vat("3", "1")), vat("", "1")),
    ("BR-CO-15", with_vat("100", "121") + vat("21"), with_vat("100", "120") + vat("21")),
    ("BR-CO-15", with_vat("100", "121.01") + vat("21.005"), with_vat("100", "121") + vat("21.005")),
    (
        "BR-CO-15",
        with_vat("1", "2") + vat("1") + vat("9", currency="USD"),
        with_vat("1", "2") + vat("1", currency="USD"),
    ),
    (
        "BR-CO-15",
        totals(TaxExclusive="1", TaxInclusive="9"),
        with_vat("1", "2") + vat("1") + vat("1"),
    ),
    ("BR-CO-15", with_vat("1", "1") + vat("0"), with_vat("1", "1")),
    ("BR-CO-15", "", _EURO + vat("0")),
    (
        "BR-CO-15",
        with_vat("1", "2") + vat("1"),
        with_vat("1", "2") + put("cac:InvoiceLine", vat("1")),
    ),
    (
        "BR-CO-15",
        with_vat("1", "2") + vat("1"),
        with_vat("1", "2").replace("EUR", "EUR ") + vat("1"),
    ),
    (
        "BR-CO-16",
        totals(TaxInclusive="1.005", Payable="1.005"),
        totals(TaxInclusive="1", Payable="2"),
    ),
    (
        "BR-CO-16",
        totals(TaxInclusive="10", Prepaid="4.004", Payable="6.00"),
        totals(TaxInclusive="10", Prepaid="4", Payable="10"),
    ),
    (
        "BR-CO-16",
        totals(TaxInclusive="10", PayableRounding="0.01", Payable="10.01"),
        totals(TaxInclusive="10", PayableRounding="0.01", Payable="9.99"),
    ),
    (
        "BR-CO-16",
        totals(TaxInclusive="10", Prepaid="4", PayableRounding="-0.01", Payable="5.99"),
        totals(TaxInclusive="10", Prepaid="4", PayableRounding="-0.01", Payable="6"),
    ),
    ("BR-CO-16", "", totals(TaxInclusive="10", PayableRounding="x", Payable="10")),
    ("BR-CO-16", "", totals(TaxInclusive="10", Prepaid="x", Payable="10")),
    ("BR-CO-16", "", totals()),
)
_RATED: tuple[Row, ...] = (
    ("BR-CO-17", rated("21", "100", "21"), rated("21", "100", "22")),
    ("BR-CO-17", rated("21", "100", "20.01"), rated("21", "100", "20")),
    ("BR-CO-17", rated("21", "-100", "21"), rated("21", "100", None)),
    ("BR-CO-17", rated("21", "-100", "-21"), rated("21", None, "21")),
    # A rate that rounds to 0, or none: no tax but what rounds to 0.
    ("BR-CO-17", rated("0.49", "1000", "0.49"), rated("0.49", "1000", "4.90")),
    ("BR-CO-17", rated("0.5", "1000", "5"), rated("0.5", "1000", "0")),
    ("BR-CO-17", rated("-0.5", "1000", "0"), rated("-0.5", "1000", "5")),
    ("BR-CO-17", rated(None, "100", "-0.5"), rated(None, "100", "0.5")),
    ("BR-CO-17", rated("0", None, "0"), rated("x", "100", "0")),
    (
        "BR-CO-17",
        breakdown("S", "21", "100", "0", scheme="GST"),
        breakdown("S", "21", "100", "21", scheme="GST"),
    ),
    ("BR-CO-17", "", put("cac:InvoiceLine", rated("21", "100", "0"))),
)
ROWS = (*_SOLD, *_TOTALS, *_RATED)


@pytest.mark.parametrize("rule", rules(ROWS))
def test_sums_are_right(rule: str) -> None:
    assert_tells_apart(ROWS, rule)


def test_what_stands_twice_cannot_be_added() -> None:
    twice = totals(LineExtension="5").replace("</cac", "<cbc:LineExtensionAmount/></cac")

    assert fires("BR-CO-10", line("S", net="5") + twice)


def test_what_the_sums_should_be_is_quoted() -> None:
    place, root = "/ubl:Invoice/cac:LegalMonetaryTotal", "/ubl:Invoice"
    subtotal = f"{root}/cac:TaxTotal/cac:TaxSubtotal"
    due = totals(TaxInclusive="10", Prepaid="4", PayableRounding="0.03", Payable="7")

    assert values("BR-CO-10", line("S") + totals(LineExtension="99")) == [
        (place, {"expected": "100.00", "found": "99"})
    ]
    assert values("BR-CO-11", allowance("S").replace("false", "no") + totals()) == [
        (place, {"expected": "—", "found": "—"})
    ]
    assert values("BR-CO-13", totals(LineExtension="1", TaxExclusive="2")) == [
        (place, {"expected": "1", "found": "2"})
    ]
    assert values("BR-CO-15", with_vat("1", "3") + vat("1")) == [
        (root, {"expected": "2.00", "found": "3"})
    ]
    assert values("BR-CO-16", due) == [(place, {"expected": "6.03", "found": "7"})]
    assert values("BR-CO-17", rated("21", "100", "2")) == [
        (subtotal, {"expected": "21.00", "found": "2", "rate": "21"})
    ]
    assert values("BR-CO-17", rated("21", None, "2")) == [
        (subtotal, {"expected": "—", "found": "2", "rate": "21"})
    ]
    assert values("BR-CO-17", rated(None, "100", "2")) == [
        (subtotal, {"expected": "0", "found": "2", "rate": "0"})
    ]
    assert values("BR-CO-17", rated("x", "100", "2")) == [
        (subtotal, {"expected": "—", "found": "2", "rate": "—"})
    ]

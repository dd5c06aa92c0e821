from __future__ import annotations

import pytest

from tests.pure.documents.checks.en16931.parts import Row, fires, put, values
from tests.pure.documents.checks.en16931.sales import assert_tells_apart, rules

_TOTALS = "cac:LegalMonetaryTotal"
_SUBTOTAL = "cac:TaxTotal/cac:TaxSubtotal"
_ON_LINE = "cac:InvoiceLine/cac:AllowanceCharge"
_ON_CREDIT_LINE = "cac:CreditNoteLine/cac:AllowanceCharge"
_OFF, _ON = put("cbc:ChargeIndicator", "false"), put("cbc:ChargeIndicator", "true")
# The rule, where the amount stands, what stands beside it, the amount.
_AMOUNTS = (
    ("BR-DEC-01", "cac:AllowanceCharge", _OFF, "Amount"),
    ("BR-DEC-02", "cac:AllowanceCharge", _OFF, "BaseAmount"),
    ("BR-DEC-05", "cac:AllowanceCharge", _ON, "Amount"),
    ("BR-DEC-06", "cac:AllowanceCharge", _ON, "BaseAmount"),
    ("BR-DEC-09", _TOTALS, "", "LineExtensionAmount"),
    ("BR-DEC-10", _TOTALS, "", "AllowanceTotalAmount"),
    ("BR-DEC-11", _TOTALS, "", "ChargeTotalAmount"),
    ("BR-DEC-12", _TOTALS, "", "TaxExclusiveAmount"),
    ("BR-DEC-14", _TOTALS, "", "TaxInclusiveAmount"),
    ("BR-DEC-16", _TOTALS, "", "PrepaidAmount"),
    ("BR-DEC-17", _TOTALS, "", "PayableRoundingAmount"),
    ("BR-DEC-18", _TOTALS, "", "PayableAmount"),
    ("BR-DEC-19", _SUBTOTAL, "", "TaxableAmount"),
    ("BR-DEC-20", _SUBTOTAL, "", "TaxAmount"),
    ("BR-DEC-23", "cac:InvoiceLine", "", "LineExtensionAmount"),
    ("BR-DEC-23", "cac:CreditNoteLine", "", "LineExtensionAmount"),
    ("BR-DEC-24", _ON_LINE, _OFF, "Amount"),
    ("BR-DEC-24", _ON_CREDIT_LINE, _OFF, "Amount"),
    ("BR-DEC-25", _ON_LINE, _OFF, "BaseAmount"),
    ("BR-DEC-27", _ON_LINE, _ON, "Amount"),
    ("BR-DEC-28", _ON_LINE, _ON, "BaseAmount"),
)


def _part(path: str, beside: str, name: str, amount: str) -> str:
    return put(path, beside + put(f"cbc:{name}", amount))


ROWS: tuple[Row, ...] = tuple(
    (rule, _part(path, beside, name, holding), _part(path, beside, name, broken))
    for rule, path, beside, name in _AMOUNTS
    for holding, broken in (("1.23", "1.234"), ("1234", "-.000"), ("1,234", "1.2 \n"))
)


@pytest.mark.parametrize("rule", rules(ROWS))
def test_amount_has_two_decimals(rule: str) -> None:
    assert_tells_apart(ROWS, rule)


def test_allowances_and_charges_are_told_apart_and_those_of_prices_left_alone() -> None:
    amount = put("cbc:Amount", "1.234") + put("cbc:BaseAmount", "1.234")
    of_price = put("cac:InvoiceLine/cac:Price/cac:AllowanceCharge", _OFF + amount)

    assert _asked(of_price) == set()
    assert _asked(put("cac:AllowanceCharge", amount)) == set()
    assert _asked(put("cac:AllowanceCharge", _OFF + amount)) == {"BR-DEC-01", "BR-DEC-02"}
    assert _asked(put("cac:AllowanceCharge", _ON + amount)) == {"BR-DEC-05", "BR-DEC-06"}
    assert _asked(put(_ON_LINE, _OFF + amount)) == {"BR-DEC-24", "BR-DEC-25"}
    assert _asked(put(_ON_LINE, _ON + amount)) == {"BR-DEC-27", "BR-DEC-28"}


@pytest.mark.parametrize(
    ("word", "rule"), [("0", "BR-DEC-01"), (" false ", "BR-DEC-01"), ("1", "BR-DEC-05")]
)
def test_indicator_is_read_in_all_its_forms(word: str, rule: str) -> None:
    says = put("cbc:ChargeIndicator", word) + put("cbc:Amount", "1.234")

    assert _asked(put("cac:AllowanceCharge", says)) == {rule}


def test_subtotal_outside_a_total_is_not_asked() -> None:
    assert _asked(put("cac:TaxSubtotal/cbc:TaxAmount", "1.234")) == set()
    assert _asked(put(f"cac:InvoiceLine/{_SUBTOTAL}/cbc:TaxAmount", "1.234")) == {"BR-DEC-20"}


def test_amount_is_pointed_at_and_quoted() -> None:
    part = put(_TOTALS, put("cbc:PayableAmount", "1.234"))

    assert values("BR-DEC-18", part) == [
        ("/ubl:Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount", {"found": "1.234"})
    ]


def _asked(part: str) -> set[str]:
    return {rule for rule in rules(ROWS) if fires(rule, part)}

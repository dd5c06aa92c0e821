from __future__ import annotations

import pytest

from tests.pure.documents.checks.en16931.parts import Row, fires, put, values
from tests.pure.documents.checks.en16931.sales import (
    SELLER,
    TAX_NUMBER,
    VAT_NUMBER,
    assert_tells_apart,
    credit_line,
    line,
    rules,
)

_DAY, _CODE = put("cbc:TaxPointDate"), put("cac:InvoicePeriod/cbc:DescriptionCode")
_OFF, _ON = put("cbc:ChargeIndicator", "false"), put("cbc:ChargeIndicator", "true")
_WHY, _WHY_CODE = put("cbc:AllowanceChargeReason"), put("cbc:AllowanceChargeReasonCode")
_ITEM = "cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory"
_SCHEME = put("cac:TaxScheme/cbc:ID", "VAT")
_LEGAL = f"{SELLER}/cac:PartyLegalEntity"
_IDENTIFIED = f"{SELLER}/cac:PartyIdentification"
_PERIOD = "cac:InvoiceLine/cac:InvoicePeriod"


def _number(text: str, scheme: str = "VAT") -> str:
    under = put("cac:TaxScheme/cbc:ID", scheme)
    return put("cac:PartyTaxScheme", put("cbc:CompanyID", text) + under)


def _rows_of_reasons() -> list[Row]:
    rows: list[Row] = []
    for rule, path, sign, other in (
        ("BR-CO-21", "cac:AllowanceCharge", _OFF, _ON),
        ("BR-CO-22", "cac:AllowanceCharge", _ON, _OFF),
        ("BR-CO-23", "cac:InvoiceLine/cac:AllowanceCharge", _OFF, _ON),
        ("BR-CO-24", "cac:CreditNoteLine/cac:AllowanceCharge", _ON, _OFF),
    ):
        elsewhere = f"cac:InvoiceLine/cac:Price/{path.rpartition('/')[2]}"
        rows += [
            (rule, put(path, sign + _WHY), put(path, sign)),
            (rule, put(path, sign + _WHY_CODE), put(path, sign) + put(path, sign + _WHY)),
            (rule, put(path, other) + put(elsewhere, sign), put(path, sign + put("cbc:Amount"))),
        ]
    return rows


ROWS: tuple[Row, ...] = (
    ("BR-CO-03", _DAY, _DAY + _CODE),
    ("BR-CO-03", _CODE + put("cac:InvoiceLine", _DAY), _DAY + put("cac:InvoicePeriod") + _CODE),
    ("BR-CO-04", line("S"), put("cac:InvoiceLine")),
    ("BR-CO-04", credit_line(""), put("cac:CreditNoteLine/cac:Item")),
    ("BR-CO-04", line("S", scheme=" vat "), line("S", scheme="GST")),
    ("BR-CO-04", put("cac:Item"), put(_ITEM, _SCHEME)),
    ("BR-CO-04", put(_ITEM, put("cbc:ID") + _SCHEME), put(_ITEM, put("cbc:ID"))),
    ("BR-CO-09", _number("BE1"), _number("be1")),
    ("BR-CO-09", _number("EL1"), _number("XX1")),
    ("BR-CO-09", _number("1A"), _number("0123")),
    ("BR-CO-09", _number("") + _number("B") + _number(" B"), _number("  BE1")),
    (
        "BR-CO-09",
        _number("XX1", "GST") + put("cac:PartyTaxScheme", _SCHEME),
        _number("XX1", "vat "),
    ),
    ("BR-CO-18", put("cac:TaxTotal/cac:TaxSubtotal"), put("cac:TaxTotal")),
    ("BR-CO-18", put("cac:TaxTotal") + put("cac:TaxTotal/cac:TaxSubtotal"), put("cac:TaxSubtotal")),
    ("BR-CO-19", put("cac:InvoicePeriod/cbc:StartDate"), put("cac:InvoicePeriod")),
    ("BR-CO-19", put("cac:InvoicePeriod/cbc:EndDate"), put("cac:InvoicePeriod/cbc:ID")),
    ("BR-CO-19", _CODE + put(_PERIOD), put("cac:X/cac:InvoicePeriod")),
    ("BR-CO-20", put(f"{_PERIOD}/cbc:StartDate"), put("cac:InvoiceLine", _CODE)),
    ("BR-CO-20", put("cac:InvoicePeriod"), put("cac:CreditNoteLine/cac:InvoicePeriod")),
    ("BR-CO-20", put(f"{_PERIOD}/cbc:EndDate"), put(_PERIOD)),
    *_rows_of_reasons(),
    ("BR-CO-26", put(SELLER, VAT_NUMBER), put(SELLER, TAX_NUMBER)),
    ("BR-CO-26", put(f"{_LEGAL}/cbc:CompanyID"), put(_LEGAL)),
    ("BR-CO-26", put(f"{_IDENTIFIED}/cbc:ID"), put(f"{_IDENTIFIED}/cbc:ID@schemeID=SEPA")),
    ("BR-CO-26", "", put("cac:AccountingSupplierParty")),
)


@pytest.mark.parametrize("rule", rules(ROWS))
def test_conditions_go_together(rule: str) -> None:
    assert_tells_apart(ROWS, rule)


def test_values_are_quoted() -> None:
    numbered = put("cac:InvoiceLine", put("cbc:ID", "7"))
    free = put("cac:AllowanceCharge", _OFF + put("cbc:Amount", "9.50"))

    assert values("BR-CO-04", numbered) == [("/ubl:Invoice/cac:InvoiceLine", {"line": "7"})]
    assert values("BR-CO-21", free) == [("/ubl:Invoice/cac:AllowanceCharge", {"amount": "9.50"})]
    assert values("BR-CO-09", _number("123")) == [
        ("/ubl:Invoice/cac:PartyTaxScheme/cbc:CompanyID", {"found": "123"})
    ]


def test_second_number_of_another_tax_does_not_disturb_the_first() -> None:
    assert not fires("BR-CO-26", put(SELLER, TAX_NUMBER + VAT_NUMBER))
    assert not fires("BR-CO-09", put(SELLER, _number("123", "FC") + VAT_NUMBER))

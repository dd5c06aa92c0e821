from __future__ import annotations

import pytest

from tests.pure.documents.checks.en16931.parts import Row, fires, put, values
from tests.pure.documents.checks.en16931.sales import (
    BUYER,
    SELLER,
    TAX_NUMBER,
    VAT_NUMBER,
    allowance,
    assert_tells_apart,
    breakdown,
    charge,
    credit_line,
    line,
    rules,
)

_NUMBERS = put(SELLER, TAX_NUMBER) + put(BUYER, TAX_NUMBER)
_SELLER = put(SELLER, VAT_NUMBER)
_BUYER = put(BUYER, VAT_NUMBER)
_REPRESENTATIVE = put("cac:TaxRepresentativeParty", VAT_NUMBER)
_SUPPLY = breakdown("K")
_DAY = put("cac:Delivery/cbc:ActualDeliveryDate", "2026-01-01")
_LAND = put(
    "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode", "FR"
)
_ITALY = put("cac:Country/cbc:IdentificationCode", "IT")
_FRANCE = put("cac:Country/cbc:IdentificationCode", "FR")

ROWS: tuple[Row, ...] = (
    ("BR-O-02", line("O") + _NUMBERS, line("O") + _SELLER),
    ("BR-O-02", line("S") + _SELLER, line("O") + _BUYER),
    ("BR-O-02", line("O", scheme="GST") + _BUYER, credit_line(" O ") + _REPRESENTATIVE),
    ("BR-O-03", allowance("O") + _NUMBERS, allowance("O") + _SELLER),
    ("BR-O-03", charge("O") + _BUYER, allowance("O") + _BUYER),
    ("BR-O-03", put("cac:InvoiceLine", allowance("O")) + _SELLER, allowance("O") + _REPRESENTATIVE),
    ("BR-O-04", charge("O") + _NUMBERS, charge("O") + _SELLER),
    ("BR-O-04", allowance("O") + _BUYER, charge("O") + _BUYER),
    ("BR-O-04", put("cac:InvoiceLine", charge("O")) + _SELLER, charge("O") + _REPRESENTATIVE),
    ("BR-O-11", breakdown("O"), breakdown("O") + breakdown("S")),
    ("BR-O-11", breakdown("S") + breakdown("Z"), breakdown("O") + breakdown("")),
    ("BR-O-11", breakdown("O") + breakdown("S", scheme="GST"), breakdown(" O ") + breakdown("S")),
    ("BR-O-12", breakdown("O") + line("O"), breakdown("O") + line("S")),
    ("BR-O-12", breakdown("S") + line("Z"), breakdown("O") + put("cac:Other", line("Z"))),
    ("BR-O-12", breakdown("O") + line("S", scheme=""), breakdown("O") + line("O") + line("")),
    ("BR-O-13", breakdown("O") + allowance("O"), breakdown("O") + allowance("S")),
    ("BR-O-13", breakdown("O") + charge("S"), breakdown("O") + put("cac:X", allowance("E"))),
    ("BR-O-14", breakdown("O") + charge("O"), breakdown("O") + charge("S")),
    ("BR-O-14", breakdown("O") + allowance("S"), breakdown("O") + put("cac:X", charge("E"))),
    ("BR-IC-11", _SUPPLY + _DAY, _SUPPLY),
    ("BR-IC-11", _SUPPLY + put("cac:InvoicePeriod/cbc:ID"), _SUPPLY + put("cac:InvoicePeriod")),
    ("BR-IC-11", breakdown("G"), _SUPPLY + _DAY.replace("2026-01-01", "2")),
    ("BR-IC-11", breakdown("K", scheme=""), _SUPPLY + put("cac:Other", _DAY)),
    ("BR-IC-12", _SUPPLY + _LAND, _SUPPLY + _DAY),
    ("BR-IC-12", breakdown("G"), _SUPPLY + _LAND.replace("FR", "F")),
    ("BR-B-01", line("B") + _ITALY, line("B") + _ITALY + _FRANCE),
    ("BR-B-01", line("B"), line("B") + _ITALY.replace("IT", " IT")),
    ("BR-B-01", line(" B ") + _FRANCE, put("cac:Other", charge("B", scheme="")) + _FRANCE),
    ("BR-B-02", line("B") + line("Z"), line("B") + line("S")),
    ("BR-B-02", line("S") + breakdown("Z"), breakdown("B") + allowance("S", scheme="")),
    ("BR-B-02", line("B") + charge(" S "), charge("B") + breakdown("S")),
    ("BR-B-02", put("cac:Other", charge("B")) + line("S"), put("cac:Other", line("B")) + line("S")),
)


@pytest.mark.parametrize("rule", rules(ROWS))
def test_category_excludes_or_asks_more(rule: str) -> None:
    assert_tells_apart(ROWS, rule)


def test_two_deliveries_are_one_too_many_for_a_supply_within_the_eu() -> None:
    # The official test stops at them with an error, which makes the document invalid.
    assert fires("BR-IC-11", _SUPPLY + _DAY + _DAY)
    assert fires("BR-IC-12", _SUPPLY + _LAND + _LAND)


def test_what_stands_beside_o_is_named() -> None:
    part = breakdown("O") + breakdown("S") + breakdown("AE") + line("Z")
    place = "/ubl:Invoice/cac:TaxTotal[3]/cac:TaxSubtotal/cac:TaxCategory"

    assert values("BR-O-11", part) == [(place, {"found": "AE, S"})]
    assert values("BR-O-12", part) == [
        ("/ubl:Invoice/cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory", {"found": "Z"})
    ]


def test_country_beside_split_payment_is_named() -> None:
    place = "/ubl:Invoice/cac:Country[2]/cbc:IdentificationCode"

    assert values("BR-B-01", line("B") + _ITALY + _FRANCE) == [(place, {"found": "FR"})]

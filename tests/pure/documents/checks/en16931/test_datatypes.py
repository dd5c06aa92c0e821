from __future__ import annotations

import pytest

from posthorn.documents.findings import Severity
from tests.pure.documents.checks.en16931.parts import Row, findings, fires, put, values

PRICE = "cac:InvoiceLine/cac:Price"
FILE = "cac:Attachment/cbc:EmbeddedDocumentBinaryObject"
ROWS: tuple[Row, ...] = (
    ("UBL-DT-01", put("cbc:TaxAmount", "1.23"), put("cbc:TaxAmount", "1.234")),
    ("UBL-DT-01", put("cbc:TaxAmount", "1"), put("cbc:TaxAmount", "1.2\n ")),
    ("UBL-DT-01", put("cbc:PriceAmount", "1.234"), put("cac:Other/cbc:BaseAmount", "1.234")),
    ("UBL-DT-01", put("cbc:BaseQuantity", "1.234"), put("Amount", "1.234")),
    (
        "UBL-DT-01",
        put(f"{PRICE}/cac:AllowanceCharge/cbc:Amount", "1.234"),
        put(f"{PRICE}/cbc:TaxAmount", "1.234"),
    ),
    (
        "UBL-DT-01",
        put(PRICE, put("cac:AllowanceCharge") + put("cbc:TaxAmount", "1.234")),
        put("cac:AllowanceCharge") + put(f"{PRICE}/cbc:TaxAmount", "1.234"),
    ),
    ("UBL-DT-01", put("cbc:TaxAmount/cbc:ID", "1.2"), put("cbc:TaxAmount/cbc:ID", "1.234")),
    ("UBL-DT-01", put("cbc:TaxAmount/cac:ID"), put("cbc:TaxAmount", "1.2.3")),
    ("UBL-DT-06", put(f"{FILE}@mimeCode="), put(FILE)),
    ("UBL-DT-07", put(f"{FILE}@filename="), put(f"{FILE}@mimeCode=x")),
    ("UBL-DT-07", "", put("cbc:OtherBinaryObject")),
    ("UBL-DT-18", put("cac:PaymentMeans/cbc:PaymentMeansCode@name=x"), put("cbc:ID@name=x")),
    ("UBL-DT-18", "", put("cbc:PaymentMeansCode@name=x") + put("cbc:ID@name=x")),
)


@pytest.mark.parametrize(("rule", "holding", "broken"), ROWS)
def test_rule_tells_a_part_it_holds_for_from_one_it_does_not(
    rule: str, holding: str, broken: str
) -> None:
    assert not fires(rule, holding)
    assert fires(rule, broken)


def test_amount_is_quoted() -> None:
    part = put("cbc:TaxAmount", "1.005")
    assert values("UBL-DT-01", part) == [("/ubl:Invoice/cbc:TaxAmount", {"amount": "1.005"})]


def test_attribute_is_named_and_only_warned_of() -> None:
    [(place, finding)] = findings("UBL-DT-18", put("cbc:ID@name=x"))
    assert finding.values == {"path": "cbc:ID/@name"}
    assert finding.severity is Severity.WARNING
    assert place == "/ubl:Invoice/cbc:ID"

from __future__ import annotations

import pytest

from tests.pure.documents.checks.en16931.parts import Row, fires, put, values

LINE = "cac:InvoiceLine"
CREDIT = "cac:CreditNoteLine"
PRICE = f"{LINE}/cac:Price/cbc:PriceAmount"
GROSS = f"{LINE}/cac:Price/cac:AllowanceCharge/cbc:BaseAmount"
NUMBER = "cac:StandardItemIdentification/cbc:ID"
CLASS = "cac:CommodityClassification/cbc:ItemClassificationCode"
ATTRIBUTE = "cac:AdditionalItemProperty"
VAT = put("cac:TaxScheme/cbc:ID", "Vat")
ROW = "cac:TaxTotal/cac:TaxSubtotal"


def adjusted(indicator: str, *rest: str) -> str:
    said = put("cbc:ChargeIndicator", indicator) if indicator else ""
    return put("cac:AllowanceCharge", said + "".join(rest))


def category(*rest: str, scheme: str = VAT) -> str:
    return put("cac:TaxCategory", "".join(rest) + scheme)


AMOUNT, REASON = put("cbc:Amount"), put("cbc:AllowanceChargeReason")
CODE = put("cbc:AllowanceChargeReasonCode")
ROWS: tuple[Row, ...] = (
    ("BR-21", put(f"{LINE}/cbc:ID", "1"), put(f"{LINE}/cbc:ID", " ")),
    ("BR-21", put(f"{CREDIT}/cbc:ID", "1"), put(CREDIT)),
    ("BR-22", put(f"{LINE}/cbc:InvoicedQuantity"), put(LINE)),
    ("BR-22", put(f"{CREDIT}/cbc:CreditedQuantity"), put(CREDIT)),
    ("BR-23", put(f"{LINE}/cbc:InvoicedQuantity@unitCode="), put(f"{LINE}/cbc:InvoicedQuantity")),
    ("BR-23", put(f"{LINE}/cbc:CreditedQuantity@unitCode=C62"), put(LINE)),
    ("BR-24", put(f"{LINE}/cbc:LineExtensionAmount"), put(LINE)),
    ("BR-25", put(f"{LINE}/cac:Item/cbc:Name", "x"), put(f"{LINE}/cac:Item/cbc:Name", " ")),
    ("BR-25", "", put(LINE)),
    ("BR-26", put(PRICE), put(f"{LINE}/cac:Price")),
    ("BR-26", "", put(LINE)),
    ("BR-27", put(PRICE, "0"), put(PRICE, "-0.01")),
    ("BR-27", put(PRICE, " 1E3 "), put(PRICE, "-1E3")),
    ("BR-27", put(PRICE, "NaN"), put(PRICE, "-INF")),
    ("BR-27", put(PRICE, "1"), put(LINE)),
    (
        "BR-27",
        put(f"{LINE}/cac:Price", put("cbc:PriceAmount", "-1") + put("cbc:PriceAmount", "1")),
        put(f"{LINE}/cac:Price", put("cbc:PriceAmount", "-1") * 2),
    ),
    ("BR-28", put(GROSS, "0"), put(GROSS, "-0.01")),
    ("BR-28", put(PRICE, "-1"), put(GROSS, "-1")),
    ("BR-27", put(PRICE, "one"), put(f"{LINE}/cac:Price")),
    ("BR-28", put(f"{LINE}/cac:Price/cac:AllowanceCharge"), put(GROSS, "-1e3")),
    ("BR-28", put(GROSS, "one"), put(GROSS, "-.5E0")),
    (
        "BR-54",
        put(ATTRIBUTE, put("cbc:Name") + put("cbc:Value")),
        put(ATTRIBUTE, put("cbc:Name")),
    ),
    ("BR-54", "", put(ATTRIBUTE, put("cbc:Value"))),
    ("BR-64", put(f"{LINE}/cac:Item/{NUMBER}@schemeID=0160"), put(f"{LINE}/cac:Item/{NUMBER}")),
    ("BR-64", put(f"{LINE}/{NUMBER}"), put(f"{CREDIT}/cac:Item/{NUMBER}")),
    ("BR-64", put(f"cac:Item/{NUMBER}"), put(f"cac:Other/{LINE}/cac:Item/{NUMBER}")),
    ("BR-65", put(f"{LINE}/cac:Item/{CLASS}@listID=STI"), put(f"{LINE}/cac:Item/{CLASS}")),
    ("BR-65", put(f"{LINE}/{CLASS}"), put(f"{CREDIT}/cac:Item/{CLASS}")),
    ("BR-31", adjusted("false", AMOUNT), adjusted("false")),
    ("BR-31", adjusted("true"), adjusted(" 0 ")),
    ("BR-31", adjusted("no"), adjusted("false")),
    ("BR-31", adjusted(""), adjusted("true", put("cbc:ChargeIndicator", "false"))),
    ("BR-31", put(LINE, adjusted("false")), adjusted("false")),
    ("BR-32", adjusted("false", category(put("cbc:ID"))), adjusted("false", category())),
    ("BR-32", "", adjusted("false", category(put("cbc:ID"), scheme=""))),
    ("BR-33", adjusted("false", REASON), adjusted("false")),
    ("BR-33", adjusted("false", CODE), adjusted("false", AMOUNT)),
    ("BR-36", adjusted("true", AMOUNT), adjusted("true")),
    ("BR-36", adjusted("false"), adjusted("1")),
    ("BR-36", adjusted("true", put("cbc:ChargeIndicator", "false")), adjusted("true")),
    ("BR-37", adjusted("true", category(put("cbc:ID"))), adjusted("true", category())),
    ("BR-38", adjusted("true", REASON), adjusted("true")),
    ("BR-38", adjusted("true", CODE), adjusted("true", AMOUNT)),
    ("BR-41", put(LINE, adjusted("false", AMOUNT)), put(LINE, adjusted("false"))),
    ("BR-41", adjusted("false"), put(CREDIT, adjusted("false"))),
    ("BR-41", put(f"{LINE}/cac:Price", adjusted("false")), put(LINE, adjusted("0"))),
    ("BR-42", put(LINE, adjusted("false", REASON)), put(LINE, adjusted("false"))),
    ("BR-42", put(LINE, adjusted("false", CODE)), put(LINE, adjusted("false", AMOUNT))),
    ("BR-43", put(LINE, adjusted("true", AMOUNT)), put(LINE, adjusted("true"))),
    ("BR-43", put(LINE, adjusted("false")), put(CREDIT, adjusted("1"))),
    ("BR-44", put(LINE, adjusted("true", REASON)), put(LINE, adjusted("true"))),
    ("BR-44", put(LINE, adjusted("true", CODE)), put(LINE, adjusted("true", AMOUNT))),
    ("BR-45", put(f"{ROW}/cbc:TaxableAmount"), put(ROW)),
    ("BR-46", put(f"{ROW}/cbc:TaxAmount"), put(ROW)),
    ("BR-47", put(ROW, category(put("cbc:ID"))), put(ROW, category())),
    ("BR-47", "", put(ROW, category(put("cbc:ID"), scheme=put("cac:TaxScheme/cbc:ID", "GST")))),
    ("BR-48", put(ROW, category(put("cbc:Percent"))), put(ROW, category())),
    ("BR-48", put(ROW, category(put("cbc:ID", " O "))), put(ROW, category(put("cbc:ID", "E")))),
    ("BR-48", "", put(ROW, category(put("cbc:Percent"), scheme=""))),
)


@pytest.mark.parametrize(("rule", "holding", "broken"), ROWS)
def test_rule_tells_a_part_it_holds_for_from_one_it_does_not(
    rule: str, holding: str, broken: str
) -> None:
    assert not fires(rule, holding)
    assert fires(rule, broken)


@pytest.mark.parametrize("rule", ["BR-22", "BR-23", "BR-24", "BR-25", "BR-26"])
def test_finding_on_a_line_quotes_its_number(rule: str) -> None:
    part = put(f"{LINE}/cbc:ID", "A7")
    assert values(rule, part) == [("/ubl:Invoice/cac:InvoiceLine", {"line": "A7"})]


def test_line_without_number_is_known_by_its_item() -> None:
    part = put(f"{LINE}/cac:Item/cbc:Name", "Chair")
    assert values("BR-21", part) == [("/ubl:Invoice/cac:InvoiceLine", {"item": "Chair"})]


def test_negative_price_is_pointed_at_and_quoted() -> None:
    place = "/ubl:Invoice/cac:InvoiceLine/cac:Price/cbc:PriceAmount"
    assert values("BR-27", put(PRICE, "-5")) == [(place, {"line": "—", "price": "-5"})]
    assert values("BR-27", put(LINE)) == [
        ("/ubl:Invoice/cac:InvoiceLine", {"line": "—", "price": "—"})
    ]
    assert values("BR-28", put(GROSS, "-6")) == [
        (
            "/ubl:Invoice/cac:InvoiceLine/cac:Price/cac:AllowanceCharge/cbc:BaseAmount",
            {"line": "—", "price": "-6"},
        )
    ]


def test_number_without_scheme_is_quoted() -> None:
    part = put(f"{LINE}/cac:Item", put(NUMBER, "54") + put(CLASS, "63"))
    assert [said for _, said in values("BR-64", part)] == [{"number": "54"}]
    assert [said for _, said in values("BR-65", part)] == [{"code": "63"}]

from __future__ import annotations

import pytest

from tests.pure.documents.checks.peppol.parties import (
    account,
    buyer,
    entity,
    means,
    parties,
    seller,
)
from tests.pure.documents.checks.peppol.rows import Row, failures, found, put

DANISH = parties("DK")
PAYER = put("cac:PayerFinancialAccount/cbc:ID", "1")
MANDATE = put("cac:PaymentMandate", put("cbc:ID", "M") + PAYER)
NUMBER = "cac:PartyIdentification/cbc:ID"


def payable(amount: str) -> str:
    return put("cac:LegalMonetaryTotal/cbc:PayableAmount", amount)


def paid(code: str, reference: str, number: str = "") -> str:
    return DANISH + means(code, put("cbc:PaymentID", reference), account(number) if number else "")


def item(version: str, code: str = "TST", *, name: str = "InvoiceLine") -> str:
    said = f"@listID={code}@listVersionID={version}" if version else f"@listID={code}"
    path = f"cac:{name}/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode{said}"
    return DANISH + put(path, "1")


def tax(reason: str, code: str = "ZZZ") -> str:
    return DANISH + put(
        "cac:AllowanceCharge",
        put("cbc:AllowanceChargeReasonCode", code) + put("cbc:AllowanceChargeReason", reason),
    )


ROWS = (
    Row("DK-R-002", seller("DK", entity("1")), seller("DK")),
    Row("DK-R-002", seller("dk"), seller("DK", entity(" "))),
    Row(
        "DK-R-002",
        seller("DK", put("cac:PartyLegalEntity"), entity("1")),
        seller("DK", put("cac:PartyLegalEntity") * 2),
    ),
    Row("DK-R-014", seller("DK", entity("1", "0184")), seller("DK", entity("1")), {"found": "—"}),
    Row("DK-R-014", seller("DK"), seller("DK", entity("1", "0088")), {"found": "0088"}),
    Row(
        "DK-R-016",
        DANISH + payable("0"),
        DANISH + payable("-0.01"),
        {"found": "-0.01"},
        "CreditNote",
    ),
    Row(
        "DK-R-016",
        seller("DK") + payable("-1"),
        DANISH + payable("-1"),
        {"found": "-1"},
        "CreditNote",
    ),
    Row(
        "DK-R-013",
        seller("DK", put(f"{NUMBER}@schemeID=0088", "1")) + buyer("DK"),
        seller("DK", put(NUMBER, "1")) + buyer("DK"),
        {"found": "1"},
    ),
    Row(
        "DK-R-013",
        seller("DK") + buyer("NO", put(NUMBER, "1")),
        seller("DK") + buyer("DK", put(f"{NUMBER}@schemeID=")),
        {"found": "—"},
    ),
    Row(
        "DK-R-013",
        seller("DK", put("cac:PartyIdentification")) + buyer("DK"),
        seller("DK", put(NUMBER, "2")) + buyer("DK"),
        {"found": "2"},
    ),
    Row(
        "DK-R-017",
        seller("DK") + buyer("DK", entity("1", "0184")),
        seller("DK") + buyer("DK", entity("1")),
        {"found": "—"},
    ),
    Row(
        "DK-R-017",
        seller("NO") + buyer("DK", entity("1", "9")),
        seller("DK") + buyer("DK", entity("1", "9")),
        {"found": "9"},
    ),
    Row("DK-R-005", DANISH + means("97"), DANISH + means("30"), {"found": "30"}),
    Row("DK-R-005", seller("DK") + means("30"), DANISH + put("cac:PaymentMeans"), {"found": "—"}),
    Row(
        "DK-R-006",
        DANISH + means("31", account("1", "2")),
        DANISH + means("31", account("1")),
        {"found": "31"},
    ),
    Row("DK-R-006", DANISH + means("30"), DANISH + means("42", account(" ", "2")), {"found": "42"}),
    Row("DK-R-007", DANISH + means("49", MANDATE), DANISH + means("49")),
    Row("DK-R-007", DANISH + means("59"), DANISH + means("49", put("cac:PaymentMandate", PAYER))),
    Row(
        "DK-R-007",
        DANISH + means("59"),
        DANISH + means("49", put("cac:PaymentMandate/cbc:ID", "M")),
    ),
    Row(
        "DK-R-008",
        paid("50", "01#", "1234567"),
        paid("50", "02#", "1234567"),
        {"reference": "02#", "account": "1234567"},
    ),
    Row(
        "DK-R-008",
        paid("50", "04#", "12345678"),
        paid("50", "04#", "123456789"),
        {"reference": "04#", "account": "123456789"},
    ),
    Row("DK-R-008", paid("49", ""), paid("50", "15#"), {"reference": "15#", "account": "—"}),
    # The official rule stops at the second.
    Row(
        "DK-R-008",
        paid("50", "15#", "1234567"),
        DANISH + means("50", put("cbc:PaymentID", "15#") * 2, account("1234567")),
        {"reference": "—", "account": "1234567"},
    ),
    Row("DK-R-009", paid("50", "04#1234567890123456"), paid("50", "04#1"), {"reference": "04#1"}),
    Row(
        "DK-R-009",
        paid("50", "01#1"),
        paid("50", "15#12345678901234567"),
        {"reference": "15#12345678901234567"},
    ),
    Row("DK-R-009", paid("93", "04#1"), paid("50", "15#"), {"reference": "15#"}),
    Row(
        "DK-R-010",
        paid("93", "71#", "12345678"),
        paid("93", "72#", "12345678"),
        {"reference": "72#", "account": "12345678"},
    ),
    Row(
        "DK-R-010",
        paid("93", "73#", "1234567X"),
        paid("93", "75#", "1234567"),
        {"reference": "75#", "account": "1234567"},
    ),
    Row("DK-R-010", paid("50", ""), paid("93", ""), {"reference": "—", "account": "—"}),
    Row("DK-R-011", paid("93", "71#123456789012345"), paid("93", "71#1"), {"reference": "71#1"}),
    Row("DK-R-011", paid("93", "75#1234567890123456"), paid("93", "75#"), {"reference": "75#"}),
    Row("DK-R-011", paid("93", "73#"), paid("93", "71#"), {"reference": "71#"}),
    Row("DK-R-011", paid("50", "71#"), paid("93", "71#"), {"reference": "71#"}),
    Row("DK-R-003", item("26.08.01"), item("18.01"), {"found": "18.01"}),
    Row("DK-R-003", item("18.01", "SRV"), item(""), {"found": "—"}),
    Row(
        "DK-R-003",
        item("19.0501", name="CreditNoteLine"),
        item("26.8", name="CreditNoteLine"),
        {"found": "26.8"},
        "CreditNote",
    ),
    Row("DK-R-004", tax("1234"), tax("123"), {"found": "123"}),
    Row("DK-R-004", tax("123", "CA"), tax("-123"), {"found": "-123"}),
    Row("DK-R-004", tax("afgift#12"), tax("#afgift"), {"found": "#afgift"}),
    Row("DK-R-004", tax(" 1234 "), tax("afgift#"), {"found": "afgift#"}),
    Row("DK-R-004", put("cac:AllowanceCharge"), tax(""), {"found": "—"}),
)


def test_rules_tell_right_from_wrong() -> None:
    assert failures(ROWS) == []


@pytest.mark.parametrize("code", ["1", "10", "31", "42", "48", "49", "50", "58", "59", "93", "97"])
def test_danish_parties_may_pay_in_eleven_ways(code: str) -> None:
    assert "DK-R-005" not in found(DANISH + means(code))


def test_credit_notes_are_free_to_say_how_to_pay() -> None:
    assert "DK-R-005" not in found(DANISH + means("30"), "CreditNote")


def test_negative_invoices_are_free() -> None:
    assert "DK-R-016" not in found(DANISH + payable("-1"))

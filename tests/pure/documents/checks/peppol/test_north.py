"""Norway, Sweden and Iceland."""

from __future__ import annotations

import pytest

from tests.pure.documents.checks.peppol.parties import (
    account,
    buyer,
    entity,
    means,
    parties,
    seller,
    vat,
)
from tests.pure.documents.checks.peppol.rows import Row, failures, found, put

MVA = vat("NO974760673MVA")
SE_VAT = vat("SE556732170701")
STANDARD = put("cbc:ID", "S")
PLACE = put("cbc:StreetName", "S") + put("cbc:PostalZone", "101")
DEADLINE = put("cbc:DocumentDescription", "EINDAGI")


def rated(percent: str, name: str = "TaxCategory") -> str:
    return put(f"cac:{name}", STANDARD + put("cbc:Percent", percent))


def giro(number: str, bank: str, code: str = "30") -> str:
    return seller("SE") + means(code, account(number, f"SE:{bank}"))


def deadline(*days: str) -> str:
    return "".join(
        put("cac:AdditionalDocumentReference", put("cbc:ID", day) + DEADLINE) for day in days
    )


NORWAY = (
    Row(
        "NO-R-001",
        seller("NO", MVA),
        seller("NO", vat("NO974760674MVA")),
        {"found": "NO974760674MVA"},
    ),
    Row("NO-R-001", seller("NO"), seller("SE", vat("NO974760673")), {"found": "NO974760673"}),
    Row(
        "NO-R-001",
        seller("NO", vat("974760674MVA")),
        seller("BE", vat("NO000000000MVA")),
        {"found": "NO000000000MVA"},
    ),
    Row("NO-R-002", seller("NO", vat(" Foretaksregisteret", " TAX")), seller("NO")),
    Row("NO-R-002", seller("SE"), seller("NO", vat("Foretaksregisteret", "T"))),
    Row("NO-R-002", seller("NO", SE_VAT), seller("BE", MVA)),
    Row(
        "NO-R-002",
        seller("NO", MVA, MVA),
        seller("XX") + put("cac:TaxRepresentativeParty", MVA),
    ),
)
SWEDEN = (
    Row(
        "SE-R-001",
        seller("SE", SE_VAT),
        seller("SE", vat("SE5567321707")),
        {"found": "SE5567321707"},
    ),
    Row("SE-R-001", seller("NO", vat("SE1")), seller("SE", vat("SE1")), {"found": "SE1"}),
    Row(
        "SE-R-002",
        seller("SE", SE_VAT),
        seller("SE", vat("SE55673217070A")),
        {"found": "SE55673217070A"},
    ),
    Row("SE-R-002", seller("SE", vat("NO1A")), seller("SE", vat("SE")), {"found": "SE"}),
    Row(
        "SE-R-003",
        seller("SE", entity("5567321707")),
        seller("SE", entity("556732-1707")),
        {"found": "556732-1707"},
    ),
    Row("SE-R-003", seller("NO", entity("A")), seller("SE", entity("")), {"found": "—"}),
    Row(
        "SE-R-004",
        seller("SE", entity(" 5567321707")),
        seller("SE", entity("556732170")),
        {"found": "556732170"},
    ),
    Row("SE-R-004", seller("SE"), seller("SE", entity("55673217070")), {"found": "55673217070"}),
    Row(
        "SE-R-013",
        seller("SE", entity("5567321707")),
        seller("SE", entity("5567321708")),
        {"found": "5567321708"},
    ),
    Row(
        "SE-R-013",
        seller("SE", entity("55673217079")),
        seller("SE", entity("556732170")),
        {"found": "556732170"},
    ),
    Row(
        "SE-R-005",
        seller("SE", entity("1"), vat("godkänd  för F-skatt", "TAX")),
        seller("SE", entity("1"), vat("F-skatt", "TAX")),
        {"found": "F-skatt"},
    ),
    Row(
        "SE-R-005",
        seller("SE", vat("F-skatt", "TAX")),
        seller("SE", entity("1"), put("cac:PartyTaxScheme/cbc:CompanyID")),
        {"found": "—"},
    ),
    Row(
        "SE-R-005",
        seller("SE", entity("1"), vat("X", " vat ")),
        seller("SE", entity("1"), vat("X", "T")),
        {"found": "X"},
    ),
    Row(
        "SE-R-006",
        seller("SE", SE_VAT) + rated("25.0"),
        seller("SE", SE_VAT) + rated("24"),
        {"found": "24"},
    ),
    Row(
        "SE-R-006",
        seller("SE") + rated("21"),
        seller("SE", SE_VAT) + put("cac:ClassifiedTaxCategory", STANDARD),
        {"found": "—"},
    ),
    Row(
        "SE-R-006",
        seller("SE", SE_VAT) + rated("12") + rated("6", "ClassifiedTaxCategory"),
        seller("SE", SE_VAT) + rated("0", "ClassifiedTaxCategory"),
        {"found": "0"},
    ),
    Row("SE-R-007", giro("12345", "PLUSGIRO"), giro("1234-5", "PLUSGIRO"), {"found": "1234-5"}),
    Row("SE-R-007", giro("1234-5", "BANKGIRO"), giro(" ", "PLUSGIRO"), {"found": "—"}),
    Row("SE-R-010", giro("12", "PLUSGIRO"), giro("1", "PLUSGIRO"), {"found": "1"}),
    Row(
        "SE-R-010",
        giro("12345678", "PLUSGIRO"),
        giro("123456789", "PLUSGIRO"),
        {"found": "123456789"},
    ),
    Row("SE-R-008", giro("1234567", "BANKGIRO"), giro("123-456", "BANKGIRO"), {"found": "123-456"}),
    Row("SE-R-008", giro("123-456", "BANKGIRO", "31"), giro("A", "BANKGIRO"), {"found": "A"}),
    Row("SE-R-009", giro("1234567", "BANKGIRO"), giro("123456", "BANKGIRO"), {"found": "123456"}),
    Row(
        "SE-R-009",
        giro("12345678", "BANKGIRO"),
        giro("123456789", "BANKGIRO"),
        {"found": "123456789"},
    ),
    Row("SE-R-009", giro("1", "PLUSGIRO"), giro(" ", "BANKGIRO"), {"found": "—"}),
    Row("SE-R-011", seller("SE") + means("30"), seller("SE") + means("50"), {"found": "50"}),
    Row("SE-R-011", seller("NO") + means("56"), seller("SE") + means("56"), {"found": "56"}),
    Row("SE-R-012", parties("SE") + means("30"), parties("SE") + means("31")),
    Row("SE-R-012", seller("SE") + buyer("NO") + means("31"), parties("SE") + means("31")),
)
ICELAND = (
    Row("IS-R-001", seller("IS") + put("cbc:InvoiceTypeCode", "380"), seller("IS"), {"found": "—"}),
    Row(
        "IS-R-001",
        seller("IS") + put("cbc:CreditNoteTypeCode", " 381"),
        seller("IS") + put("cbc:CreditNoteTypeCode", "396"),
        {"found": "396"},
    ),
    Row("IS-R-002", seller("IS", entity("1", "0196")), seller("IS", entity("1", "0208"))),
    Row("IS-R-002", seller("is"), seller("IS")),
    Row("IS-R-003", seller("IS", place=PLACE), seller("IS", place=put("cbc:StreetName", "S"))),
    Row("IS-R-003", seller("NO"), seller("IS", place=put("cbc:PostalZone", "101"))),
    Row("IS-R-004", seller("IS") + buyer("IS", entity("1", "0196")), parties("IS")),
    Row("IS-R-004", seller("IS") + buyer("NO"), seller("IS") + buyer("IS", entity("1"))),
    Row("IS-R-005", seller("IS") + buyer("IS", place=PLACE), parties("IS")),
    Row(
        "IS-R-005",
        seller("NO") + buyer("IS"),
        seller("IS") + buyer("IS", place=put("cbc:PostalZone")),
    ),
    *(
        row
        for rule, code in (("IS-R-006", "9"), ("IS-R-007", "42"))
        for row in (
            Row(
                rule,
                seller("IS") + means(code, account(" 123456789012")),
                seller("IS") + means(code, account("12345678901")),
                {"found": "12345678901"},
            ),
            Row(rule, seller("IS") + means("30"), seller("IS") + means(code), {"found": "—"}),
            # The official rule stops at the second.
            Row(
                rule,
                seller("IS") + means(code, account("123456789012")) + means("30", account("1")),
                seller("IS") + means(code, account("123456789012")) * 2,
                {"found": "123456789012, 123456789012"},
            ),
        )
    ),
    Row(
        "IS-R-008",
        seller("IS") + deadline("2026-01-31"),
        seller("IS") + deadline("31-01-2026"),
        {"found": "31-01-2026"},
    ),
    Row(
        "IS-R-008",
        seller("IS"),
        seller("IS") + put("cac:AdditionalDocumentReference", DEADLINE),
        {"found": "—"},
    ),
    Row(
        "IS-R-008",
        seller("NO") + deadline("soon"),
        seller("IS") + deadline("2026-01-31", "2026-02-01"),
        {"found": "2026-01-31, 2026-02-01"},
    ),
    Row(
        "IS-R-009",
        seller("IS") + put("cbc:DueDate", "2026-01-31") + deadline("2026-01-31"),
        seller("IS") + deadline("2026-01-31"),
    ),
    Row(
        "IS-R-010",
        seller("IS") + put("cbc:DueDate", "2026-01-31") + deadline("2026-01-31"),
        seller("IS") + put("cbc:DueDate", "2026-02-01") + deadline("2026-01-31"),
        {"due": "2026-02-01", "found": "2026-01-31"},
    ),
    Row(
        "IS-R-010",
        seller("IS"),
        seller("IS") + deadline("2026-01-31"),
        {"due": "—", "found": "2026-01-31"},
    ),
    Row(
        "IS-R-010",
        seller("IS") + put("cbc:DueDate", "2026-01-30") + deadline("2026-01-31"),
        seller("IS") + put("cac:AdditionalDocumentReference", DEADLINE),
        {"due": "—", "found": "—"},
    ),
)
ROWS = NORWAY + SWEDEN + ICELAND


def test_rules_tell_right_from_wrong() -> None:
    assert failures(ROWS) == []


@pytest.mark.parametrize("number", ["556732170701", " 1e3 ", "-INF", ".5", "1.", "+1"])
def test_any_number_of_xml_is_a_number_to_sweden(number: str) -> None:
    assert "SE-R-002" not in found(seller("SE", vat(f"SE{number}")))


@pytest.mark.parametrize("number", ["1e", "e3", ".", "1 2", "NaN", "0x1"])
def test_nothing_else_is(number: str) -> None:
    assert "SE-R-002" in found(seller("SE", vat(f"SE{number}")))


def test_seller_with_several_vat_numbers_is_of_no_country() -> None:
    part = seller("NO", MVA, vat("IT00743110157"))

    assert [rule for rule in found(part) if rule.startswith(("NO-", "IT-", "GR-"))] == []

from __future__ import annotations

import pytest

from tests.pure.documents.checks.peppol.parties import buyer, entity, means, parties, seller
from tests.pure.documents.checks.peppol.rows import Row, failures, found, put

PLACE = put("cbc:StreetName", "S") + put("cbc:CityName", "C") + put("cbc:PostalZone", "1234 AB")
DUTCH = parties(" nl ")
INVOICE = put("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID", "1")
AGENT = "cac:TaxRepresentativeParty/cac:PostalAddress"
DUTCH_AGENT = put("cac:Country/cbc:IdentificationCode", "NL")
LINE = put("cac:InvoiceLine/cac:OrderLineReference/cbc:LineID", "1")


def payable(amount: str) -> str:
    return put("cac:LegalMonetaryTotal/cbc:PayableAmount", amount)


ROWS = (
    Row(
        "NL-R-001",
        seller("NL") + INVOICE + put("cbc:CreditNoteTypeCode", "381"),
        seller("NL") + put("cbc:CreditNoteTypeCode", "381"),
    ),
    Row(
        "NL-R-002",
        seller("NL", place=PLACE),
        seller("NL"),
        {"missing": "StreetName, CityName, PostalZone"},
    ),
    Row(
        "NL-R-002",
        seller("BE"),
        seller("nl", place=put("cbc:StreetName", "S") + put("cbc:PostalZone", "1")),
        {"missing": "CityName"},
    ),
    Row(
        "NL-R-003",
        seller("NL", entity("1", "0106")),
        seller("NL", entity("1", "0208")),
        {"found": "1", "scheme": "0208"},
    ),
    Row(
        "NL-R-003",
        seller("NL", entity("1", "0190")),
        seller("NL", entity(" ", "0106")),
        {"found": "—", "scheme": "0106"},
    ),
    Row(
        "NL-R-003",
        seller("BE", entity("1")),
        seller("NL", entity("1")),
        {"found": "1", "scheme": "—"},
    ),
    Row(
        "NL-R-004",
        seller("NL") + buyer("NL", place=PLACE),
        seller("NL") + buyer("NL", place=PLACE.replace("StreetName", "BuildingName")),
        {"missing": "StreetName"},
    ),
    Row(
        "NL-R-004",
        seller("NL") + buyer("BE"),
        DUTCH,
        {"missing": "StreetName, CityName, PostalZone"},
    ),
    Row(
        "NL-R-005",
        seller("NL") + buyer("NL", entity("1", "0190")),
        seller("NL") + buyer("NL", entity("1", "0002")),
        {"found": "1", "scheme": "0002"},
    ),
    Row(
        "NL-R-005",
        seller("BE") + buyer("NL", entity("1")),
        seller("NL") + buyer("NL", entity("1")),
        {"found": "1", "scheme": "—"},
    ),
    Row(
        "NL-R-006",
        seller("NL") + put(AGENT, PLACE + DUTCH_AGENT),
        seller("NL") + put(AGENT, DUTCH_AGENT),
        {"missing": "StreetName, CityName, PostalZone"},
    ),
    Row(
        "NL-R-006",
        seller("NL") + put(AGENT),
        seller("NL") + put(AGENT, put("cbc:CityName", "C") + DUTCH_AGENT),
        {"missing": "StreetName, PostalZone"},
    ),
    Row("NL-R-007", seller("NL") + payable("0"), seller("NL") + payable("0.01"), {"found": "0.01"}),
    Row(
        "NL-R-007",
        seller("NL") + payable("1") + put("cac:PaymentMeans"),
        seller("NL") + put("cac:LegalMonetaryTotal"),
        {"found": "—"},
    ),
    Row(
        "NL-R-007",
        seller("NL") + payable("0"),
        seller("NL") + payable("-0.01"),
        {"found": "-0.01"},
        "CreditNote",
    ),
    Row("NL-R-008", seller("NL") + buyer("BE") + means("1"), DUTCH + means("1"), {"found": "1"}),
    Row(
        "NL-R-009", seller("NL") + LINE + put("cac:OrderReference/cbc:ID", "1"), seller("NL") + LINE
    ),
)


def test_rules_tell_right_from_wrong() -> None:
    assert failures(ROWS) == []


@pytest.mark.parametrize("code", ["30", " 48", "49", "57", "58", "59\n"])
def test_dutch_parties_may_pay_in_six_ways(code: str) -> None:
    assert "NL-R-008" not in found(DUTCH + means(code))

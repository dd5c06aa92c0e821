"""Greece and Italy."""

from __future__ import annotations

from tests.pure.documents.checks.peppol.parties import buyer, parties, seller, vat
from tests.pure.documents.checks.peppol.rows import Row, failures, found, put

GREEK = vat("EL094259216")
NAME = put("cac:PartyName/cbc:Name", "N")
DATE = put("cbc:IssueDate", "2026-03-05")
NUMBER = ["094259216", "05/03/2026", "0", "1.1", "A", "7"]


def number(position: int = 0, part: str = "", *parties_of: str) -> str:
    """Write a Greek invoice number with another part at a position."""
    parts = [*NUMBER]
    if position:
        parts[position - 1] = part
    return put("cbc:ID", "|".join(parts)) + DATE + "".join(parties_of or [seller("GR", GREEK)])


def numbered(text: str) -> str:
    return put("cbc:ID", text) + DATE + seller("GR", GREEK)


def reference(description: str, *rest: str) -> str:
    return put(
        "cac:AdditionalDocumentReference",
        "".join(rest) + put("cbc:DocumentDescription", description),
    )


def mark(value: str) -> str:
    return reference("##M.AR.K##", put("cbc:ID", value))


def endpoint(value: str, scheme: str = "9933") -> str:
    return put(f"cbc:EndpointID@schemeID={scheme}", value)


URI = put("cac:Attachment/cac:ExternalReference/cbc:URI", "https:")
URL = reference("##INVOICE|URL##", URI)
REPRESENTED = seller("GR") + put("cac:TaxRepresentativeParty", vat("EL123456783"))
GREECE = (
    Row("GR-R-001-1", number(), numbered("1|2|3|4|5"), {"found": "1|2|3|4|5", "count": "5"}),
    Row(
        "GR-R-001-1",
        put("cbc:ID", "1") + seller("IT"),
        numbered("1|2|3|4|5|6|7"),
        {"found": "1|2|3|4|5|6|7", "count": "7"},
    ),
    Row("GR-R-001-2", number(), number(1, "094259217"), {"found": "094259217"}),
    Row(
        "GR-R-001-2",
        number(1, "123456783", REPRESENTED),
        number(1, "123456783"),
        {"found": "123456783"},
    ),
    Row("GR-R-001-2", number(), numbered(""), {"found": "—"}),
    Row(
        "GR-R-001-2",
        number(),
        number(1, "0942592160", seller("GR", vat("EL0942592160"))),
        {"found": "0942592160"},
    ),
    Row(
        "GR-R-001-3",
        number(),
        number(2, "06/03/2026"),
        {"expected": "05/03/2026", "found": "06/03/2026"},
    ),
    Row(
        "GR-R-001-3",
        number(2, "05/03/2026/x"),
        number(2, "05-03-2026"),
        {"expected": "05/03/2026", "found": "05-03-2026"},
    ),
    Row("GR-R-001-3", number(), numbered("094259216"), {"expected": "05/03/2026", "found": "—"}),
    Row(
        "GR-R-001-3",
        number(),
        number(2, "05/03/1826").replace("2026-", "1826-"),
        {"expected": "05/03/1826", "found": "05/03/1826"},
    ),
    Row("GR-R-001-4", number(3, " +12 "), number(3, "1.0"), {"found": "1.0"}),
    Row("GR-R-001-4", number(3, "-0"), number(3, "-1"), {"found": "-1"}),
    Row("GR-R-001-4", number(), number(3, ""), {"found": "—"}),
    Row("GR-R-001-5", number(4, "5.2"), number(4, "1.2"), {"found": "1.2"}),
    Row("GR-R-001-5", number(4, "2.4"), number(4, ""), {"found": "—"}),
    Row("GR-R-001-6", number(), number(5, ""), {"found": "094259216|05/03/2026|0|1.1||7"}),
    Row("GR-R-001-7", number(), number(6, ""), {"found": "094259216|05/03/2026|0|1.1|A|"}),
    Row("GR-R-001-7", number(6, " "), numbered("1"), {"found": "1"}),
    Row("GR-R-002", seller("GR", NAME), seller("GR")),
    Row("GR-R-002", seller("IT"), seller(" el ", put("cac:PartyName/cbc:Name"))),
    Row("GR-S-011", seller("GR", GREEK), seller("GR"), {"found": "—"}),
    Row("GR-S-011", seller("IT"), seller("GR", vat("094259216", " VAT")), {"found": "094259216"}),
    Row(
        "GR-S-011",
        seller("GR", GREEK),
        seller("GR", vat("EL1", " VAT"), vat("EL2", "VAT ")),
        {"found": "EL1, EL2"},
    ),
    Row(
        "GR-R-003", seller("GR", GREEK), seller("GR", vat("EL094259217")), {"found": "EL094259217"}
    ),
    Row(
        "GR-R-003",
        seller("GR", vat("1", "TAX")),
        seller("IT", vat("GR094259216")),
        {"found": "GR094259216"},
    ),
    Row("GR-R-003", seller("GR", GREEK), seller("GR", vat("EL09425921")), {"found": "EL09425921"}),
    Row(
        "GR-R-003", seller("GR", vat("EL0942592169")), seller("GR", vat("", " VAT")), {"found": "—"}
    ),
    Row("GR-R-004-1", seller("GR") + mark("1"), seller("GR"), {"count": "0"}),
    Row("GR-R-004-1", seller("EL", GREEK), seller("GR") + mark("1") * 2, {"count": "2"}),
    Row("GR-R-004-1", seller("GR", vat("IT1")), seller("GR") + reference("x"), {"count": "0"}),
    Row("GR-S-008-1", seller("GR") + URL, seller("GR"), {"count": "0"}),
    Row("GR-S-008-1", seller("IT"), seller("GR") + URL * 2, {"count": "2"}),
    Row("GR-R-008-2", seller("GR") + URL, seller("GR") + URL * 2, {"count": "2"}),
    Row("GR-R-008-2", seller("GR"), seller("GR") + URL * 3, {"count": "3"}),
    Row("GR-R-004-2", seller("GR") + mark("9"), seller("GR") + mark("0"), {"found": "0"}),
    Row("GR-R-004-2", seller("GR") + mark("1x"), seller("GR") + mark(" 1"), {"found": " 1"}),
    Row("GR-R-004-2", seller("EL") + mark("x"), seller("GR") + mark(""), {"found": "—"}),
    Row("GR-R-008-3", seller("EL") + URL, seller("EL") + reference("##INVOICE|URL##")),
    Row(
        "GR-R-008-3",
        seller("IT") + reference("##INVOICE|URL##"),
        seller("GR") + URL.replace("https:", " "),
    ),
    Row("GR-R-005", seller("GR") + buyer("BE", NAME), seller("GR") + buyer("BE")),
    Row("GR-R-005", seller("IT") + buyer("GR"), seller("GR") + buyer("GR")),
    Row("GR-R-006", seller("GR") + buyer("GR", GREEK), parties("GR"), {"found": "—"}),
    Row(
        "GR-R-006",
        seller("GR") + buyer("BE"),
        seller("GR") + buyer("BE", vat("EL094259217")),
        {"found": "EL094259217"},
    ),
    Row(
        "GR-R-009",
        seller("GR", endpoint("094259216")),
        seller("GR", endpoint("094259216", "0088")),
        {"scheme": "0088", "found": "094259216"},
    ),
    Row(
        "GR-R-009",
        seller("IT", endpoint("1")) + put("cac:TaxRepresentativeParty", GREEK),
        seller("IT", GREEK, put("cbc:EndpointID")),
        {"scheme": "—", "found": "—"},
    ),
    Row(
        "GR-R-010",
        seller("GR") + buyer("GR", endpoint("094259216")),
        seller("GR") + buyer("EL", endpoint("094259217")),
        {"scheme": "9933", "found": "094259217"},
    ),
    Row(
        "GR-R-010",
        seller("GR") + buyer("BE", endpoint("1")),
        seller("GR") + buyer("BE", GREEK, endpoint("1")),
        {"scheme": "9933", "found": "1"},
    ),
)


def taxed(number_of: str) -> str:
    return seller("IT", vat(number_of, "TAX"))


ITALY = (
    Row("IT-R-001", taxed(" RSSMRA85T10A562S"), taxed("RSSMRA85T1"), {"found": "RSSMRA85T1"}),
    Row(
        "IT-R-001", taxed("12345678901"), taxed("12345678901234567"), {"found": "12345678901234567"}
    ),
    Row(
        "IT-R-001",
        seller("IT", vat("IT1")),
        taxed("rssmra85t10a562s"),
        {"found": "rssmra85t10a562s"},
    ),
    Row(
        "IT-R-001",
        seller("NO", vat("1", "TAX")),
        seller("IT", put("cac:PartyTaxScheme")),
        {"found": "—"},
    ),
    Row("IT-R-002", seller("IT", place=put("cbc:StreetName")), seller("IT")),
    Row("IT-R-002", seller("IT", vat("BE1")), seller("BE", vat("it1"))),
    Row("IT-R-003", seller("IT", place=put("cbc:CityName")), seller("IT")),
    Row("IT-R-004", seller("IT", place=put("cbc:PostalZone")), seller(" it")),
    Row("IT-R-004", seller("FR"), seller("FR") + put("cac:TaxRepresentativeParty", vat("IT1"))),
)
ROWS = GREECE + ITALY


def test_rules_tell_right_from_wrong() -> None:
    assert failures(ROWS) == []


def test_country_of_the_seller_is_that_of_its_vat_number_first() -> None:
    assert "IT-R-002" in found(seller("GR", vat("IT1")) + put("cac:TaxRepresentativeParty", GREEK))
    assert "GR-R-002" in found(seller("IT") + put("cac:TaxRepresentativeParty", GREEK))


def test_half_a_country_is_none() -> None:
    assert "IT-R-002" not in found(seller("IT", vat(" IT1")))

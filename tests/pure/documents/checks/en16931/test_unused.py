from __future__ import annotations

from importlib.resources import files

import pytest

from posthorn.documents import xml
from posthorn.documents.checks.en16931.attributes import by_attribute
from posthorn.documents.checks.en16931.unused import TABLE, unused
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from tests.pure.documents.checks.en16931.parts import (
    Row,
    findings,
    fires,
    put,
    tree_of,
    values,
)

DOCUMENT = "cac:AdditionalDocumentReference"
OBJECT = put("cbc:DocumentTypeCode", "130")
ROWS: tuple[Row, ...] = (
    ("UBL-CR-001", put("cac:X/ext:UBLExtensions"), put("ext:UBLExtensions")),
    ("UBL-CR-002", put("cbc:UBLVersionID", "2.1"), put("cbc:UBLVersionID", "2.0")),
    ("UBL-CR-002", "", put("cbc:UBLVersionID", " 2.1")),
    ("UBL-CR-005", put("cac:InvoiceLine/cbc:UUID"), put("cbc:UUID")),
    ("UBL-CR-012", put("cac:InvoicePeriod"), put("cac:InvoicePeriod/cbc:StartTime")),
    ("UBL-CR-412", "", put("cac:PaymentMeans/cbc:PaymentDueDate")),
    ("UBL-CR-597", "", put("cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory/cbc:Name")),
    (
        "UBL-CR-597",
        put("cac:X/cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory/cbc:Name"),
        put("cac:CreditNoteLine/cac:Item/cac:ClassifiedTaxCategory/cbc:Name"),
    ),
    ("UBL-CR-650", put("cac:X/cbc:ID@schemeID=x"), put("cbc:ID@schemeID=x")),
    (
        "UBL-CR-652",
        put("cac:PartyLegalEntity/cbc:CompanyID@schemeID=x"),
        put("cac:X/cac:PartyTaxScheme/cbc:CompanyID@schemeID=x"),
    ),
    ("UBL-CR-663", put("cbc:X@unitCode=x"), put("cac:X/cbc:X@unitCodeListID=x")),
    ("UBL-CR-664", put("cac:X"), put("cac:X/cac:FinancialInstitution")),
    ("UBL-CR-664", "", put("cac:FinancialInstitution")),
    (
        "UBL-CR-665",
        put(DOCUMENT, OBJECT + put("cbc:ID@schemeID=x")),
        put(f"{DOCUMENT}/cbc:ID@schemeID=x"),
    ),
    (
        "UBL-CR-665",
        put(f"{DOCUMENT}/cbc:ID"),
        put(DOCUMENT, put("cbc:DocumentTypeCode", "50") + put("cbc:ID@schemeID=x")),
    ),
    (
        "UBL-CR-666",
        put(f"{DOCUMENT}/cac:Attachment"),
        put(DOCUMENT, OBJECT + put("cac:Attachment")),
    ),
    ("UBL-CR-666", put(DOCUMENT, OBJECT), put(f"cac:X/{DOCUMENT}", OBJECT + put("cac:Attachment"))),
    (
        "UBL-CR-673",
        put(f"{DOCUMENT}/cbc:DocumentDescription"),
        put(DOCUMENT, OBJECT + put("cbc:DocumentDescription")),
    ),
    ("UBL-CR-673", put(DOCUMENT, OBJECT), put(DOCUMENT, put("cbc:DocumentDescription") + OBJECT)),
    ("UBL-DT-19", put("cbc:Note@languageId=nl"), put("cac:X/cbc:Note@languageID=nl")),
)


@pytest.mark.parametrize(("rule", "holding", "broken"), ROWS)
def test_rule_tells_a_part_it_holds_for_from_one_it_does_not(
    rule: str, holding: str, broken: str
) -> None:
    assert not fires(rule, holding)
    assert fires(rule, broken)


def test_credit_note_has_its_due_date_with_the_means_of_payment() -> None:
    part = put("cac:PaymentMeans/cbc:PaymentDueDate")
    assert not fires("UBL-CR-412", part, root="CreditNote")


def test_path_is_found_once_at_its_first_place() -> None:
    item = "cac:InvoiceLine/cac:Item"
    part = put(item) + put(f"{item}/cbc:BrandName") * 2
    place = "/ubl:Invoice/cac:InvoiceLine[2]/cac:Item/cbc:BrandName"
    assert values("UBL-CR-569", part) == [(place, {"path": f"{item}/cbc:BrandName"})]


def test_path_within_a_path_is_found_beside_it() -> None:
    part = put("cac:InvoiceLine/cac:Price/cac:AllowanceCharge/cbc:AllowanceChargeReason")
    assert fires("UBL-CR-634", part)
    assert [said for _, said in values("UBL-CR-670", part)] == [
        {"path": "cac:Price/cac:AllowanceCharge/cbc:AllowanceChargeReason"}
    ]


def test_attribute_of_the_root_is_found() -> None:
    space = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
    tree = xml.parse(f'<Invoice xmlns="{space}" unitCodeListID="x"/>'.encode())
    assert [name for name, _ in unused(Subject(tree))] == ["UBL-CR-663"]


def paths() -> list[tuple[str, str]]:
    lines = files("posthorn.documents.checks.en16931").joinpath("unused.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in lines.splitlines() if not line.startswith("#")]
    return [(identifier, path) for identifier, path, _ in rows]


def swept(part: str) -> set[str]:
    return {identifier for identifier, _ in unused(Subject(tree_of(part)))}


def part_of(path: str, line: str) -> str:
    *above, last = path.removeprefix("//").replace("LINE/", f"{line}/").split("/")
    if not last.startswith("@"):
        above.append(last)
        last = ""
    elements = "/".join(above) or "cbc:X"
    return put(f"{elements}{last}=x" if last else elements)


@pytest.mark.parametrize("line", ["cac:InvoiceLine", "cac:CreditNoteLine"])
def test_every_path_of_the_table_is_found_where_it_stands(line: str) -> None:
    missed = [one for one, path in paths() if one not in swept(part_of(path, line))]
    assert missed == []


def test_path_from_the_root_is_found_nowhere_else() -> None:
    deeper = [
        (path, one in swept(put("cac:X", part_of(path, "cac:InvoiceLine"))))
        for one, path in paths()
    ]
    assert [path for path, is_found in deeper if is_found != path.startswith("//")] == []


def test_table_has_the_rules_of_the_release() -> None:
    assert len(TABLE.severities) == 693
    assert set(TABLE.severities.values()) == {Severity.WARNING}


def test_warning_names_the_path_in_four_languages() -> None:
    [(_, finding)] = findings("UBL-CR-005", put("cbc:UUID"))
    for language in ("en", "nl", "fr", "de"):
        assert "cbc:UUID" in finding.message(language)


def test_attributes_are_looked_for_once() -> None:
    subject = Subject(tree_of(put("cbc:ID@schemeID=x")))
    assert by_attribute(subject) == {"schemeID": [subject.root.kids["cbc:ID"][0]]}
    assert by_attribute(subject) is by_attribute(subject)

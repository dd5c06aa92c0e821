from __future__ import annotations

import pytest

from posthorn.documents.checks.en16931.vat_facts import vat_of
from posthorn.documents.checks.en16931.vat_sums import sums_of
from posthorn.documents.checks.subject import Subject
from tests.pure.documents.checks.en16931.parts import Row, put, tree_of, values
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

_SELLER = put(SELLER, TAX_NUMBER)
_SELLER_VAT = put(SELLER, VAT_NUMBER)
_REPRESENTATIVE = put("cac:TaxRepresentativeParty", VAT_NUMBER)
_REPRESENTATIVE_TAX = put("cac:TaxRepresentativeParty", TAX_NUMBER)
_BUYER = put(BUYER, TAX_NUMBER)
_BUYER_VAT = put(BUYER, VAT_NUMBER)
_BUYER_LEGAL = put(f"{BUYER}/cac:PartyLegalEntity/cbc:CompanyID", "1")
_FAMILIES = {
    "S": "BR-S",
    "Z": "BR-Z",
    "E": "BR-E",
    "AE": "BR-AE",
    "K": "BR-IC",
    "G": "BR-G",
    "L": "BR-AF",
    "M": "BR-AG",
}
_ENOUGH = {
    **dict.fromkeys("SZELM", _SELLER),
    "AE": _SELLER + _BUYER_LEGAL,
    "K": _SELLER_VAT + _BUYER_VAT,
    "G": _SELLER_VAT,
}
_TOO_LITTLE = {
    **dict.fromkeys("SZELM", _REPRESENTATIVE_TAX + _BUYER_VAT),
    "AE": _SELLER_VAT + _BUYER,
    "K": _SELLER_VAT + _BUYER_LEGAL,
    "G": _SELLER + _REPRESENTATIVE_TAX,
}


def _rows_of_parties(code: str, family: str) -> list[Row]:
    enough, little = _ENOUGH[code], _TOO_LITTLE[code]
    by_another = enough.replace(_SELLER_VAT, _SELLER).replace(_SELLER, _REPRESENTATIVE)
    return [
        (f"{family}-02", line(code) + enough, line(code) + little),
        (f"{family}-02", credit_line(code) + enough, credit_line(f" {code} ") + little),
        (f"{family}-02", put("cac:Other", line(code)) + by_another, put("cac:Other", line(code))),
        (f"{family}-02", line("X") + allowance(code), line(code)),
        (f"{family}-03", allowance(code) + enough, allowance(code) + little),
        (f"{family}-03", charge(code) + line(code), put("cac:InvoiceLine", allowance(code))),
        (f"{family}-03", allowance(code, scheme="GST"), allowance(code, scheme="vat")),
        (f"{family}-04", charge(code) + enough, charge(code) + little),
        (f"{family}-04", allowance(code) + line(code), put("cac:InvoiceLine", charge(code))),
        (f"{family}-04", charge(code, scheme=""), charge(code)),
    ]


def _rows_of_one_breakdown(code: str, family: str) -> list[Row]:
    rule, one = f"{family}-01", breakdown(code)
    return [
        (rule, line(code) + one, line(code)),
        (rule, allowance(code) + one, allowance(code)),
        (rule, one, one + one),
        (rule, line(f" {code} ") + one, line(code) + breakdown(code, scheme="GST")),
        (rule, line(code, scheme="GST"), line(code, scheme="vat")),
        (rule, allowance(code, scheme="") + one, put("cac:Other", one)),
        (rule, line("X") + breakdown("X"), line(code) + put("cac:Other", one)),
    ]


ROWS: tuple[Row, ...] = (
    *(row for code, family in _FAMILIES.items() for row in _rows_of_parties(code, family)),
    *(
        row
        for code, family in {**_FAMILIES, "O": "BR-O"}.items()
        if code not in {"S", "L", "M"}
        for row in _rows_of_one_breakdown(code, family)
    ),
    ("BR-AE-02", line("AE") + _SELLER + _BUYER_VAT, line("AE") + _BUYER_VAT),
    ("BR-IC-02", line("K") + _SELLER_VAT + _BUYER_VAT, line("K") + _SELLER + _BUYER_VAT),
    # S is counted under any scheme, its lines only under VAT.
    ("BR-S-01", line("S") + breakdown("S"), line("S")),
    ("BR-S-01", "", breakdown("S")),
    ("BR-S-01", allowance("S", scheme="") + breakdown("S", scheme=""), charge("S", scheme="GST")),
    ("BR-S-01", line("X"), line("X") + breakdown("S", scheme="GST")),
    (
        "BR-S-01",
        put("cac:Other", line("S")) + breakdown("S"),
        line("S") + put("cac:Other", breakdown("S")),
    ),
    ("BR-S-02", allowance("S"), line("S", scheme="GST") + _SELLER),
    ("BR-S-02", line("S") + line("S", scheme="") + _SELLER, line("S", scheme="")),
    ("BR-AF-01", line("L") + breakdown("L"), line("L")),
    ("BR-AF-01", line("L", scheme="GST"), breakdown("L")),
    ("BR-AF-01", allowance("L") + breakdown("L", scheme=""), charge("L") + breakdown(" L ")),
    ("BR-AF-01", breakdown("L", scheme="GST"), line("X") + breakdown("L")),
    ("BR-AF-04", charge(" L "), charge(" L ") + charge("L")),
    ("BR-AG-01", line("M") + breakdown("M"), line("M")),
    ("BR-AG-01", line("M", scheme="GST"), breakdown("M")),
    ("BR-AG-01", allowance("M") + breakdown("M"), allowance("M") + breakdown("M", scheme="")),
    ("BR-AG-01", charge("M") + breakdown("M"), charge("M") + breakdown(" M ")),
)


@pytest.mark.parametrize("rule", rules(ROWS))
def test_category_asks_of_the_document(rule: str) -> None:
    assert_tells_apart(ROWS, rule)


def test_breakdowns_of_a_category_are_counted() -> None:
    twice = breakdown("E") * 2

    assert values("BR-E-01", line("E")) == [("/ubl:Invoice", {"found": "0"})]
    assert values("BR-E-01", twice) == [("/ubl:Invoice", {"found": "2"})]


def test_item_without_a_code_is_of_no_category() -> None:
    bare = put("cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory/cac:TaxScheme/cbc:ID", "VAT")

    assert vat_of(Subject(tree_of(bare))).codes == {}
    assert vat_of(Subject(tree_of(bare + line("E")))).codes.keys() == {"E"}


def test_document_is_gathered_and_added_up_once() -> None:
    subject = Subject(tree_of(line("S", "21") + breakdown("S", "21")))

    assert vat_of(subject) is vat_of(subject)
    assert sums_of(subject) is sums_of(subject)

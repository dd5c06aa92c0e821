from __future__ import annotations

import pytest

from tests.pure.documents.checks.peppol.rows import Row, failures, found, put

ID = "PEPPOL-COMMON-"
WIDE = "".join(chr(0xFF10 + int(digit)) for digit in "5790000435975")  # full-width digits
# Of a rule its scheme, values that are right, and values that are not.
VALUES: dict[str, tuple[str, list[str], list[str]]] = {
    "R040": (
        "0088",
        ["5790000435975", " 7300010000001\n", "0", "17"],
        ["5790000435974", "579000043597X", "1", WIDE, ""],
    ),
    "R041": (
        "0192",
        ["974760673", " 923609016 "],
        ["974760674", "000000000", "97476067", "97476067X"],
    ),
    "R042": (
        "0184",
        ["DK16356706", "16356706"],
        ["dk16356706", "DK1635670", "1635670X", " 16356706"],
    ),
    "R043": ("0208", ["0203201340", " 0417497106"], ["0203201341", "203201340", "BE0203201340"]),
    "R044": ("0201", ["UFABC1", " ufabc1 "], ["UFABC", "UFABC12", "UF-BC1", "UFÀBC1"]),
    "R045": (
        "0210",
        ["RSSMRA85T10A562S", "12345678901", "+1234567890"],
        [
            "RSSMRA85T10A5622",
            "1SSMRA85T10A562S",
            "RSSMRAX5T10A562S",
            "RSSMRA85110A562S",
            "RSSMRA85TX0A562S",
            "RSSMRA85T10A56XS",
            "ÀSSMRA85T10A562S",
            "1234567890",
            "1234567890X",
        ],
    ),
    "R047": (
        "0211",
        ["IT00743110157", "it00743110157", "FR12345678901", "00743110158"],
        ["IT00743110158", "IT0074311015", "IT0074311015X", "it00743110156"],
    ),
    "R049": (
        "0007",
        ["5567321707", " 2021005489 "],
        ["5567321708", "556732170", "55673217070", "556732-1707", "556732170X"],
    ),
    "R050": ("0151", ["51824753556", " 53004085616"], ["51824753557", "5182475355", "5182475355X"]),
    "R052": ("0096", ["1234567890"], ["123456789", "123456789X", " 1234567890"]),
    "R053": ("0198", ["DK12345678"], ["12345678", "DK1234567", "DK1234567X", "dk12345678"]),
    "R054": ("0106", ["12345678", " 12345678"], ["1234567", "123456789", "1234567X"]),
    "R055": ("0190", ["00000001123456780000"], ["0000000112345678000", "0000000112345678000X"]),
    "R056-1": ("9944", ["NL123456789B01"], ["123456789B01", "NL123456789", "nl123456789B01"]),
    "R057": ("0217", ["123456789012"], ["12345678901", "12345678901X"]),
}
WARNINGS = {"R044", "R045", "R046", "R047", "R054", "R055", "R056-1", "R056-2", "R057"}


def address(scheme: str, value: str) -> str:
    return put(f"cbc:EndpointID@schemeID={scheme}", value)


def vat(value: str, attribute: str = "", scheme: str = "VAT") -> str:
    number = put(f"cbc:CompanyID{attribute}", value)
    return put("cac:PartyTaxScheme", number + put("cac:TaxScheme/cbc:ID", scheme))


ROWS = (
    *(
        Row(
            f"{ID}{rule}",
            address(scheme, right[0]),
            address(scheme, wrong),
            {"found": (wrong if rule in {"R042", "R052", "R053"} else wrong.strip()) or "—"},
        )
        for rule, (scheme, right, wrongs) in VALUES.items()
        for wrong in wrongs
    ),
    Row(f"{ID}R042", address("0184", "16356706"), address("0184", ""), {"found": "—"}),
    Row(
        f"{ID}R046",
        address("9907", "RSSMRA85T10A562S") + put("cbc:CompanyID@schemeID=9907", "1"),
        address("9907", "RSSMRA85T10A5622"),
        {"found": "RSSMRA85T10A5622"},
    ),
    Row(f"{ID}R056-2", vat(" NL123456789B01 "), vat("NL123"), {"found": "NL123"}),
    Row(f"{ID}R056-2", vat("BE0203201340"), vat("NL123", "@schemeID=x"), {"found": "NL123"}),
    Row(f"{ID}R056-2", vat("NL123", scheme="TAX"), vat("NL1", scheme=" VAT "), {"found": "NL1"}),
    Row(
        f"{ID}R056-2",
        vat("NL123", "@schemeID=0106") + put("cac:PartyLegalEntity/cbc:CompanyID", "NL123"),
        vat("NL123", "@schemeID=0217"),
        {"found": "NL123"},
    ),
    Row(
        f"{ID}R057",
        vat("NL123", "@schemeID=0217"),
        vat("BE123", "@schemeID=0217"),
        {"found": "BE123"},
    ),
)


def test_rules_tell_right_from_wrong() -> None:
    assert failures(ROWS) == []


@pytest.mark.parametrize("rule", VALUES)
def test_right_identifiers_are_right(rule: str) -> None:
    scheme, right, _ = VALUES[rule]

    assert f"{ID}{rule}" not in found("".join(address(scheme, value) for value in right))


@pytest.mark.parametrize("rule", VALUES)
def test_identifier_is_looked_into_wherever_its_scheme_stands(rule: str) -> None:
    scheme, _, (wrong, *_) = VALUES[rule]
    identified = f"cbc:ID@schemeID={scheme}"
    part = (
        address(scheme, wrong)
        + put(f"cac:PartyIdentification/{identified}", wrong)
        + put(f"cac:PartyLegalEntity/cbc:CompanyID@schemeID={scheme}", wrong)
        + put(f"cac:OrderReference/{identified}", wrong)
    )

    assert [place for place, _ in found(part)[f"{ID}{rule}"]] == [
        "/ubl:Invoice/cbc:EndpointID",
        "/ubl:Invoice/cac:PartyIdentification/cbc:ID",
        "/ubl:Invoice/cac:PartyLegalEntity/cbc:CompanyID",
    ]

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from posthorn.documents import cii, ubl, xml
from posthorn.documents.convert import NotConvertibleError, Supplement, convert
from posthorn.documents.facturx import embedded_xml
from posthorn.documents.invoice import Identifier
from tests.pure.documents.convert.sources import refusals

SHARED = Path(__file__).parents[5] / "shared" / "samples"
CII = SHARED / "convert" / "cii"
PDF = SHARED / "convert" / "pdf"
UBL = SHARED / "ubl" / "files"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared samples are not here")

# What the other converter writes otherwise, and why: path in the invoice, ours, theirs.
DIFFERENCES: dict[str, dict[str, tuple[object, object]]] = {
    "CII_business_example_01": {},
    # It turns a negative price into a negative quantity while it reads. Here the invoice is read
    # as sent; the conversion does the same turn and lists it.
    "CII_example1": {
        "lines.19.quantity": (Decimal(6), Decimal(-6)),
        "lines.19.price.net": (Decimal("-18.33"), Decimal("18.33")),
    },
    "CII_example4": {},
    # The file has no total of its VAT, which is outside the scope of VAT. It writes a zero while it
    # reads; here the conversion does, and lists it.
    "CII_example7": {"totals.vat": (None, Decimal(0))},
}


def differences(
    ours: object, theirs: object, path: str = ""
) -> Iterator[tuple[str, object, object]]:
    if is_dataclass(ours) and type(ours) is type(theirs):
        for field in fields(ours):
            one, other = getattr(ours, field.name), getattr(theirs, field.name)
            yield from differences(one, other, f"{path}.{field.name}")
    elif isinstance(ours, tuple) and isinstance(theirs, tuple) and len(ours) == len(theirs):
        for n, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(one, other, f"{path}.{n}")
    elif ours != theirs:
        yield path.removeprefix("."), ours, theirs


@pytest.mark.parametrize("name", DIFFERENCES)
def test_cii_is_read_as_the_other_converter_reads_it(name: str) -> None:
    ours = cii.read_invoice(xml.parse((CII / f"{name}.xml").read_bytes()).root)
    theirs = ubl.read_invoice(xml.parse((CII / f"{name}-ubl.xml").read_bytes()).root)

    found = {path: (one, other) for path, one, other in differences(ours, theirs)}
    assert found == DIFFERENCES[name]


KNOWN = Supplement(
    seller_address=Identifier(value="5433333000006", scheme="0088"),
    buyer_address=Identifier(value="0417710407", scheme="0208"),
    buyer_reference="Client 12",
)


@pytest.mark.parametrize("name", ["CII_example1", "CII_example7"])
def test_cii_becomes_valid_once_the_receiver_is_known(name: str) -> None:
    sent = cii.read_invoice(xml.parse((CII / f"{name}.xml").read_bytes()).root)

    made = ubl.read_invoice(
        xml.parse(convert((CII / f"{name}.xml").read_bytes(), supplement=KNOWN).data).root
    )

    # The rules for what is changed besides are those of the listed changes.
    expected = {path: theirs for path, (_, theirs) in DIFFERENCES[name].items()}
    changed = {path: after for path, _, after in differences(sent, made)}
    assert {path: changed.get(path) for path in expected} == expected
    assert set(changed) - set(expected) <= {
        "specification",
        "process",
        "seller.endpoint",
        "buyer.endpoint",
        "references.buyer",
        "seller.legal_identifier.scheme",
    }


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("CII_business_example_01", ["CONVERT-MISSING-BT-10", "CONVERT-MISSING-BT-49"]),
        ("CII_example1", ["CONVERT-MISSING-BT-10", "CONVERT-MISSING-BT-49"]),
        ("CII_example4", ["DK-R-014", "DK-R-005"]),
        ("CII_example7", ["CONVERT-MISSING-BT-34", "CONVERT-MISSING-BT-49"]),
    ],
)
def test_cii_alone_lacks_what_is_named(name: str, rules: list[str]) -> None:
    assert refusals((CII / f"{name}.xml").read_bytes()) == rules


# The number, the total with VAT and the count of lines that stand in the XML of each PDF.
READ = {
    "01_EN16931_2_Teilrechnung": ("471113", "23.54", 1),
    "02_EN16931_Gutschrift": ("471102", "529.87", 2),
    "03_EN16931_Physiotherapeut": ("R18-31", "380.00", 2),
    "04_XRECHNUNG_Einfach": ("471102", "529.87", 2),
    "05_ZUGFeRD_1p0_COMFORT_Kraftfahrversicherung_Bruttopreise": (
        "00.123.456.7-2014-1",
        "220.00",
        4,
    ),
    "06_ZUGFeRD_1p0_EXTENDED_Rechnungskorrektur": ("RK21012345", "-8.79", 3),
    "07_MustangGnuaccountingBeispielRE-20150613_503": ("RE-20150613/503", "571.04", 3),
    "08_Facture_DOM_MINIMUM": ("FA-2017-0009", "530.75", 0),
    "09_MustangGnuaccountingBeispielRE-20201121_508": ("RE-20201121/508", "571.04", 3),
}


@pytest.mark.parametrize("name", READ)
def test_invoice_inside_a_pdf_is_read(name: str) -> None:
    embedded = embedded_xml((PDF / f"{name}.pdf").read_bytes())

    assert embedded is not None
    invoice = cii.read_invoice(xml.parse(embedded.data).root)
    assert (invoice.number, str(invoice.totals.with_vat), len(invoice.lines)) == READ[name]


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("01_EN16931_2_Teilrechnung", ["CONVERT-MISSING-BT-49"]),
        ("02_EN16931_Gutschrift", ["CONVERT-SELF-BILLED"]),
        ("03_EN16931_Physiotherapeut", ["CONVERT-MISSING-BT-10", "CONVERT-MISSING-BT-49"]),
        ("04_XRECHNUNG_Einfach", ["CONVERT-MISSING-BT-49"]),
        (
            "05_ZUGFeRD_1p0_COMFORT_Kraftfahrversicherung_Bruttopreise",
            ["CONVERT-OTHER-TAX"],
        ),
        (
            "08_Facture_DOM_MINIMUM",
            [
                "CONVERT-SUMMARY",
                "CONVERT-MISSING-BT-106",
                "CONVERT-MISSING-BG-23",
                "CONVERT-MISSING-BG-25",
            ],
        ),
    ],
)
def test_pdf_alone_lacks_what_is_named(name: str, rules: list[str]) -> None:
    assert refusals((PDF / f"{name}.pdf").read_bytes()) == rules


@pytest.mark.parametrize("name", ["03_EN16931_Physiotherapeut", "04_XRECHNUNG_Einfach"])
def test_pdf_becomes_valid_once_the_receiver_is_known(name: str) -> None:
    pdf = (PDF / f"{name}.pdf").read_bytes()

    converted = convert(pdf, embed_pdf=True, supplement=KNOWN)

    invoice = ubl.read_invoice(xml.parse(converted.data).root)
    assert invoice.attachments[-1].content == pdf


def test_valid_files_pass_and_the_others_are_refused_but_one() -> None:
    with (SHARED / "ubl" / "manifest.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))

    passed: set[str] = set()
    made: set[str] = set()
    for row in rows:
        data = (SHARED / "ubl" / row["path"]).read_bytes()
        with suppress(NotConvertibleError):
            (passed if convert(data).data == data else made).add(row["path"])

    assert len(rows) == 83
    assert passed == {row["path"] for row in rows if row["expected"] == "valid"}
    assert made == {"files/026_facturx_ubl-21-en16931.xml"}


def test_plain_invoice_becomes_valid() -> None:
    data = (UBL / "026_facturx_ubl-21-en16931.xml").read_bytes()

    assert [(each.code, each.count) for each in convert(data).changes] == [
        ("CONVERT-SPECIFICATION", 1),
        ("CONVERT-PROCESS", 1),
        ("CONVERT-NOTES", 1),
        ("CONVERT-HALF-BASE", 2),
        ("CONVERT-HALF-BASE", 1),
    ]

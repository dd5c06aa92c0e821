"""Values no invoice should have; numbers B28 to B42 of the project's list of hostile documents."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from posthorn.documents import xml
from posthorn.documents.invoice import Attachment
from posthorn.documents.ubl import read_invoice, write
from tests.pure.documents.ubl.snippets import invoice

SAMPLES = Path(__file__).parents[3] / "samples" / "ubl"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("-0.00", "-0.00"),
        ("0." + "1" * 40, "0." + "1" * 40),
        ("1,5", None),
        ("NaN", None),
        ("1e9", None),
    ],
)
def test_odd_number_keeps_its_digits_or_is_absent(sent: str, expected: str | None) -> None:
    body = (
        f"<a:InvoiceLine><b:ID>1</b:ID><b:LineExtensionAmount>{sent}</b:LineExtensionAmount>"
        f"</a:InvoiceLine><a:LegalMonetaryTotal><b:PayableAmount>{sent}</b:PayableAmount>"
        "</a:LegalMonetaryTotal>"
    )
    read = invoice(body)

    assert str(read.totals.payable) == str(read.lines[0].amount) == str(expected)


@pytest.mark.parametrize(
    ("code", "currency_of_total", "expected"),
    [
        ("XQZ", "EUR", "XQZ"),
        ("€", "EUR", "EUR"),
        ("€", "€", "€"),
        ("", "EUR", "EUR"),
        ("", "", None),
    ],
)
def test_unknown_currency_is_kept_as_sent(
    code: str, currency_of_total: str, expected: str | None
) -> None:
    body = (
        f"<b:DocumentCurrencyCode>{code}</b:DocumentCurrencyCode><a:LegalMonetaryTotal>"
        f'<b:TaxInclusiveAmount currencyID="{currency_of_total}">1</b:TaxInclusiveAmount>'
        "</a:LegalMonetaryTotal>"
    )

    assert invoice(body).currency == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("0001-01-01", date(1, 1, 1)),
        ("2026-03-02+01:00", date(2026, 3, 2)),
        ("2026-02-30", None),
        ("tomorrow", None),
    ],
)
def test_odd_date_is_a_day_or_absent(sent: str, expected: date | None) -> None:
    body = f"<a:Delivery><b:ActualDeliveryDate>{sent}</b:ActualDeliveryDate></a:Delivery>"
    delivery = invoice(body).delivery

    assert (delivery and delivery.date) == expected


def attached(base64: str, attributes: str = "") -> Attachment:
    (attachment,) = invoice(
        "<a:AdditionalDocumentReference><b:ID>1</b:ID><a:Attachment>"
        f"<b:EmbeddedDocumentBinaryObject {attributes}>{base64}</b:EmbeddedDocumentBinaryObject>"
        "</a:Attachment></a:AdditionalDocumentReference>"
    ).attachments
    return attachment


@pytest.mark.parametrize("base64", ["TVq*", "TVq", "TVqQ=", "TVqQ====", "=", "éééé", "TV qQ TVq"])
def test_broken_base64_has_no_content(base64: str) -> None:
    assert attached(base64) == Attachment(identifier="1", is_embedded=True)


def test_blanks_in_base64_do_not_matter() -> None:
    assert attached(" TVqQ\n TVqQ\t") == Attachment(
        identifier="1", is_embedded=True, content=b"MZ\x90MZ\x90"
    )


def test_nothing_embedded_is_no_content() -> None:
    assert attached("\n ") == Attachment(identifier="1")


def test_program_inside_is_kept_with_its_type_as_sent() -> None:
    attributes = 'mimeCode="application/x-msdownload" filename="../../Factuur.pdf.exe"'

    assert attached("TVqQ", attributes) == Attachment(
        identifier="1",
        is_embedded=True,
        content=b"MZ\x90",
        media_type="application/x-msdownload",
        file_name="../../Factuur.pdf.exe",
    )


def test_address_inside_is_only_a_text() -> None:
    # Sockets are off in this tier: fetching it would fail here.
    (attachment,) = invoice(
        "<a:AdditionalDocumentReference><a:Attachment><a:ExternalReference>"
        "<b:URI>http://169.254.169.254/latest/meta-data</b:URI></a:ExternalReference>"
        "</a:Attachment></a:AdditionalDocumentReference>"
    ).attachments

    assert attachment == Attachment(url="http://169.254.169.254/latest/meta-data")


@pytest.mark.parametrize("number", ["\u202e4711", "1\u200b2", "😀", "9" * 500, "../x", "=cmd()"])
def test_odd_number_of_an_invoice_is_written_as_sent(number: str) -> None:
    read = invoice(f"<b:ID>{number}</b:ID>")

    assert read.number == number
    assert read_invoice(xml.parse(write(read)).root) == read


def test_markup_in_texts_stays_text() -> None:
    markup = "<script>alert(1)</script>]]>&amp;<!--"
    escaped = markup.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    read = invoice(f"<b:Note>{escaped}</b:Note>")

    assert read.notes[0].text == markup
    assert read_invoice(xml.parse(write(read)).root) == read


def test_number_with_many_digits_is_written_without_an_exponent() -> None:
    body = "<a:LegalMonetaryTotal><b:PayableAmount>{}</b:PayableAmount></a:LegalMonetaryTotal>"
    tiny = "0." + "0" * 30 + "1"
    read = invoice(body.format(tiny))

    assert read.totals.payable == Decimal(tiny)
    assert f">{tiny}<".encode() in write(read)


WHOLE = [etree.parse(path) for path in sorted(SAMPLES.glob("*.xml"))]
GARBAGE = st.sampled_from(
    [
        *("", " ", "1,5", "NaN", "-0.00", "0." + "1" * 40, "1e9", "7", "2026-02-30", "0001-01-01"),
        *("€", "EUR", "SEK", "=cmd()", "\u202e", "a\nb", "<script>", "#AAI#", "#AAI#x", "TVqQ="),
        *("SEPA", "VAT", "50", "130", "380", "381", "49", "30", "true", "false"),
    ]
)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(("empty", "fill", "drop", "double", "move", "rename", "bare")),
        st.integers(0, 2_000),
        st.integers(0, 2_000),
        GARBAGE,
    ),
    min_size=1,
    max_size=12,
)


def change(root: etree._Element, kind: str, at: int, other: int, value: str) -> None:
    """Spoil one element below the root; a leaf for `empty` and `fill`."""
    below = list(root.iterdescendants("*"))
    leaves = [found for found in below if not len(found)]
    spoiled = (leaves if kind in {"empty", "fill"} else below)[at % len(leaves)]
    parent = spoiled.getparent()
    assert parent is not None
    if kind in {"empty", "fill"}:
        spoiled.text = value if kind == "fill" else ""
    elif kind == "drop" and len(below) > len(root):
        parent.remove(spoiled)
    elif kind == "double":
        parent.append(deepcopy(spoiled))
    elif kind == "move":
        root.append(deepcopy(spoiled))
    elif kind == "rename":
        spoiled.tag = below[other % len(below)].tag
    else:
        spoiled.attrib.clear()


@settings(max_examples=30)
@given(st.sampled_from(WHOLE), CHANGES)
def test_any_document_is_read_and_its_written_form_stays_the_same(
    whole: etree._ElementTree, changes: list[tuple[str, int, int, str]]
) -> None:
    root = deepcopy(whole.getroot())
    for kind, at, other, value in changes:
        change(root, kind, at, other, value)

    written = write(read_invoice(xml.parse(etree.tostring(root)).root))

    assert write(read_invoice(xml.parse(written).root)) == written

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfWriter

from posthorn.documents.convert import NotConvertibleError, convert
from posthorn.documents.errors import DocumentError
from posthorn.documents.facturx import PdfEncryptedError
from posthorn.documents.findings import Finding
from tests.pure.documents.convert.sources import (
    change,
    codes,
    full_cii,
    full_ubl,
    pdf_with,
    plain_pdf,
    read,
    refusals,
    sample,
)


def test_invoice_is_taken_out_of_its_pdf() -> None:
    converted = convert(pdf_with("factur-x.xml", full_cii()))

    assert codes(converted)[:2] == ["CONVERT-PDF", "CONVERT-SYNTAX"]
    assert read(converted) == read(convert(full_cii()))


@pytest.mark.parametrize(
    ("name", "description"),
    [("full-invoice", "CommercialInvoice"), ("full-credit-note", "CreditNote")],
)
def test_pdf_comes_along_where_it_is_wanted(name: str, description: str) -> None:
    pdf = pdf_with("factur-x.xml", sample(f"cii/{name}.xml"))

    converted = convert(pdf, embed_pdf=True)

    added = read(converted).attachments[-1]
    assert (added.description, added.media_type, added.content) == (
        description,
        "application/pdf",
        pdf,
    )
    assert change(converted, "CONVERT-EMBEDDED").after == added.file_name


def test_pdf_gets_a_file_name_that_no_attachment_has() -> None:
    pdf = pdf_with("factur-x.xml", full_cii(("times.csv", "2026-0042.PDF")))

    converted = convert(pdf, embed_pdf=True)

    assert [each.file_name for each in read(converted).attachments] == [
        "2026-0042.PDF",
        "2026-0042-2.pdf",
    ]


def test_hostile_number_makes_a_harmless_file_name() -> None:
    data = full_cii(("<ram:ID>2026/0042</ram:ID>", "<ram:ID>../../=cmd()</ram:ID>"))

    converted = convert(pdf_with("factur-x.xml", data), embed_pdf=True)

    assert read(converted).attachments[-1].file_name == "cmd.pdf"


def test_valid_ubl_inside_a_pdf_comes_out_unchanged() -> None:
    converted = convert(pdf_with("invoice.xml", full_ubl()))

    assert (converted.data, codes(converted)) == (full_ubl(), ["CONVERT-PDF"])


def test_valid_ubl_inside_a_pdf_takes_the_pdf_along_where_it_is_wanted() -> None:
    pdf = pdf_with("invoice.xml", full_ubl())

    converted = convert(pdf, embed_pdf=True)

    assert codes(converted) == ["CONVERT-PDF", "CONVERT-EMBEDDED"]
    assert read(converted).attachments[-1].content == pdf


def test_plain_pdf_is_left_to_the_form() -> None:
    assert refusals(plain_pdf()) == ["CONVERT-PLAIN-PDF"]


def test_order_is_no_invoice() -> None:
    assert refusals(pdf_with("order-x.xml", b"<a/>")) == ["CONVERT-ORDER"]


def test_pdf_with_an_unknown_xml_under_the_name_is_refused_by_kind() -> None:
    assert refusals(pdf_with("factur-x.xml", b"<a/>")) == ["CONVERT-KIND"]


def test_pdf_that_holds_another_file_is_left_to_the_form() -> None:
    assert refusals(pdf_with("terms.txt", b"x")) == ["CONVERT-PLAIN-PDF"]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_pdf_that_was_cut_off_is_said_to_be_broken_and_not_plain(share: float) -> None:
    pdf = pdf_with("factur-x.xml", full_cii())

    with pytest.raises(NotConvertibleError) as refused:
        convert(pdf[: int(len(pdf) * share)])

    assert refused.value.findings == (Finding(id="pdf.broken", values={"detail": "no %%EOF"}),)


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (b"", "xml.malformed"),
        (b"Rechnung 12", "xml.malformed"),
        (b"<broken", "xml.malformed"),
        (b"\x00\xff\x13", "xml.encoding"),
        (b"<!DOCTYPE a><a/>", "xml.doctype"),
    ],
)
def test_what_is_wrong_with_the_file_inside_a_pdf_is_said(inside: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        convert(pdf_with("factur-x.xml", inside))

    assert refused.value.code == code


def test_pdf_that_opens_with_a_password_only_is_refused_as_that() -> None:
    pdf, out = PdfWriter(BytesIO(pdf_with("factur-x.xml", full_cii()))), BytesIO()
    pdf.encrypt("secret", "owner", algorithm="AES-256")
    pdf.write(out)

    with pytest.raises(PdfEncryptedError):
        convert(out.getvalue())

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from posthorn.documents import Category, Format, Severity, Verdict, examine
from posthorn.documents.facturx import PdfEncryptedError
from posthorn.documents.opening import Opened, open_inside
from posthorn.documents.profiles import Profile
from tests.invoices import invoice

SBD = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"


def pdf(name: str = "", content: bytes = b"", password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    if name:
        writer.add_attachment(name, content)
    if password:
        writer.encrypt(password)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def test_invoice_inside_a_pdf_is_read_and_checked_and_the_pdf_stays_the_data() -> None:
    data = pdf("factur-x.xml", invoice())

    opened = open_inside(data)
    found = examine(data)

    assert (opened.format, opened.profile, opened.data) == (Format.FACTURX, Profile.BIS, data)
    assert (found.facts.format, found.facts.number) == (Format.FACTURX, "F1")
    assert (found.verdict, found.findings) == (Verdict.VALID, ())


def test_order_inside_a_pdf_is_no_invoice() -> None:
    order = b'<a:SCRDMCCBDACIOMessageStructure xmlns:a="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100"/>'  # noqa: E501

    found = examine(pdf("order-x.xml", order))

    assert (found.facts.format, found.facts.category) == (Format.ORDERX, Category.OTHER)
    assert found.verdict is None


def test_plain_pdf_is_not_taken_apart() -> None:
    data = b"%PDF-1.7\nnothing\n%%EOF"

    assert open_inside(data) == Opened(data=data, format=Format.PDF)


def test_broken_pdf_stays_a_pdf_with_a_warning() -> None:
    found = examine(b"%PDF-1.7\n/EmbeddedFile")

    assert (found.facts.format, found.verdict) == (Format.PDF, None)
    assert [(each.id, each.severity) for each in found.findings] == [
        ("pdf.broken", Severity.WARNING)
    ]


def test_pdf_with_a_password_is_refused() -> None:
    with pytest.raises(PdfEncryptedError):
        open_inside(pdf(password="x"))  # noqa: S106  # nobody's


def test_pdf_of_a_picture_alone_holds_nothing() -> None:
    data = pdf("photo.png", b"\x89PNG\r\n\x1a\n")

    assert len(PdfReader(BytesIO(data)).attachments) == 1
    assert open_inside(data).format is Format.PDF


def test_document_in_an_envelope_is_examined_as_itself() -> None:
    wrapped = (
        f'<s:StandardBusinessDocument xmlns:s="{SBD}"><s:StandardBusinessDocumentHeader/>'.encode()
        + invoice()
        + b"</s:StandardBusinessDocument>"
    )

    found = examine(wrapped)

    assert (found.facts.number, found.profile, found.verdict) == ("F1", Profile.BIS, Verdict.VALID)
    assert open_inside(wrapped).is_enveloped

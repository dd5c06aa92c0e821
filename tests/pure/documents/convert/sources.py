"""Invoices to convert, made of the project's own samples by small changes."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

from pypdf import PdfWriter

from posthorn.documents import ubl, xml
from posthorn.documents.convert import Change, Conversion, NotConvertibleError, convert
from posthorn.documents.invoice import Invoice

SAMPLES = Path(__file__).parents[3] / "samples"
BIS = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
EN = "urn:cen.eu:en16931:2017"


def sample(path: str, *changes: tuple[str, str]) -> bytes:
    """Give a sample, with pieces of its text replaced; each must be there."""
    text = (SAMPLES / path).read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text.encode()


def full_ubl(*changes: tuple[str, str]) -> bytes:
    return sample("ubl/full-invoice.xml", *changes)


def plain_ubl(*changes: tuple[str, str]) -> bytes:
    """Give the full invoice as a plain one of EN 16931, which is to be rewritten."""
    return full_ubl((BIS, EN), *changes)


def full_cii(*changes: tuple[str, str]) -> bytes:
    return sample("cii/full-invoice.xml", *changes)


def zugferd(*changes: tuple[str, str]) -> bytes:
    return sample("cii/zugferd-1.xml", *changes)


def pdf_with(name: str, data: bytes) -> bytes:
    pdf, out = PdfWriter(), BytesIO()
    pdf.add_blank_page(width=100, height=100)
    pdf.add_attachment(name, data)
    pdf.write(out)
    return out.getvalue()


def plain_pdf() -> bytes:
    pdf, out = PdfWriter(), BytesIO()
    pdf.add_blank_page(width=100, height=100)
    pdf.write(out)
    return out.getvalue()


def read(conversion: Conversion) -> Invoice:
    return ubl.read_invoice(xml.parse(conversion.data).root)


def change(conversion: Conversion, code: str) -> Change:
    """Give the one change of that code."""
    (found,) = (each for each in conversion.changes if each.code == code)
    return found


def codes(conversion: Conversion) -> list[str]:
    return [each.code for each in conversion.changes]


def refusals(data: bytes) -> list[str]:
    """Give the ids of the findings with which a document is refused, each once."""
    try:
        convert(data)
    except NotConvertibleError as error:
        return list(dict.fromkeys(finding.id for finding in error.findings))
    raise AssertionError("it was converted")


def terms(data: bytes) -> Invoice:
    """Give the terms of a UBL file, those set aside that name its profile."""
    invoice = ubl.read_invoice(xml.parse(data).root)
    return replace(invoice, specification=None, process=None)

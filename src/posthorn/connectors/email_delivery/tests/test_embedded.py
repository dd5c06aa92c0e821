"""Which of several PDFs in an e-invoice is the invoice itself."""

from __future__ import annotations

import base64

import pytest

from posthorn.connectors.email_delivery.embedded import embedded_pdf
from posthorn.connectors.email_delivery.tests.invoices import INVOICE

BEFORE = b"  <cac:AccountingSupplierParty>"
NUMBER = "2026/0042"


def pdf(name: str) -> bytes:
    return b"%PDF-1.7 " + name.encode()


def with_references(*references: tuple[str, str, str, str]) -> bytes:
    """Return the invoice with PDFs inside: number, type code, description and file name of each."""
    written = "".join(
        f"<cac:AdditionalDocumentReference><cbc:ID>{number}</cbc:ID>"
        + (f"<cbc:DocumentTypeCode>{code}</cbc:DocumentTypeCode>" if code else "")
        + (f"<cbc:DocumentDescription>{said}</cbc:DocumentDescription>" if said else "")
        + '<cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" '
        f'filename="{name}">{base64.b64encode(pdf(name)).decode()}'
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
        for number, code, said, name in references
    )
    return INVOICE.content.replace(BEFORE, written.encode() + BEFORE)


TERMS = ("1", "", "General terms", "terms.pdf")
OTHER = ("7", "", "", "scan.pdf")


@pytest.mark.parametrize(
    ("references", "chosen"),
    [
        ([TERMS, ("9", "", "CommercialInvoice", "a.pdf")], "a.pdf"),
        ([("9", "", "Invoice", "b.pdf"), ("9", "", "CreditNote", "a.pdf")], "a.pdf"),
        ([TERMS, (NUMBER, "", "", "a.pdf")], "a.pdf"),
        ([OTHER, ("9", "", "", "F_2026-0042.pdf")], "F_2026-0042.pdf"),
        ([OTHER, ("9", "", "", "F_2026-00421.pdf")], "scan.pdf"),
        ([OTHER, ("9", "", "Uw factuur", "a.pdf")], "a.pdf"),
        ([OTHER, ("9", "", "", "Facture.pdf")], "Facture.pdf"),
        ([TERMS, OTHER], "scan.pdf"),
        ([("2", "", "Pakbon bij factuur", "p.pdf"), OTHER], "scan.pdf"),
        ([("2", "", "Leveringsbon", "p.pdf"), TERMS], "p.pdf"),
        ([("8", "130", "CommercialInvoice", "meter.pdf"), OTHER], "scan.pdf"),
    ],
    ids=[
        "the Belgian description",
        "the Belgian description before a word",
        "the invoice's number",
        "its number in a file name",
        "not a longer number",
        "a word for invoice",
        "a word in the file name",
        "not the terms",
        "not the delivery note",
        "the first of none",
        "not the invoiced object",
    ],
)
def test_the_picture_of_the_invoice_is_told_apart(
    references: list[tuple[str, str, str, str]], chosen: str
) -> None:
    assert embedded_pdf(with_references(*references)) == pdf(chosen)


def test_a_short_number_says_nothing() -> None:
    xml = with_references(OTHER, ("9", "", "", "1-2.pdf")).replace(NUMBER.encode(), b"1/2")

    assert embedded_pdf(xml) == pdf("scan.pdf")


def test_an_invoice_without_a_pdf_has_none() -> None:
    assert embedded_pdf(INVOICE.content) is None

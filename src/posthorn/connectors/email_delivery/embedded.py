"""Takes the readable PDF out of an e-invoice, told apart from terms and delivery notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from posthorn.documents.errors import DocumentError
from posthorn.documents.octets import octets_of
from posthorn.documents.xml import Element, parse

_PDF_TYPE = "application/pdf"
_PDF_START = b"%PDF-"
_INVOICED_OBJECT = "130"  # UNTDID 1001: a meter or a car, never a picture of the invoice
# UBL.BE 1.31, rule ubl-BE-01: the reference that carries the invoice's own PDF.
_BELGIAN = frozenset({"commercialinvoice", "creditnote"})
_TELLING_CHARS = 4  # of a number: "1" stands in any name
_INVOICE_WORD = re.compile(r"invoice|factu(u)?r|rechnung|credit ?not[ae]|gutschrift|note de cr")
_OTHER_WORD = re.compile(
    r"terms|condition|voorwaarden|bedingungen|agb|delivery|levering|livraison|lieferschein"
    r"|pakbon|timesheet|annex|bijlage|annexe|anlage"
)


def embedded_pdf(xml: bytes) -> bytes | None:
    """Return the PDF that is the picture of the e-invoice, None when it holds no PDF.

    Of several, the one that says so comes first: by UBL.BE's description, by the invoice's number,
    by a word for invoice; then one that calls itself nothing else; then the first.
    """
    try:
        root = parse(xml).root
    except DocumentError:
        return None
    found = list(_pdfs(root))
    if not found:
        return None
    number = (root.text("cbc:ID") or "").strip().casefold()
    return min(found, key=lambda each: _rank(each[0], number))[1]


def _pdfs(root: Element) -> Iterator[tuple[Element, bytes]]:
    # Peppol BIS Billing 3.0, BT-125 attached document.
    for reference in root.each("cac:AdditionalDocumentReference"):
        if (reference.text("cbc:DocumentTypeCode") or "").strip() == _INVOICED_OBJECT:
            continue
        for found in reference.each("cac:Attachment", "cbc:EmbeddedDocumentBinaryObject"):
            if found.attributes.get("mimeCode", "").strip().lower() != _PDF_TYPE:
                continue
            content = octets_of(found.value or "") or b""
            if content.startswith(_PDF_START):
                yield reference, content


def _rank(reference: Element, number: str) -> int:
    """Return how surely a reference is the picture of the invoice: 0 most."""
    described = (reference.text("cbc:DocumentDescription") or "").strip().casefold()
    if described.replace(" ", "") in _BELGIAN:
        return 0
    names = [each.attributes.get("filename", "") for each in _objects(reference)]
    said = " ".join([described, *names]).casefold()
    identifier = (reference.text("cbc:ID") or "").strip().casefold()
    if number and (identifier == number or _holds(said, number)):
        return 1
    if _OTHER_WORD.search(said):
        return 4
    return 2 if _INVOICE_WORD.search(said) else 3


def _objects(reference: Element) -> Iterator[Element]:
    return reference.each("cac:Attachment", "cbc:EmbeddedDocumentBinaryObject")


def _holds(said: str, number: str) -> bool:
    """Tell whether a text names the number, whatever stands between its parts."""
    parts = re.findall(r"[a-z0-9]+", number)
    if sum(map(len, parts)) < _TELLING_CHARS:
        return False
    return (
        re.search(r"(?<![a-z0-9])" + r"[^a-z0-9]*".join(parts) + r"(?![a-z0-9])", said) is not None
    )

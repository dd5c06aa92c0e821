"""Takes the readable PDF out of an e-invoice."""

from __future__ import annotations

from collections.abc import Iterator

from posthorn.documents.errors import DocumentError
from posthorn.documents.octets import octets_of
from posthorn.documents.xml import Element, parse

_PDF_TYPE = "application/pdf"
_PDF_START = b"%PDF-"


def embedded_pdf(xml: bytes) -> bytes | None:
    """Return the first PDF among the e-invoice's supporting documents, None when it has none.

    The first one is the picture of the invoice by custom; terms and delivery notes come after it.
    """
    try:
        root = parse(xml).root
    except DocumentError:
        return None
    return next(_pdfs(root), None)


def _pdfs(root: Element) -> Iterator[bytes]:
    # Peppol BIS Billing 3.0, BT-125 attached document.
    path = ("cac:AdditionalDocumentReference", "cac:Attachment")
    for found in root.each(*path, "cbc:EmbeddedDocumentBinaryObject"):
        if found.attributes.get("mimeCode", "").strip().lower() != _PDF_TYPE:
            continue
        content = octets_of(found.value or "") or b""
        if content.startswith(_PDF_START):
            yield content

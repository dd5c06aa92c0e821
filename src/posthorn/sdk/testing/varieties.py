"""The documents that connectors stumble over: the same file with facts as they come in life."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from posthorn.documents.formats import Format
from posthorn.sdk.connector import Document
from posthorn.sdk.kinds import Kind

_NAMES = {
    "a very long name": "Société anonyme de construction et de rénovation " * 12,
    "a Greek name": "Φούρνος Κρόνος",
    "a Chinese name": "北京五金交电有限公司",
    "an Arabic name": "شركة الرياض للتجارة",
    "a name with an emoji": "Bäckerei 🥐 Müller",
    "a name with quotes and brackets": 'O\'Brien & "Søn" <[test]>',
    "a name over two lines": "Firm\r\nBcc: else@example.com",
}
_NUMBERS = {
    "a number with slashes": "2026/07\\0042",
    "a very long number": "7" * 400,
    "no number": "",
}
_TOTALS = {"a total of zero": "0.00", "a negative total": "-121.00", "a huge total": "9" * 15}
_FILE_NAMES = {
    "a file name that climbs": "../../etc/passwd",
    "a reserved file name": "CON.xml",
    "no file name": "",
}


def varieties_of(document: Document) -> Iterator[tuple[str, Document]]:
    """Yield what is unusual and the document that is so; its bytes stay what they are."""
    for what, name in _NAMES.items():
        yield what, replace(document, seller_name=name, buyer_name=name, client_name=name)
    for what, number in _NUMBERS.items():
        yield what, replace(document, number=number)
    for what, name in _FILE_NAMES.items():
        yield what, replace(document, file_name=name)
    yield "no date", replace(document, issue_date=None)
    yield "a language we do not speak", replace(document, language="pl")
    if document.kind is not Kind.STATEMENT:
        for what, total in _TOTALS.items():
            yield what, replace(document, total=Decimal(total))
        yield "no total", replace(document, total=None)
        yield "yen", replace(document, currency="JPY", total=Decimal(12100))
        yield "a credit note", replace(document, is_credit_note=True)
    if document.format == Format.UBL_INVOICE:
        yield "several files inside", _with_files(document)


def _with_files(document: Document) -> Document:
    """Return the e-invoice with two files inside; as it is where its bytes are another maker's."""
    pdf = base64.b64encode(b"%PDF-1.4\n%%EOF\n").decode()
    files = "".join(
        f"<cac:AdditionalDocumentReference><cbc:ID>{number}</cbc:ID><cac:Attachment>"
        '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" '
        f'filename="{number}.pdf">{pdf}</cbc:EmbeddedDocumentBinaryObject>'
        "</cac:Attachment></cac:AdditionalDocumentReference>"
        for number in (1, 2)
    )
    before = b"<cac:AccountingSupplierParty>"
    content = document.content.replace(before, files.encode() + before, 1)
    return replace(document, content=content, sha256=hashlib.sha256(content).hexdigest())

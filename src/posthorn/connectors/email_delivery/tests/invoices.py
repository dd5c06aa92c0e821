"""Documents of these tests: the kit's samples with something changed."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

from posthorn.connectors.email_delivery import connector as email_delivery
from posthorn.connectors.email_delivery.tests.mailbox import Mailbox
from posthorn.sdk import Document, Kind, Prepared, validate
from posthorn.sdk.testing import sample

KEY = "01900000-0000-7000-8000-0000000000aa"
ADDRESSES = {
    "purchase_address": "In@import.example",
    "sales_address": "Uit@import.example",
    "statement_address": "Bank@import.example",
}
INVOICE = sample(Kind.PURCHASE, "ubl_invoice")
CODA = sample(Kind.STATEMENT, "coda")
PDF_FILE = sample(Kind.PURCHASE, "pdf").content


def settings(**changed: str) -> dict[str, str]:
    """Return a firm's and a client's settings, cleaned as the product does."""
    fields = email_delivery.spec
    given = {**ADDRESSES, **changed}
    firm_ids = {one.id for one in fields.firm_settings}
    firm = validate(fields.firm_settings, {k: v for k, v in given.items() if k in firm_ids})
    client = {k: v for k, v in given.items() if k not in firm_ids}
    return firm | validate(fields.client_settings, client, starts=firm)


def prepare(document: Document, *, key: str = KEY, **changed: str) -> Prepared:
    """Prepare a document with these settings."""
    context = Mailbox().context(settings(**changed))
    return email_delivery().prepare(context, document, key=key)


def with_content(document: Document, content: bytes) -> Document:
    """Return the document with other bytes and their hash."""
    return replace(document, content=content, sha256=hashlib.sha256(content).hexdigest())


def with_attachments(*files: tuple[str, bytes | str]) -> Document:
    """Return the invoice with files embedded, each with its MIME code; text goes in as it is."""
    references = "".join(
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        f'<cbc:EmbeddedDocumentBinaryObject mimeCode="{mime}" filename="a.pdf">'
        f"{content if isinstance(content, str) else base64.b64encode(content).decode()}"
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
        for mime, content in files
    )
    before = b"  <cac:AccountingSupplierParty>"
    xml = INVOICE.content.replace(before, references.encode() + before)
    return with_content(INVOICE, xml)

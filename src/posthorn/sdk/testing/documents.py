"""Small made-up documents, one per format, for connectors to be tried with."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources

from posthorn.documents.model import Format
from posthorn.sdk.connector import Document
from posthorn.sdk.kinds import Kind

_OTHER = ("file.bin", "application/octet-stream")
_FILES: dict[str, tuple[str, str]] = {
    Format.UBL_INVOICE: ("invoice.xml", "application/xml"),
    Format.UBL_CREDIT_NOTE: ("creditnote.xml", "application/xml"),
    Format.CODA: ("statement.cod", "text/plain"),
    Format.MT940: ("statement.sta", "text/plain"),
    Format.CAMT053: ("statement.xml", "application/xml"),
    Format.PDF: ("invoice.pdf", "application/pdf"),
    Format.CII: ("invoice-cii.xml", "application/xml"),
    Format.FACTURX: ("facturx.pdf", "application/pdf"),
}


def sample(kind: Kind, document_format: str, *, content: bytes | None = None) -> Document:
    """Return a document of this kind and format; other content keeps the facts.

    An unknown format comes as a few plain bytes.
    """
    name, media_type = _FILES.get(document_format, _OTHER)
    if content is None:
        content = _read(name) if document_format in _FILES else b"neither invoice nor statement\n"
    is_invoice = kind is not Kind.STATEMENT
    return Document(
        id="01900000-0000-7000-8000-000000000001",
        kind=kind,
        is_credit_note=document_format == Format.UBL_CREDIT_NOTE,
        format=document_format,
        number="2026/0042" if is_invoice else "12",
        issue_date=date(2026, 1, 14),
        currency="EUR",
        total=Decimal("121.00") if is_invoice else None,
        seller_name="Papeterie Étoile SRL" if is_invoice else "",
        buyer_name="Bakkerij De Korenbloem BV" if is_invoice else "",
        client_name="Bakkerij De Korenbloem BV",
        client_number="0017",
        language="nl",
        file_name=name,
        media_type=media_type,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        released_at=datetime(2026, 1, 15, 9, 0, tzinfo=UTC),
    )


@cache
def _read(name: str) -> bytes:
    return resources.files("posthorn.sdk.testing").joinpath("samples", name).read_bytes()

"""What Exact takes, per kind, by either route."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from posthorn.documents.formats import Format
from posthorn.sdk import Capability, Depth, Document, Idempotency, Kind, Rejected

# No official figure: 7 MB, or 25 MB in NL and BE, by one vendor's account (Zenvoices help).
MAX_BYTES: Final = 10_000_000
# What is no Peppol BIS 3.0 is converted; a PDF without an e-invoice inside cannot be.
_INVOICES: Final = frozenset(
    {Format.UBL_INVOICE, Format.UBL_CREDIT_NOTE, Format.CII, Format.FACTURX}
)
_STATEMENTS: Final = frozenset({Format.CODA, Format.MT940, Format.CAMT053})
# Exact queues calls: first until a call of at most a minute cannot be running any more, then again.
_LOOKS: Final = (timedelta(seconds=90), timedelta(seconds=60))


def _capability(formats: frozenset[Format]) -> Capability:
    return Capability(
        formats=frozenset(str(each) for each in formats),
        depth=Depth.INBOX,
        # It takes a second document with the same subject, but lists find the first.
        idempotency=Idempotency.LOOKUP,
        max_bytes=MAX_BYTES,
        reports_status=True,
        looks=_LOOKS,
    )


_TAKES: Final = {
    Kind.PURCHASE: _capability(_INVOICES),
    Kind.SALES: _capability(_INVOICES),
    Kind.STATEMENT: _capability(_STATEMENTS),
}


def taken(settings: Mapping[str, str]) -> Mapping[Kind, Capability]:
    """Return what is taken: the same by both routes."""
    del settings
    return _TAKES


def refuse(settings: Mapping[str, str], document: Document) -> None:
    """Raise Rejected for what is not taken."""
    capability = taken(settings).get(document.kind)
    if capability is None or document.format not in capability.formats:
        raise Rejected("format_not_taken", detail=document.format)
    if not document.content:
        raise Rejected("empty_document")
    if len(document.content) > capability.max_bytes:
        raise Rejected("too_large", detail=f"{len(document.content)} bytes")

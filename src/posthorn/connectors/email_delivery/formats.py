"""What each format is called on the wire: media type and file name extension."""

from __future__ import annotations

from dataclasses import dataclass

from posthorn.documents.model import Format


@dataclass(frozen=True, slots=True, kw_only=True)
class WireFormat:
    """How a format is labelled in a mail."""

    media_type: str
    extension: str


_XML = WireFormat(media_type="application/xml", extension="xml")
_PDF = WireFormat(media_type="application/pdf", extension="pdf")

INVOICES: dict[str, WireFormat] = {
    Format.UBL_INVOICE: _XML,
    Format.UBL_CREDIT_NOTE: _XML,
    Format.PDF: _PDF,
    Format.FACTURX: _PDF,
}
STATEMENTS: dict[str, WireFormat] = {
    Format.CODA: WireFormat(media_type="text/plain", extension="cod"),
    Format.MT940: WireFormat(media_type="text/plain", extension="sta"),
    Format.CAMT053: _XML,
    Format.PDF: _PDF,
}
WIRE = INVOICES | STATEMENTS

"""The formats of files, and by which root element those in XML are known."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Format(StrEnum):
    """What a file is by its content, whatever its name says."""

    UBL_INVOICE = "ubl_invoice"
    UBL_CREDIT_NOTE = "ubl_credit_note"
    CII = "cii"
    CAMT053 = "camt053"
    CODA = "coda"
    MT940 = "mt940"
    XML = "xml"  # an XML file of another kind
    PDF = "pdf"
    FACTURX = "facturx"  # a PDF with its e-invoice inside: Factur-X, ZUGFeRD
    ORDERX = "orderx"  # a PDF with an order inside, nothing to book
    ZIP = "zip"
    IMAGE = "image"
    EML = "eml"
    UNKNOWN = "unknown"


# By the short names of `names`.
UBL_ROOTS: Final = {"ubl:Invoice": Format.UBL_INVOICE, "cn:CreditNote": Format.UBL_CREDIT_NOTE}
CII_ROOTS: Final = {
    "rsm:CrossIndustryInvoice": Format.CII,
    "rsm1:CrossIndustryDocument": Format.CII,  # ZUGFeRD 1
}
INVOICE_ROOTS: Final = {**UBL_ROOTS, **CII_ROOTS}
CAMT_ROOT: Final = "camt:Document"
ENVELOPE_ROOT: Final = "sbd:StandardBusinessDocument"
_ROOTS: Final = {**INVOICE_ROOTS, CAMT_ROOT: Format.CAMT053}


def xml_format(root: str | None) -> Format:
    """Return the format of an XML document with a root element of that short name."""
    return _ROOTS.get(root or "", Format.XML)

"""Reads and writes UBL 2.1 invoices and credit notes; reads UBL 2.0 of the same namespaces too."""

from __future__ import annotations

from typing import Final

from posthorn.documents.model import Format
from posthorn.documents.ubl.reading.invoice import read_header, read_invoice
from posthorn.documents.ubl.writing.invoice import write

FORMATS: Final = {"ubl:Invoice": Format.UBL_INVOICE, "cn:CreditNote": Format.UBL_CREDIT_NOTE}
"""What a root element of that name is."""

__all__ = ["FORMATS", "read_header", "read_invoice", "write"]

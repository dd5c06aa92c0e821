"""Reads and writes UBL 2.1 invoices and credit notes; reads UBL 2.0 of the same namespaces too."""

from __future__ import annotations

from posthorn.documents.ubl.reading.invoice import read_header, read_invoice
from posthorn.documents.ubl.writing.invoice import write

__all__ = ["read_header", "read_invoice", "write"]

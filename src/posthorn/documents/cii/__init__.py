"""Reads UN/CEFACT Cross Industry Invoices: Factur-X, ZUGFeRD and XRechnung in CII."""

from __future__ import annotations

from posthorn.documents.cii.profile import is_summary
from posthorn.documents.cii.reader import read_invoice

__all__ = ["is_summary", "read_invoice"]

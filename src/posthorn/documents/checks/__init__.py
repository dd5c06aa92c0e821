"""Checks an e-invoice against the UBL schema, EN 16931 and Peppol BIS Billing 3.0, in own code."""

from __future__ import annotations

from posthorn.documents.checks.check import Report, check

__all__ = ["Report", "check"]

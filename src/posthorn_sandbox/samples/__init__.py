"""The demonstration's own documents: invented companies, valid invoices, and what must happen."""

from __future__ import annotations

from posthorn_sandbox.samples.manifest import (
    Client,
    Document,
    Firm,
    Manifest,
    Result,
    folder,
    manifest,
)

__all__ = ["Client", "Document", "Firm", "Manifest", "Result", "folder", "manifest"]

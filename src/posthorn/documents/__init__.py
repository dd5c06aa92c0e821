"""What a document is, from its bytes alone: no database, no network, no files."""

from __future__ import annotations

from posthorn.documents.encoding import refuse_doctype
from posthorn.documents.errors import DocumentError
from posthorn.documents.examine import Examination, examine
from posthorn.documents.findings import Finding, Severity, Verdict
from posthorn.documents.limits import LIMITS, Limits
from posthorn.documents.model import Category, Facts, Format, Party, Statement
from posthorn.documents.reader import read
from posthorn.documents.sniff import sniff

__all__ = [
    "LIMITS",
    "Category",
    "DocumentError",
    "Examination",
    "Facts",
    "Finding",
    "Format",
    "Limits",
    "Party",
    "Severity",
    "Statement",
    "Verdict",
    "examine",
    "read",
    "refuse_doctype",
    "sniff",
]

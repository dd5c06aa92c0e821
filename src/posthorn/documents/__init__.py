"""What a document is, from its bytes alone: no database, no network, no files."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from posthorn.documents.encoding import refuse_doctype
    from posthorn.documents.errors import DocumentError
    from posthorn.documents.examination import Examination, examine
    from posthorn.documents.findings import Finding, Severity, Verdict
    from posthorn.documents.formats import Format
    from posthorn.documents.limits import LIMITS, Limits
    from posthorn.documents.model import Category, Facts, Party, Statement
    from posthorn.documents.reader import read
    from posthorn.documents.sniffing import sniff

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

# Where each name lives: who asks for one loads what that one needs, and no more.
_HOMES: Final = {
    "LIMITS": "limits",
    "Category": "model",
    "DocumentError": "errors",
    "Examination": "examination",
    "Facts": "model",
    "Finding": "findings",
    "Format": "formats",
    "Limits": "limits",
    "Party": "model",
    "Severity": "findings",
    "Statement": "model",
    "Verdict": "findings",
    "examine": "examination",
    "read": "reader",
    "refuse_doctype": "encoding",
    "sniff": "sniffing",
}


def __getattr__(name: str) -> object:
    """Load a name when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found

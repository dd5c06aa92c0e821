"""Reads a document's facts from its bytes."""

from __future__ import annotations

from posthorn.documents import cii, statements
from posthorn.documents.invoice import Invoice
from posthorn.documents.limits import LIMITS, Limits
from posthorn.documents.model import Facts, Format
from posthorn.documents.opening import Opened, open_file
from posthorn.documents.statements import StatementFile
from posthorn.documents.summary import facts_of
from posthorn.documents.ubl import FORMATS, read_header, read_invoice


def read(data: bytes, limits: Limits = LIMITS) -> Facts:
    """Return what the bytes say about the document; what they do not say is None.

    Raises a subclass of DocumentError when they cannot be read as what they are.
    """
    return read_opened(open_file(data, limits))


def content_of(opened: Opened) -> Invoice | StatementFile | None:
    """Return all that an open file says; None for what is neither an invoice nor statements."""
    if opened.format in statements.FORMATS:
        return statements.read(opened.data, opened.format)
    if opened.tree is None:
        return None
    if opened.tree.root.name in FORMATS:
        return read_invoice(opened.tree.root)
    return cii.read_invoice(opened.tree.root) if opened.format is Format.CII else None


def read_opened(opened: Opened) -> Facts:
    """Return the facts of a file that is open already; raises as `read`."""
    if opened.format in statements.FORMATS:
        return statements.read_facts(opened.data, opened.format)
    if opened.tree is None:
        return Facts(format=opened.format)
    root = opened.tree.root
    if root.name in FORMATS:
        return facts_of(read_header(root), opened.format)
    if opened.format is Format.CII:
        return facts_of(cii.read_invoice(root), opened.format)
    return Facts(format=opened.format)

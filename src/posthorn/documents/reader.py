"""Reads a document's facts from its bytes."""

from __future__ import annotations

from posthorn.documents import cii, statements
from posthorn.documents.invoice import Invoice
from posthorn.documents.limits import LIMITS, Limits
from posthorn.documents.model import Facts
from posthorn.documents.opening import Opened, open_inside
from posthorn.documents.statements import StatementFile
from posthorn.documents.summary import facts_of
from posthorn.documents.ubl import FORMATS, read_header, read_invoice

_CII = ("rsm:CrossIndustryInvoice", "rsm1:CrossIndustryDocument")


def read(data: bytes, limits: Limits = LIMITS) -> Facts:
    """Return what the bytes say about the document; what they do not say is None.

    Raises a subclass of DocumentError when they cannot be read as what they are.
    """
    return read_opened(open_inside(data, limits))


def read_opened(opened: Opened) -> Facts:
    """Return the facts of a file that is open already; raises as `read`."""
    if opened.format in statements.FORMATS:
        return statements.read_facts(opened.data, opened.format)
    root = opened.tree.root if opened.tree else None
    if root is not None and root.name in FORMATS:
        return facts_of(read_header(root), opened.format)
    if root is not None and root.name in _CII:
        return facts_of(cii.read_invoice(root), opened.format)
    return Facts(format=opened.format)


def content_of(opened: Opened) -> Invoice | StatementFile | None:
    """Return all that an open file says; None for what is neither an invoice nor statements."""
    if opened.format in statements.FORMATS:
        return statements.read(opened.data, opened.format)
    root = opened.tree.root if opened.tree else None
    if root is not None and root.name in FORMATS:
        return read_invoice(root)
    if root is not None and root.name in _CII:
        return cii.read_invoice(root)
    return None

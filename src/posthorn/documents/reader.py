"""Reads a document's facts, or all of it, from its bytes; loads no reader before it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.documents import statements
from posthorn.documents.formats import CII_ROOTS, INVOICE_ROOTS
from posthorn.documents.limits import LIMITS, Limits
from posthorn.documents.opening import Opened, open_inside

if TYPE_CHECKING:
    from posthorn.documents.invoice import Invoice
    from posthorn.documents.model import Facts
    from posthorn.documents.statements.model import StatementFile
    from posthorn.documents.xml import Element


def read(data: bytes, limits: Limits = LIMITS) -> Facts:
    """Return what the bytes say about the document; what they do not say is None.

    Raises a subclass of DocumentError when they cannot be read as what they are.
    """
    return read_opened(open_inside(data, limits))


def read_opened(opened: Opened) -> Facts:
    """Return the facts of a file that is open already; raises as `read`."""
    if opened.format in statements.FORMATS:
        return statements.read_facts(opened.data, opened.format, opened.tree)
    if opened.tree is None or opened.root not in INVOICE_ROOTS:
        from posthorn.documents.model import Facts  # noqa: PLC0415  # a check asks for none

        return Facts(format=opened.format)
    from posthorn.documents.summary import facts_of  # noqa: PLC0415  # as above

    return facts_of(_header(opened.tree.root), opened.format)


def _header(root: Element) -> Invoice:
    if root.name in CII_ROOTS:
        return _cross_industry(root)
    from posthorn.documents.ubl import read_header  # noqa: PLC0415  # as above

    return read_header(root)


def _cross_industry(root: Element) -> Invoice:
    from posthorn.documents.cii import read_invoice  # noqa: PLC0415  # as above

    return read_invoice(root)


def content_of(opened: Opened) -> Invoice | StatementFile | None:
    """Return all that an open file says; None for what is neither an invoice nor statements."""
    if opened.format in statements.FORMATS:
        return statements.read(opened.data, opened.format, opened.tree)
    if opened.tree is None or opened.root not in INVOICE_ROOTS:
        return None
    if opened.root in CII_ROOTS:
        return _cross_industry(opened.tree.root)
    from posthorn.documents.ubl import read_invoice  # noqa: PLC0415  # as above

    return read_invoice(opened.tree.root)

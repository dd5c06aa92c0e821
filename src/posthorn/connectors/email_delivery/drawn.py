"""Draws the PDF of a document that has none, from what the document itself says."""

from __future__ import annotations

from posthorn.documents.errors import DocumentError
from posthorn.documents.invoice import Invoice
from posthorn.documents.statements.model import StatementFile
from posthorn.sdk import LANGUAGES, Document, Rejected

# 1,000 lines are 2.5 s and 40 pages (measured 2026-11 on 2 cores); a worker's thread waits for it.
MAX_LINES = 1_000


def drawn_pdf(document: Document) -> bytes:
    """Return a PDF of an e-invoice or a bank file; the same bytes for the same document.

    The original is not put inside: an importer would find a second e-invoice there. Raises Rejected
    for a document that cannot be read or is too long.
    """
    # Typesetting takes long to load, and few deliveries need it.
    from posthorn.documents.opening import open_inside  # noqa: PLC0415
    from posthorn.documents.reader import content_of  # noqa: PLC0415
    from posthorn.documents.render import pdf  # noqa: PLC0415

    try:
        content = content_of(open_inside(document.content))
    except DocumentError as error:
        raise Rejected("cannot_draw", detail=error.code) from error
    if content is None:
        raise Rejected("cannot_draw", detail=document.format)
    if _lines(content) > MAX_LINES:
        raise Rejected("too_long_to_draw", detail=f"{_lines(content)} lines")
    language = document.language if document.language in LANGUAGES else "en"
    return pdf(content, language, original=None, made=document.released_at)


def _lines(content: Invoice | StatementFile) -> int:
    if isinstance(content, Invoice):
        return len(content.lines)
    return sum(len(each.movements) for each in content.statements)

"""Shows documents to people: a web page, or a PDF that carries the original inside."""

from __future__ import annotations

from datetime import datetime

from posthorn.documents.invoice import Invoice
from posthorn.documents.render.invoices import view_of
from posthorn.documents.render.page import page
from posthorn.documents.render.paper import Original, paper
from posthorn.documents.render.statements import view_of_statement
from posthorn.documents.render.view import View
from posthorn.documents.statements.model import StatementFile

__all__ = ["Original", "View", "html", "pdf", "view_of", "view_of_statement"]


def html(document: Invoice | StatementFile | View, language: str = "en") -> str:
    """Return a document as one web page that holds no script and asks for nothing."""
    return page(_view(document, language))


def pdf(
    document: Invoice | StatementFile | View,
    language: str = "en",
    *,
    original: Original | None,
    made: datetime,
) -> bytes:
    """Return a document as a PDF/A-3a; the same bytes for the same input.

    It carries the original, unless None is given. `made` is aware. Long documents take seconds:
    10,000 lines are 300 pages.
    """
    return paper(_view(document, language), original, made)


def _view(document: Invoice | StatementFile | View, language: str) -> View:
    if isinstance(document, View):
        return document
    if isinstance(document, Invoice):
        return view_of(document, language)
    return view_of_statement(document, language)

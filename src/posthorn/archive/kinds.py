"""Says as which kind of document something travels; credit notes travel as their direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.sdk import Kind

if TYPE_CHECKING:
    from posthorn.archive.models import Document

STATEMENT = "statement"


def kind_of(document: Document) -> Kind:
    """Give a document's kind; raises ValueError when its direction is not known yet."""
    if document.category == STATEMENT:
        return Kind.STATEMENT
    return Kind(document.direction)

"""The kinds of documents a connector can take."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a document is to the books; a credit note travels as its direction."""

    PURCHASE = "purchase"
    SALES = "sales"
    STATEMENT = "statement"

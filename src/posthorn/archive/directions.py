"""The words for a document's direction and reading, without a database behind them."""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """Whether the client bought or sold; a fact of its own, never guessed from the sender."""

    PURCHASE = "purchase"
    SALES = "sales"
    NONE = ""


class Reading(StrEnum):
    """How far the reading of a document came."""

    PENDING = "pending"
    READ = "read"
    UNREADABLE = "unreadable"
    QUARANTINED = "quarantined"

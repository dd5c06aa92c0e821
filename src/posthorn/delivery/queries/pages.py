"""Pages by key: each begins after the last row of the one before, whatever came since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar
from uuid import UUID

Row_co = TypeVar("Row_co", covariant=True)

SIZE = 50
"""Rows of a page."""


class CursorError(ValueError):
    """Start from the first page: the cursor is not one that we gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row_co]):
    """The rows of one page; `after` is the cursor of the next one, empty at the end."""

    rows: tuple[Row_co, ...]
    after: str


def time_cursor(at: datetime, row: UUID) -> str:
    """Name a row by its time and id."""
    return f"{at.astimezone(UTC).isoformat()}_{row}"


def read_time_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Read what `time_cursor` gave; raises CursorError."""
    at, _, row = cursor.rpartition("_")
    try:
        moment, key = datetime.fromisoformat(at), UUID(row)
    except ValueError as error:
        raise CursorError(cursor) from error
    if moment.tzinfo is None:
        raise CursorError(cursor)
    return moment, key


def read_number_cursor(cursor: str) -> int:
    """Read the number of a row; raises CursorError."""
    # 18 digits stay inside the database's bigint.
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= 18):  # noqa: PLR2004
        raise CursorError(cursor)
    return int(cursor)

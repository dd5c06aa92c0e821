"""Pages by key: each begins after the last row of the one before, whatever came since."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from posthorn.tenancy.errors import TenancyError

Row_co = TypeVar("Row_co", covariant=True)

SIZE = 50
"""Rows of a page."""


class BadCursorError(TenancyError):
    """Start from the first page: the cursor is not one that we gave."""

    code: ClassVar[str] = "bad_cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row_co]):
    """The rows of one page; `after` is the cursor of the next one, empty at the end."""

    rows: tuple[Row_co, ...]
    after: str


def name_cursor(name: str, row: UUID) -> str:
    """Name a row by its name and id."""
    return urlsafe_b64encode(f"{row}{name}".encode()).decode()


def read_name_cursor(cursor: str) -> tuple[str, UUID]:
    """Read what `name_cursor` gave; raises BadCursorError."""
    try:
        text = urlsafe_b64decode(cursor.encode("ascii")).decode()
        name, row = text[36:], UUID(text[:36])
    except ValueError as error:
        raise _bad() from error
    if "\0" in name:
        raise _bad()
    return name, row


def time_cursor(at: datetime, number: int) -> str:
    """Name a row by its time and number."""
    return f"{at.astimezone(UTC).isoformat()}_{number}"


def read_time_cursor(cursor: str) -> tuple[datetime, int]:
    """Read what `time_cursor` gave; raises BadCursorError."""
    at, _sign, number = cursor.rpartition("_")
    # 18 digits stay inside the database's bigint.
    if not (number.isascii() and number.isdecimal() and len(number) <= 18):  # noqa: PLR2004
        raise _bad()
    try:
        moment = datetime.fromisoformat(at).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _bad() from error
    return moment, int(number)


def _bad() -> BadCursorError:
    return BadCursorError(_("This page is not there any more: start from the first one."))

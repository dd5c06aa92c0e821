"""What a rendered document shows, before it is a page or a paper: all text, nothing to compute.

Foreign text in it is safe to look at (see `text`), and still to be escaped where it goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is shown; each looks different."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A text, the code that it stands for, and what it lacks to stand under its neighbours."""

    text: str = ""
    code: str = ""
    pad: str = ""  # never shown: `,00` beside a number that was sent without decimals


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A value and what it is called."""

    label: str
    value: Value
    is_strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A few lines and rows under a title."""

    title: str
    lines: tuple[Value, ...] = ()
    rows: tuple[Row, ...] = ()
    has_name: bool = False  # the first line is a name
    is_warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a reader looks for first, and what to do about it."""

    label: str
    value: Value
    note: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table."""

    label: str
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a table, with rows that explain it."""

    cells: tuple[Value, ...]
    details: tuple[Row, ...] = ()
    is_part: bool = False  # of the line before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Lines under columns."""

    title: str
    columns: tuple[Column, ...]
    entries: tuple[Entry, ...] = ()
    wide: int = 0  # the column that takes the room there is, and the details of a line
    note: str = ""  # what stands under it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One invoice, or one statement of a file."""

    title: str
    number: str = ""
    issuer: str = ""  # who sent it, for the foot of a page
    facts: tuple[Row, ...] = ()
    parties: tuple[Block, ...] = ()
    key: Key | None = None
    lines: Table | None = None
    tables: tuple[Table, ...] = ()
    totals: tuple[Row, ...] = ()
    totals_title: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A whole document as it is shown in one language."""

    kind: Kind
    language: str
    origin: str  # the sentence that says what the original is
    sheets: tuple[Sheet, ...]
    checks: Block | None = None  # what does not add up in the file as a whole


def has_content(block: Block) -> bool:
    """Say whether a block has anything to show."""
    return bool(block.lines or block.rows)

"""The lines of a CODA file: fixed columns, in the order the standard wants.

Febelfin, Coded statement of account (CODA), version 2.6: columns are counted from 1 there and here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from posthorn.documents.errors import (
    StatementLineError,
    StatementOrderError,
    StatementValueError,
)

WIDTH: Final = 128
_NEWLINE: Final = re.compile(rb"\r\n|\n|\r")

# What a record leads to: header (0), old balance (1), movements (2), information (3), new balance
# (8), free messages (4), trailer (9). A new header after a trailer opens the next unit.
_ORDER: Final = {
    "start": {"0": "header"},
    "header": {"1": "open"},
    "open": {"2": "open", "3": "open", "4": "open", "8": "closed"},
    "closed": {"4": "closed", "1": "open", "9": "end"},
    "end": {"0": "header"},
}
# Parts 2 and 3 of a movement or an information record go on with the same one.
_ONGOING: Final = {"22": ("21",), "23": ("21", "22"), "32": ("31",), "33": ("31", "32")}
_ARTICLES: Final = frozenset({"21", "31", *_ONGOING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A record of 128 columns, and where it stands in the file."""

    text: str
    number: int  # from 1
    start: int  # its first byte

    @property
    def kind(self) -> str:
        """Return the record identification: `0`, `1`, `8`, `9`."""
        return self.text[0]

    @property
    def article(self) -> str:
        """Return the record identification with its article code: `21`, `32`."""
        return self.text[:2]

    def field(self, first: int, last: int) -> str:
        """Return columns first to last, both included and counted from 1, without blanks around."""
        return self.raw(first, last).strip()

    def raw(self, first: int, last: int) -> str:
        """Return columns first to last, both included and counted from 1, blanks kept."""
        return self.text[first - 1 : last]

    def day(self, first: int) -> date | None:
        """Return the date DDMMYY at that column, None for zeros. Raises StatementValueError."""
        text = self.raw(first, first + 5)
        if not text.strip("0 "):
            return None
        if not re.fullmatch(r"\d{6}", text, re.ASCII):
            raise StatementValueError(f"line {self.number}: date {text!r}")
        # CODA is younger than 1980: 80 to 99 stand for the last century.
        century = 1900 if text[4:] >= "80" else 2000
        try:
            return date(century + int(text[4:]), int(text[2:4]), int(text[:2]))
        except ValueError as error:
            raise StatementValueError(f"line {self.number}: date {text!r}") from error

    def signed(self, first: int) -> Decimal:
        """Return the amount at that column: a sign (1: debit), 12 digits and 3 decimals.

        Raises StatementValueError.
        """
        text = self.raw(first, first + 15)
        if not re.fullmatch(r"[01]\d{15}", text, re.ASCII):
            raise StatementValueError(f"line {self.number}: amount {text!r}")
        amount = Decimal(int(text[1:])).scaleb(-3)
        return -amount if text[0] == "1" else amount

    def total(self, first: int) -> Decimal | None:
        """Return the 12 digits and 3 decimals at that column; None for blanks.

        Raises StatementValueError.
        """
        found = self.count(first, first + 14)
        return None if found is None else Decimal(found).scaleb(-3)

    def count(self, first: int, last: int) -> int | None:
        """Return the number in those columns; None for blanks. Raises StatementValueError."""
        text = self.raw(first, last)
        if not text.strip():
            return None
        if not re.fullmatch(r"\d+", text, re.ASCII):
            raise StatementValueError(f"line {self.number}: number {text!r}")
        return int(text)


def lines(data: bytes) -> list[Line]:
    """Return the records, each of 128 columns. Raises StatementLineError.

    What DOS leaves after a trailer, blank lines and Ctrl-Z, is no record.
    """
    codec = _codec(data)
    kept: list[Line] = []
    for number, (start, raw) in enumerate(_raw_lines(data), start=1):
        text = raw.decode(codec).strip("\x1a\ufeff")
        after_trailer = kept and kept[-1].kind == "9"
        if after_trailer and not text.strip("\x1a\0 \t"):
            continue
        if len(text) != WIDTH:
            raise StatementLineError(f"line {number} has {len(text)}")
        kept.append(Line(text=text, number=number, start=start))
    return kept


def refuse_disorder(kept: list[Line]) -> None:
    """Raise StatementOrderError unless every record may follow the one before."""
    state, article = "start", ""
    for line in kept:
        if line.kind not in _ORDER[state] or not _may_follow(line, article):
            shown = line.article if line.kind in "23" else line.kind
            raise StatementOrderError(f"line {line.number}: a record {shown!r} at this place")
        state, article = _ORDER[state][line.kind], line.article
    if state != "end":
        raise StatementOrderError("the last record, 9, is missing")


def units(kept: list[Line]) -> Iterator[list[Line]]:
    """Yield the records from each header to its trailer."""
    unit: list[Line] = []
    for line in kept:
        unit.append(line)
        if line.kind == "9":
            yield unit
            unit = []


def _may_follow(line: Line, article: str) -> bool:
    if line.kind not in "23":
        return True
    return line.article in _ARTICLES and article in _ONGOING.get(line.article, (article,))


def _raw_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    start = 0
    for newline in _NEWLINE.finditer(data):
        yield start, data[start : newline.start()]
        start = newline.end()
    if start < len(data):
        yield start, data[start:]


def _codec(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        # Banks write ISO-8859-1, and some still the code page of DOS: there the letters with
        # accents stand where ISO-8859-1 has control characters, which no text has.
        return "cp850" if re.search(rb"[\x80-\x9f]", data) else "iso-8859-1"
    return "utf-8"

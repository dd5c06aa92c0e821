"""The lines of a CODA file: fixed columns, in the order the standard wants.

Febelfin, Coded statement of account (CODA), version 2.6: columns are counted from 1 there and here.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from posthorn.documents.errors import (
    StatementLineError,
    StatementOrderError,
    StatementValueError,
)

WIDTH: Final = 128

# What a record leads to: header (0), old balance (1), movements (2), information (3), new balance
# (8), free messages (4), trailer (9). A new header after a trailer opens the next statement.
_ORDER: Final = {
    "start": {"0": "header"},
    "header": {"1": "open"},
    "open": {"2": "open", "3": "open", "4": "open", "8": "closed"},
    "closed": {"4": "closed", "1": "open", "9": "end"},
    "end": {"0": "header"},
}


def lines(data: bytes) -> list[str]:
    """Return the lines, each of 128 columns. Raises StatementLineError."""
    # Some programs end the file as DOS did, with Ctrl-Z.
    kept = re.split(r"\r\n|\n|\r", _decoded(data).rstrip("\x1a \r\n"))
    # The last column of the last line is never blank, so nothing of it was cut off above.
    for number, line in enumerate(kept, start=1):
        if len(line) != WIDTH:
            raise StatementLineError(f"line {number} has {len(line)}")
    return kept


def refuse_disorder(kept: list[str]) -> None:
    """Raise StatementOrderError unless every line may follow the one before."""
    state = "start"
    for number, line in enumerate(kept, start=1):
        if line[0] not in _ORDER[state]:
            raise StatementOrderError(f"line {number}: a record {line[0]!r} at this place")
        state = _ORDER[state][line[0]]
    if state != "end":
        raise StatementOrderError("the last record, 9, is missing")


def field(line: str, first: int, last: int) -> str:
    """Return columns first to last, both included and counted from 1, without blanks around."""
    return line[first - 1 : last].strip()


def day(line: str, first: int) -> date | None:
    """Return the date DDMMYY at that column, None for zeros. Raises StatementValueError."""
    text = line[first - 1 : first + 5]
    if not text.strip("0 "):
        return None
    if not re.fullmatch(r"\d{6}", text, re.ASCII):
        raise StatementValueError(f"date {text!r}")
    # CODA is younger than 1980: 80 to 99 stand for the last century.
    century = 1900 if text[4:] >= "80" else 2000
    try:
        return date(century + int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError as error:
        raise StatementValueError(f"date {text!r}") from error


def balance(line: str, first: int) -> Decimal:
    """Return the balance at that column: a sign (1: debit), 12 digits and 3 decimals.

    Raises StatementValueError.
    """
    text = line[first - 1 : first + 15]
    if not re.fullmatch(r"[01]\d{15}", text, re.ASCII):
        raise StatementValueError(f"balance {text!r}")
    amount = Decimal(int(text[1:])).scaleb(-3)
    return -amount if text[0] == "1" else amount


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Banks write ISO-8859-1, where every byte is a character: the columns stay in place.
        return data.decode("iso-8859-1")

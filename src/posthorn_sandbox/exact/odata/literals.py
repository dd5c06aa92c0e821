"""The words of a filter: literals with their values, names and marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_TOKEN = re.compile(
    r"\s*(?:"
    r"guid'(?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})'"
    r"|datetime'(?P<date>[^']*)'"
    r"|'(?P<text>(?:[^']|'')*)'"
    r"|(?P<long>-?\d{1,19})[Ll](?!\w)"
    r"|(?P<number>-?\d{1,19}(?:\.\d{1,19})?)[MmDdFf]?(?![\w.])"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<mark>[(),])"
    r")"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?")
_LITERALS = frozenset({"guid", "date", "text", "long", "number"})


class FilterError(ValueError):
    """The filter, or another option of the query, is not one the service takes."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word: its kind is guid, date, text, long, number, word or mark; dates are in ms."""

    kind: str
    value: object

    @property
    def is_literal(self) -> bool:
        """Whether it stands for a value."""
        return self.kind in _LITERALS


def split(text: str) -> list[Token]:
    """Read all words. Raises FilterError."""
    found, place = [], 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise FilterError(f"cannot be read at {place}")
        found.append(_token(match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


def read_literal(text: str) -> object:
    """Read one literal, as in `guid'…'`. Raises FilterError."""
    tokens = split(text)
    if len(tokens) != 1 or not tokens[0].is_literal:
        raise FilterError(f"{text!r} is no literal")
    return tokens[0].value


def _token(kind: str, text: str) -> Token:
    value: object = text
    if kind == "guid":
        value = text.lower()
    elif kind == "date":
        value = _milliseconds(text)
    elif kind == "text":
        value = text.replace("''", "'")
    elif kind == "long" or (kind == "number" and "." not in text):
        value = int(text)
    elif kind == "number":
        value = float(text)
    return Token(kind, value)


def _milliseconds(text: str) -> int:
    # The part with the time is needed (Exact's OData page, read 2026-01).
    if _DATE.fullmatch(text) is None:
        raise FilterError(f"{text!r} is no date with its time")
    try:
        moment = datetime.fromisoformat(text[:26])
    except ValueError as wrong:
        raise FilterError(f"{text!r} is no date") from wrong
    return int(moment.replace(tzinfo=UTC).timestamp() * 1000)

"""Builds the rows and tables of a view: what is empty is left out, numbers stand in line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from posthorn.documents.render.text import shown
from posthorn.documents.render.view import Column, Entry, Row, Table, Value
from posthorn.documents.render.words import Words

_MAX_PAD: Final = 5  # characters; one price with forty decimals moves no column


def row(label: str, text: str | None, code: str | None = "") -> Row:
    """Return a row of foreign text."""
    return Row(label=label, value=Value(text=shown(text), code=shown(code)))


def filled(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows that have a value."""
    return tuple(each for each in rows if each.value.text)


def coded(words: Words, table: str, code: str | None) -> Value:
    """Return what a code means with the code itself; only the code where nothing is known."""
    meaning = words.meaning(table, code)
    return Value(text=meaning, code=shown(code)) if meaning else Value(text=shown(code))


def aligned(values: Sequence[Value], mark: str) -> list[Value]:
    """Return numbers with what each lacks after its decimal mark, to stand in one line."""
    tails = [_tail(value.text, mark) for value in values]
    longest = max(map(len, tails), default=0)
    return [
        replace(value, pad=_pad(tail, min(longest, _MAX_PAD), mark)) if value.text else value
        for value, tail in zip(values, tails, strict=True)
    ]


def _tail(text: str, mark: str) -> str:
    before, found, after = text.rpartition(mark)
    return found + after.rstrip(" %") if before else ""


def _pad(tail: str, longest: int, mark: str) -> str:
    missing = longest - len(tail)
    return (mark + "0" * missing)[:missing] if not tail else "0" * missing


def table(
    title: str, columns: Sequence[Column], entries: Sequence[Entry], words: Words, *, wide: int
) -> Table:
    """Return a table without the columns that are empty, numbers in line."""
    mark = words.tables["numbers"]["decimal"]
    used = [
        place
        for place in range(len(columns))
        if place == wide or any(entry.cells[place].text for entry in entries)
    ]
    cells = [[entry.cells[place] for entry in entries] for place in used]
    straight = [
        aligned(values, mark) if columns[place].is_number else values
        for place, values in zip(used, cells, strict=True)
    ]
    return Table(
        title=title,
        columns=tuple(columns[place] for place in used),
        entries=tuple(
            replace(entry, cells=tuple(values[line] for values in straight))
            for line, entry in enumerate(entries)
        ),
        wide=used.index(wide),
    )


def totals(rows: Iterable[Row], words: Words) -> tuple[Row, ...]:
    """Return rows of numbers that stand in line."""
    kept = filled(rows)
    values = aligned([each.value for each in kept], words.tables["numbers"]["decimal"])
    return tuple(replace(each, value=value) for each, value in zip(kept, values, strict=True))

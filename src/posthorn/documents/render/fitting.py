"""Cuts a view to what can be set on paper in seconds; what is cut is said, and is in the original.

A thousand lines take about 1.5 s and 250 MB; both grow in step with the lines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from posthorn.documents.render.view import Block, Entry, Key, Row, Sheet, Table, Value, View
from posthorn.documents.render.words import Words

MAX_ROWS: Final = 4_000  # lines of tables, each with the rows that explain it
_MAX_BLOCK: Final = 200  # lines, and rows, of one block; blocks of one sheet
_MAX_DETAILS: Final = 100  # of one line


def fitted(view: View, words: Words, max_rows: int = MAX_ROWS) -> View:
    """Return the view with no more rows than a PDF is made of in seconds."""
    left = max_rows
    sheets: list[Sheet] = []
    for sheet in view.sheets:
        if left <= 0:
            break
        fitting, left = _sheet(sheet, left, words)
        sheets.append(fitting)
    said = "" if len(sheets) == len(view.sheets) else words.label("sheets_left_out")
    origin = " ".join(filter(None, (view.origin, said)))
    return replace(view, origin=origin, sheets=tuple(sheets))


def _sheet(sheet: Sheet, left: int, words: Words) -> tuple[Sheet, int]:
    lines = None
    left -= 10  # a sheet without a line takes room too
    if sheet.lines:
        lines, left = _table(sheet.lines, left, words)
    tables = []
    for each in sheet.tables:
        table, left = _table(each, left, words)
        tables.append(table)
    fitting = replace(
        sheet,
        facts=_short(sheet.facts, _MAX_BLOCK),
        parties=_blocks(sheet.parties),
        key=_key(sheet.key),
        lines=lines,
        tables=tuple(tables),
        blocks=_blocks(sheet.blocks),
    )
    return fitting, left


def _table(table: Table, left: int, words: Words) -> tuple[Table, int]:
    kept: list[Entry] = []
    for entry in table.entries:
        if left <= 0:
            break
        kept.append(replace(entry, details=_short(entry.details, _MAX_DETAILS)))
        left -= 1 + len(kept[-1].details)
    if len(kept) == len(table.entries):
        return replace(table, entries=tuple(kept)), left
    places = {"first": str(len(kept) + 1), "last": str(len(table.entries))}
    note = words.label("lines_left_out", **places)
    return replace(table, entries=tuple(kept), note=note), left


def _short(rows: tuple[Row, ...], most: int) -> tuple[Row, ...]:
    return rows if len(rows) <= most else (*rows[:most], Row(label="", value=Value(text="…")))


def _few(lines: tuple[Value, ...]) -> tuple[Value, ...]:
    return lines if len(lines) <= _MAX_BLOCK else (*lines[:_MAX_BLOCK], Value(text="…"))


def _blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(
        replace(block, lines=_few(block.lines), rows=_short(block.rows, _MAX_BLOCK))
        for block in blocks[:_MAX_BLOCK]
    )


def _key(key: Key | None) -> Key | None:
    return None if key is None else replace(key, blocks=_blocks(key.blocks))

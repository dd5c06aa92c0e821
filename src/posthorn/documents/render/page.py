"""Writes a view as one web page: no scripts, nothing from elsewhere, nothing left unescaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from posthorn.documents.render.elements import (
    Markup,
    element,
    foreign,
    joined,
    quoted,
    style,
    text,
)
from posthorn.documents.render.view import (
    Block,
    Column,
    Entry,
    Key,
    Kind,
    Row,
    Sheet,
    Table,
    Value,
    View,
)
from posthorn.documents.render.words import Words, words_in

_FOLD: Final = 200  # lines of a table that are open; the rest is folded in portions of as many
_SHORT: Final = 24  # characters of a cell that are kept on one line
_ICONS: Final = {
    Kind.INVOICE: "M5 2h9l5 5v15H5zM14 2v5h5M8 12h8M8 16h8",
    Kind.CREDIT_NOTE: "M9 6 4 11l5 5M4 11h10a5 5 0 0 1 5 5v3",
    Kind.STATEMENT: "M3 9 12 3l9 6M4 21h16M6 10v8M10 10v8M14 10v8M18 10v8",
}
_NOTICE: Final = "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 11v5M12 7.5v.5"
_WARNING: Final = "M12 3 2 20h20zM12 10v4M12 16.5v.5"


def page(view: View) -> str:
    """Return a complete HTML page, for a frame without scripts or for a file."""
    words = words_in(view.language)
    tables = [table for sheet in view.sheets for table in _tables(sheet)]
    names = {id(table): f"t{place}" for place, table in enumerate(tables)}
    labels = "".join(_labels(names[id(table)], table.columns) for table in tables)
    heads = [" ".join(filter(None, (sheet.title, sheet.number))) for sheet in view.sheets[:1]]
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", text(" ".join(heads))),
        style(_sheet_of_styles() + labels),
    )
    body = element(
        "body",
        _banner(view),
        element("main", *(_article(sheet, view, names, words) for sheet in view.sheets)),
        class_=view.kind.replace("_", "-"),
    )
    return "<!doctype html>\n" + element("html", head, body, lang=view.language)


@cache
def _sheet_of_styles() -> str:
    return files("posthorn.documents.render").joinpath("page.css").read_text("utf-8")


def _labels(name: str, columns: Sequence[Column]) -> str:
    """Return rules that write a column's label beside each of its cells where there is no room."""
    return "".join(
        f".{name} td:nth-child({place})::before{{content:{quoted(column.label)}}}"
        for place, column in enumerate(columns, 1)
    )


def _tables(sheet: Sheet) -> list[Table]:
    return [table for table in (sheet.lines, *sheet.tables) if table]


def _icon(path: str) -> Markup:
    drawn = element("path", d=path)
    return element("svg", drawn, viewBox="0 0 24 24", aria_hidden="true", class_="icon")


def _banner(view: View) -> Markup:
    notices = [element("p", _icon(_NOTICE), text(view.origin), class_="origin")]
    if view.checks:
        said = [element("p", foreign(line.text)) for line in view.checks.lines]
        sign = _icon(_WARNING) if view.checks.is_warning else Markup("")
        title = element("h2", sign, text(view.checks.title))
        class_ = "checks warning" if view.checks.is_warning else "checks"
        notices.append(element("section", title, *said, class_=class_))
    return element("header", *notices, class_="banner")


def _article(sheet: Sheet, view: View, names: dict[int, str], words: Words) -> Markup:
    return element(
        "article",
        _top(sheet, view.kind),
        _parties([_block(block) for block in sheet.parties]),
        _key(sheet.key) if sheet.key else Markup(""),
        _table(sheet.lines, names, words) if sheet.lines else Markup(""),
        _sums(sheet, names, words),
        _group("blocks", [_block(block) for block in sheet.blocks]),
    )


def _top(sheet: Sheet, kind: Kind) -> Markup:
    title = element("span", _icon(_ICONS[kind]), text(sheet.title), class_="kind")
    number = foreign(sheet.number, class_="number") if sheet.number else Markup("")
    return element(
        "div",
        element("h1", title, text(" "), number),
        _rows(sheet.facts),
        class_="top",
    )


def _group(name: str, pieces: Sequence[Markup]) -> Markup:
    return element("div", *pieces, class_=name) if pieces else Markup("")


def _parties(blocks: Sequence[Markup]) -> Markup:
    """Return who sends on one side, whoever else is named on the other."""
    first, others = blocks[:1], blocks[1:]
    return _group("parties", [*first, _group("others", others)])


def _block(block: Block) -> Markup:
    lines = [
        element("p", _value(line), class_="name" if block.has_name and not place else "")
        for place, line in enumerate(block.lines)
    ]
    return element("section", element("h2", text(block.title)), *lines, _rows(block.rows))


def _rows(rows: Sequence[Row]) -> Markup:
    if not rows:
        return Markup("")
    return element("dl", *(_row(row) for row in rows))


def _row(row: Row) -> Markup:
    label = element("dt", text(row.label)) if row.label else Markup("")
    class_ = "" if row.label else "whole"
    # A value without a label is still one of a pair to a reader of the page aloud.
    label = label or element("dt", class_="none")
    return element("div", label, element("dd", _value(row.value)), class_=class_)


def _value(value: Value) -> Markup:
    code = element("span", foreign(value.code), class_="code") if value.code else Markup("")
    return joined((foreign(value.text), text(" ") if code else code, code))


def _number(value: Value) -> Markup:
    code = element("span", foreign(value.code), class_="code") if value.code else Markup("")
    pad = element("i", text(value.pad), aria_hidden="true") if value.pad else Markup("")
    return joined((code, text(" ") if code else code, text(value.text), pad))


def _key(key: Key) -> Markup:
    value = element("p", foreign(key.value.text), class_="sum") if key.value.text else Markup("")
    note = element("p", text(key.note), class_="note") if key.note else Markup("")
    main = element("div", element("h2", text(key.label)), value, note, class_="main")
    return element("section", main, *(_block(block) for block in key.blocks), class_="key")


def _table(table: Table, names: dict[int, str], words: Words) -> Markup:
    name = names[id(table)]
    first, *folded = _portions(table.entries)
    pieces = [_portion(table, first, name, table.title)]
    start = len(first)
    for entries in folded:
        place = {"first": str(start + 1), "last": str(start + len(entries))}
        title = words.label("more", **place)
        pieces.append(
            element(
                "details",
                element("summary", text(title)),
                _portion(table, entries, name, title),
            )
        )
        start += len(entries)
    return element("section", *pieces, class_="lines")


def _portions(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    for start in range(0, len(entries), _FOLD):
        yield entries[start : start + _FOLD]


def _portion(table: Table, entries: Sequence[Entry], name: str, title: str) -> Markup:
    heads = (
        element("th", text(column.label), scope="col", class_="num" if column.is_number else "")
        for column in table.columns
    )
    return element(
        "table",
        element("caption", text(title)),
        element("thead", element("tr", *heads)),
        element("tbody", *(_entry(entry, table) for entry in entries)),
        class_=name,
    )


def _entry(entry: Entry, table: Table) -> Markup:
    cells = (
        _cell(entry, place, column, is_wide=place == table.wide)
        for place, column in enumerate(table.columns)
    )
    return element("tr", *cells, class_="part" if entry.is_part else "")


def _cell(entry: Entry, place: int, column: Column, *, is_wide: bool) -> Markup:
    value = entry.cells[place]
    if is_wide:
        return element("td", _value(value), _rows(entry.details), class_="wide")
    names = {
        "num": column.is_number,
        "empty": not value.text,
        "long": len(value.text) + len(value.code) > _SHORT,
    }
    shown = _number(value) if column.is_number else _value(value)
    return element("td", shown, class_=" ".join(name for name, holds in names.items() if holds))


def _sums(sheet: Sheet, names: dict[int, str], words: Words) -> Markup:
    tables = [_table(table, names, words) for table in sheet.tables]
    pieces = [_group("breakdown", tables)] if tables else []
    if sheet.totals:
        caption = element("caption", text(sheet.totals_title))
        rows = element("tbody", *(_total(row) for row in sheet.totals))
        pieces.append(element("section", element("table", caption, rows), class_="totals"))
    return _group("sums", pieces)


def _total(row: Row) -> Markup:
    return element(
        "tr",
        element("th", text(row.label), scope="row"),
        element("td", _number(row.value), class_="num"),
        class_="strong" if row.is_strong else "",
    )

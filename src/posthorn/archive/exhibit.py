"""Draws a file for people to look at: its page, its XML in folds, and the files inside it.

Runs over hostile bytes, inside a process of its own; what it gives is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from posthorn.documents.errors import UnreadableError
from posthorn.documents.invoice import Invoice
from posthorn.documents.model import Format
from posthorn.documents.opening import Opened, open_inside
from posthorn.documents.reader import content_of
from posthorn.documents.render.page import page
from posthorn.documents.render.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from posthorn.documents.statements.model import StatementFile
    from posthorn.documents.xml import Element

MAX_XML: Final = 1024 * 1024  # characters of all folds
MAX_FILES: Final = 50
_MAX_VALUE: Final = 2_000  # characters of one value: a file in base64 says nothing to people
_MAX_SHORT: Final = 120  # characters of a value beside the name of its fold
_MAX_DEPTH: Final = 60
_INDENT: Final = "  "


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """One element right below the root: its name, its value where it is short, and its lines."""

    name: str
    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file inside the document; `place` counts from 0, size in bytes, None without content."""

    place: int
    name: str
    media_type: str
    description: str
    url: str
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """What there is to see of a file; `is_drawn` when it has a page of its own."""

    is_drawn: bool
    root: str = ""
    folds: tuple[Fold, ...] = ()
    is_cut: bool = False  # there is more XML than is shown
    files: tuple[Enclosure, ...] = ()


def exhibit(data: bytes) -> Exhibit:
    """Say what there is to see of a file; raises DocumentError where it cannot be read."""
    opened = open_inside(data)
    content = content_of(opened)
    folds, is_cut = _folds(opened)
    return Exhibit(
        is_drawn=content is not None,
        root=opened.root or "",
        folds=folds,
        is_cut=is_cut,
        files=_enclosures(content),
    )


def drawing(data: bytes, language: str) -> str:
    """Give a file's page alone; raises DocumentError where it cannot be read."""
    content = content_of(open_inside(data))
    return page(_view(content, language)) if content is not None else ""


def enclosed(data: bytes, place: int) -> tuple[str, str, bytes]:
    """Give name, media type and bytes of a file inside; raises DocumentError without one."""
    content = content_of(open_inside(data))
    files = content.attachments if isinstance(content, Invoice) else ()
    if place >= len(files) or files[place].content is None:
        raise UnreadableError("there is no such file inside")
    found = files[place]
    return _name(found.file_name or found.identifier), found.media_type or "", found.content or b""


def _view(content: Invoice | StatementFile, language: str) -> View:
    # Each is loaded when the first of its kind comes.
    if isinstance(content, Invoice):
        from posthorn.documents.render.invoices import view_of  # noqa: PLC0415

        return view_of(content, language)
    from posthorn.documents.render.statements import view_of_statement  # noqa: PLC0415

    return view_of_statement(content, language)


def _enclosures(content: Invoice | StatementFile | None) -> tuple[Enclosure, ...]:
    if not isinstance(content, Invoice):
        return ()
    return tuple(
        Enclosure(
            place=place,
            name=_name(each.file_name or each.identifier),
            media_type=_short(each.media_type),
            description=_short(each.description),
            url=_short(each.url),
            size=len(each.content) if each.content is not None else None,
        )
        for place, each in enumerate(content.attachments[:MAX_FILES])
    )


def _name(text: str | None) -> str:
    return _short(text).replace("\\", "/").rpartition("/")[2]


def _short(text: str | None) -> str:
    return (text or "")[:200]


def _folds(opened: Opened) -> tuple[tuple[Fold, ...], bool]:
    if opened.tree is None or opened.format is Format.XML:
        return (), False
    made, left = [], MAX_XML
    for each in opened.tree.root.children():
        text, is_whole = _written(each, left)
        made.append(Fold(name=each.name, value=_value(each, _MAX_SHORT), text=text))
        if not is_whole:
            return tuple(made), True
        left -= len(text)
    return tuple(made), False


def _written(element: Element, most: int) -> tuple[str, bool]:
    lines: list[str] = []
    for line in _lines(element, 0):
        most -= len(line) + 1
        if most < 0:
            return "\n".join([*lines, "…"]), False
        lines.append(line)
    return "\n".join(lines), True


def _lines(element: Element, depth: int) -> Iterator[str]:
    pad, head = _INDENT * depth, _head(element.name, element.attributes)
    if element.value is not None:
        yield f"{pad}<{head}>{_value(element, _MAX_VALUE)}</{element.name}>"
        return
    yield f"{pad}<{head}>"
    if depth < _MAX_DEPTH:
        for each in element.children():
            yield from _lines(each, depth + 1)
    yield f"{pad}</{element.name}>"


def _head(name: str, attributes: Mapping[str, str]) -> str:
    told = (f'{key}="{text[:_MAX_VALUE]}"' for key, text in attributes.items())
    return " ".join((name, *told))


def _value(element: Element, most: int) -> str:
    text = (element.value or "").strip()
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,})"

"""Writes a view as a PDF/A-3, the original file inside where it is wanted."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Final, cast

import typst

from posthorn.documents.render.fitting import fitted
from posthorn.documents.render.fonts import covered, fonts, plain
from posthorn.documents.render.view import View
from posthorn.documents.render.words import words_in

_STANDARDS: Final[list[typst.PDFStandard]] = ["a-3a", "ua-1"]
_SUBSTITUTE: Final = "□"
# Line feeds and the marks that this module itself sets around text from right to left.
_ALWAYS: Final = frozenset("\n\u2068\u2069")
_TYPESETTING: Final = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The file that a PDF is a picture of."""

    data: bytes
    name: str  # as the reader of the PDF saves it
    media_type: str = "text/xml"


_NOTHING: Final = Original(data=b"", name="", media_type="")


def paper(view: View, original: Original | None, made: datetime) -> bytes:
    """Return a PDF/A-3a that is also PDF/UA-1, always the same for the same arguments.

    `made` is aware: when the PDF is said to have been made. Without an original nothing is inside.
    """
    original = original or _NOTHING
    fitting = fitted(view, words_in(view.language))
    content = json.dumps(fitting, default=_plain, ensure_ascii=False)
    carried = {"name": original.name, "media": original.media_type, **_carried(original.data)}
    try:
        return _typeset(content, covered(), view.language, carried, made)
    except typst.TypstError:
        # A mark that no font has on just that letter: the standard forbids it, so it is boxed too.
        content = unicodedata.normalize("NFC", content)
        return _typeset(content, plain() | {_SUBSTITUTE}, view.language, carried, made)


def _typeset(
    content: str,
    signs: frozenset[str],
    language: str,
    carried: dict[str, str],
    made: datetime,
) -> bytes:
    words = words_in(language)
    shown, is_complete = _showable(content, signs)
    said = {
        "page": words.tables["labels"]["page_of"],
        "substituted": "" if is_complete else words.label("substituted"),
    }
    # One compiler is kept warm; it is not made for two threads.
    with _TYPESETTING:
        made_pdf = _compiler().compile(
            input=_source(),
            format="pdf",
            sys_inputs={"view": shown, "words": json.dumps(said), **carried},
            pdf_standards=_STANDARDS,
            timestamp=int(made.timestamp()),
        )
    return cast(bytes, made_pdf)  # a list comes of pictures alone, nothing of a file written


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=fonts(), ignore_system_fonts=True)


@cache
def _source() -> bytes:
    return files("posthorn.documents.render").joinpath("paper.typ").read_bytes()


def _plain(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in type(value).__slots__}  # type: ignore[attr-defined]  # every value of a view is a slotted dataclass


def _showable(text: str, signs: frozenset[str]) -> tuple[str, bool]:
    """Return the text with a box for each sign that no font has; whether there was none."""
    missing = set(text) - signs - _ALWAYS
    table = {ord(sign): _SUBSTITUTE for sign in missing}
    return text.translate(table), not missing


def _carried(data: bytes) -> dict[str, str]:
    """Return bytes as inputs, which are text: as they are where they are UTF-8, else as numbers."""
    try:
        return {"text": data.decode("utf-8"), "numbers": ""}
    except UnicodeDecodeError:
        return {"text": "", "numbers": json.dumps(list(data), separators=(",", ":"))}

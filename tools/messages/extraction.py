"""Finds the texts that people read: marked ones in Python, translated ones in templates."""

from __future__ import annotations

import ast
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.extract import extract
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "posthorn"
# A connector brings its words in four languages itself; a migration is never shown.
_ELSEWHERE = {"connectors", "migrations"}
_SUFFIXES = {".html", ".txt"}
# Which argument is what: 1 the text, 2 its plural, "c" the context.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "_": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Text:
    """One text to translate; `plural` is empty where it has one form."""

    singular: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> str:
        """Name it as gettext does: the context, an end-of-transmission character, the text."""
        return f"{self.context}\x04{self.singular}" if self.context else self.singular


class ExtractionError(Exception):
    """Mend the file that the message names."""


def python_files() -> list[Path]:
    """List the Python files whose texts are translated."""
    found = (path for path in SOURCE.rglob("*.py") if _is_ours(path))
    return sorted(found)


def template_files() -> list[Path]:
    """List the templates of pages and mails."""
    found = (path for path in SOURCE.rglob("templates/**/*") if path.suffix in _SUFFIXES)
    return sorted(path for path in found if _is_ours(path))


def _is_ours(path: Path) -> bool:
    return not _ELSEWHERE & set(path.relative_to(SOURCE).parts)


def all_texts() -> dict[Text, list[str]]:
    """Give every text with the files that have it. Raises ExtractionError."""
    found: dict[Text, list[str]] = {}
    for path in [*python_files(), *template_files()]:
        name = str(path.relative_to(ROOT))
        source = path.read_text("utf-8")
        texts = texts_of_python(source) if path.suffix == ".py" else texts_of_template(source, name)
        for text in texts:
            found.setdefault(text, []).append(name)
    _refuse_two_plurals(found)
    return {text: sorted(set(files)) for text, files in found.items()}


def _refuse_two_plurals(found: Iterable[Text]) -> None:
    plurals: dict[str, str] = {}
    for text in found:
        if plurals.setdefault(text.key, text.plural) != text.plural:
            message = f"{text.singular!r} stands with a plural and without, or with two plurals"
            raise ExtractionError(message)


def texts_of_python(source: str) -> Iterator[Text]:
    """Yield the texts that a Python file marks."""
    if "gettext" in source:
        yield from _extracted(source)


def texts_of_template(source: str, name: str) -> Iterator[Text]:
    """Yield the texts that a template translates. Raises ExtractionError."""
    try:
        calls = templatize(source, origin=name)
    except SyntaxError as error:
        raise ExtractionError(str(error)) from error
    # What is left of the markup is no Python: only its calls are read, each from its line's start.
    yield from _extracted("\n".join(line.strip() for line in calls.splitlines()))


def _extracted(source: str) -> Iterator[Text]:
    file = io.BytesIO(source.encode())
    for _, said, _, context in extract("python", file, keywords=KEYWORDS):
        singular, plural = said if isinstance(said, tuple) else (said, "")
        yield Text(singular=singular, plural=plural, context=context or "")


def built_texts(source: str) -> Iterator[int]:
    """Yield the lines where a text is put together before it is looked up, which finds nothing."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in KEYWORDS and any(map(_is_built, node.args)):
            yield node.lineno


def _is_built(argument: ast.expr) -> bool:
    is_joined = isinstance(argument, ast.JoinedStr | ast.BinOp)
    return is_joined or (isinstance(argument, ast.Call) and _is_format(argument))


def _is_format(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "format"

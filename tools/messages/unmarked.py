"""Finds words in templates that no translation reaches: text, attributes, arguments of tags."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from django.template.base import Lexer, Token, TokenType

if TYPE_CHECKING:
    from collections.abc import Iterator

# Stands for what a tag or a variable writes; no letter.
_WRITTEN = "\ufffc"
_ATTRIBUTES = {
    "title",
    "placeholder",
    "alt",
    "label",
    "summary",
    "aria-label",
    "aria-description",
    "aria-placeholder",
    "aria-roledescription",
    "aria-valuetext",
    "hx-confirm",
    "hx-prompt",
}
_BUTTONS = {"submit", "button", "reset"}
_SILENT = {"script", "style"}
_VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
}
# The product's name is the same everywhere.
_NAME = re.compile(r"\bPosthorn\b")
_STARTS = re.compile(r"^blocktrans(?:late)?\b")
_ENDS = re.compile(r"^endblocktrans(?:late)?$")
_TRANSLATED = re.compile(r"^trans(?:late)?\b")
_SKIPPED = {"comment": "endcomment"}
# These compare or name things; a word in them is not shown.
_CODE = {"load", "extends", "url", "static", "block", "endblock", "if", "elif", "ifchanged", "to"}
_CODE_FILTERS = re.compile(r"""\|(?:date|time):(?:"[^"]*"|'[^']*')""")
_MARKED = re.compile(r"""_\((?:"[^"]*"|'[^']*')\)""")
_LITERAL = re.compile(r"""(?:"([^"]*)"|'([^']*)')""")
_WORD = re.compile(r"[A-Z][a-z]+")


def unmarked_in(source: str, *, is_html: bool) -> list[tuple[int, str]]:
    """List the lines and words of a template that stand outside translations."""
    found: list[tuple[int, str]] = []
    markup = "".join(_markup(source, found))
    if is_html:
        reader = _Reader(found=found)
        reader.feed(markup)
        reader.close()
    else:
        lines = enumerate(markup.splitlines(), start=1)
        found += [(number, line.strip()) for number, line in lines if _has_words(line)]
    return sorted(found)


def _markup(source: str, found: list[tuple[int, str]]) -> Iterator[str]:
    until = ""
    for token in Lexer(source).tokenize():
        lines = "\n" * (token.contents.count("\n"))
        if until:
            until = "" if _is_end(token, until) else until
            yield lines
        elif token.token_type is TokenType.TEXT:
            yield token.contents
        elif token.token_type is TokenType.COMMENT:
            yield lines
        else:
            until = _end_of(token)
            found += [(token.lineno or 0, words) for words in _said_by(token)]
            yield _WRITTEN + lines


def _is_end(token: Token, until: str) -> bool:
    if token.token_type is not TokenType.BLOCK:
        return False
    return (
        bool(_ENDS.match(token.contents)) if until == "blocktranslate" else token.contents == until
    )


def _end_of(token: Token) -> str:
    if token.token_type is not TokenType.BLOCK:
        return ""
    if _STARTS.match(token.contents):
        return "blocktranslate"
    return _SKIPPED.get(token.contents.split(maxsplit=1)[0], "")


def _said_by(token: Token) -> Iterator[str]:
    """Yield words that a tag or a filter is given in plain, as in `with label="Save"`."""
    name = token.contents.split(maxsplit=1)[0] if token.contents.strip() else ""
    is_code = token.token_type is TokenType.BLOCK and name in _CODE
    if is_code or _TRANSLATED.match(name) or _STARTS.match(name):
        return
    rest = _MARKED.sub("", _CODE_FILTERS.sub("", token.contents))
    for first, second in _LITERAL.findall(rest):
        words = first or second
        if _WORD.search(_NAME.sub("", words)):
            yield words


def _has_words(text: str) -> bool:
    return any(char.isalpha() for char in _NAME.sub("", text))


@dataclass(slots=True)
class _Open:
    tag: str
    is_silent: bool


@dataclass
class _Reader(HTMLParser):
    """Reads markup; elements with `translate="no"` hold names, not words."""

    found: list[tuple[int, str]]
    opened: list[_Open] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element's attributes."""
        given = {name: value or "" for name, value in attrs}
        is_silent = self._is_silent or tag in _SILENT or given.get("translate") == "no"
        if not is_silent:
            self._look_at(tag, given)
        if tag not in _VOID:
            self.opened.append(_Open(tag, is_silent))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes of an element that closes itself, as in SVG."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.opened.pop()

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those in it that were not closed."""
        places = [place for place, one in enumerate(self.opened) if one.tag == tag]
        if places:
            del self.opened[places[-1] :]

    def handle_data(self, data: str) -> None:
        """Look at text."""
        if not self._is_silent:
            line = self.getpos()[0]
            for number, words in enumerate(data.split("\n")):
                if _has_words(words):
                    self.found.append((line + number, words.replace(_WRITTEN, "").strip()))

    @property
    def _is_silent(self) -> bool:
        return bool(self.opened) and self.opened[-1].is_silent

    def _look_at(self, tag: str, given: dict[str, str]) -> None:
        wanted = _ATTRIBUTES & set(given)
        if tag == "input" and given.get("type") in _BUTTONS:
            wanted.add("value")
        if tag == "meta" and given.get("name") == "description":
            wanted.add("content")
        for name in sorted(wanted):
            if _has_words(given[name]):
                words = given[name].replace(_WRITTEN, "").strip()
                self.found.append((self.getpos()[0], f'{name}="{words}"'))

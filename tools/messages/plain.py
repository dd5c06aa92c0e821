"""Finds sentences in the site's Python that stand outside the calls which translate."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tools.messages.extraction import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

_SENTENCE = re.compile(r"[A-Z][a-z]+ \S|[A-Z][a-z]+[.!?…]$")
_WORD = re.compile(r"[A-Z][a-z]+")
# A single word is a name as often as a word; given as one of these it is shown.
_SHOWN = {"label", "help_text", "empty_label", "placeholder", "title", "word", "text"}


def plain_in(source: str) -> list[tuple[int, str]]:
    """List the lines and words of sentences that nobody translates."""
    return sorted(_in(ast.parse(source)))


def _in(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
        return
    if isinstance(node, ast.keyword) and node.arg in _SHOWN:
        yield from _of(node.value, _WORD)
    for child in ast.iter_child_nodes(node):
        if not _is_silent(child):
            yield from _of(child, _SENTENCE)
            yield from _in(child)


def _of(node: ast.AST, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and pattern.match(node.value):
        yield node.lineno, node.value


def _is_silent(node: ast.AST) -> bool:
    """Tell a docstring and the like, which no page shows."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)

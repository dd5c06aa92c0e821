"""The sentences a person reads about a file, in four languages, kept as data beside the code.

A catalogue is a TOML file with one table for each code and in it one template for each language:
`{name}` stands for a value of the finding. Every table begins with its code in brackets on a line
of its own, and no text does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("nl", "fr", "en", "de")
_HERE: Final = Path(__file__).parent
_FOLDERS: Final = ("checks/sentences", "statements", "convert")
_TABLE: Final = re.compile(r'^\["?([\w.-]+)"?\]$', re.MULTILINE)
_MAX_VALUE: Final = 120  # characters of a value that a sentence quotes


class _Values(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


def sentence(code: str, language: str, values: Mapping[str, str]) -> str:
    """Return a code's sentence; in English where the language is none of ours.

    A code without a sentence of its own has that of its family: UBL-CR-001 that of UBL-CR. A code
    without either is given as it is.
    """
    named = next((name for name in (code, code.rpartition("-")[0]) if name in _tables()), None)
    if named is None:
        return code
    known = _templates(named)
    template = known.get(language) or known["en"]
    return template.format_map(_Values({name: _short(text) for name, text in values.items()}))


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return every code's sentences by language, read once."""
    return {code: _templates(code) for code in _tables()}


@cache
def _templates(code: str) -> Mapping[str, str]:
    import tomllib  # noqa: PLC0415  # a valid document needs no sentence

    templates: Mapping[str, str] = tomllib.loads(_tables()[code])
    return templates


@cache
def _tables() -> Mapping[str, str]:
    """Return every code's table as it is written; to parse them all takes longer than a check."""
    found: dict[str, str] = {}
    for folder in _FOLDERS:
        for file in sorted(_HERE.joinpath(folder).glob("*.toml")):
            _, *parts = _TABLE.split(file.read_text("utf-8"))
            found.update(zip(parts[::2], parts[1::2], strict=True))
    return found


def _short(text: str) -> str:
    shown = " ".join("".join(char for char in text if char.isprintable()).split())
    return shown if len(shown) <= _MAX_VALUE else shown[: _MAX_VALUE - 1] + "…"

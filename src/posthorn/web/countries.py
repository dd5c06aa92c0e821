"""Names countries in the language of the page, and offers them to choose from."""

from __future__ import annotations

from typing import Final

from posthorn.archive.search import folded
from posthorn.documents.countries import country_names
from posthorn.web.languages import language

_NEAR: Final = ("BE", "NL", "LU", "FR", "DE")
"""Where most clients are: offered before the others."""


def country_name(code: str) -> str:
    """Name a country by its two letters; letters that no country has stand for themselves."""
    return country_names(language()).get(code, code)


def countries() -> list[tuple[str, str]]:
    """Give code and name of every country to choose from, those nearby first, then by name."""
    names = country_names(language())
    others = sorted(names.keys() - set(_NEAR), key=lambda code: folded(names[code]))
    return [(code, names[code]) for code in (*_NEAR, *others)]

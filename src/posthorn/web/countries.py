"""Names countries in the language of the page, after ISO 3166-1."""

from __future__ import annotations

from functools import lru_cache
from gettext import translation
from typing import TYPE_CHECKING, Final

import pycountry

from posthorn.archive.search import folded
from posthorn.web.languages import language

if TYPE_CHECKING:
    from collections.abc import Mapping

_NEAR: Final = ("BE", "NL", "LU", "FR", "DE")
"""Where most clients are: offered before the others."""


def country_name(code: str) -> str:
    """Name a country by its two letters; letters that no country has stand for themselves."""
    return _names(language()).get(code, code)


def countries() -> list[tuple[str, str]]:
    """Give code and name of every country to choose from, those nearby first, then by name."""
    names = _names(language())
    others = sorted(names.keys() - set(_NEAR), key=lambda code: folded(names[code]))
    return [(code, names[code]) for code in (*_NEAR, *others)]


@lru_cache(maxsize=8)
def _names(code_of_language: str) -> Mapping[str, str]:
    # English has no catalogue: its names are the ones that are translated.
    words = translation(
        "iso3166-1", pycountry.LOCALES_DIR, languages=[code_of_language], fallback=True
    )
    return {one.alpha_2: words.gettext(_short(one)) for one in pycountry.countries}


def _short(country: object) -> str:
    """Give the name that people use: Taiwan, not the one of the standard."""
    return str(getattr(country, "common_name", "") or getattr(country, "name", ""))

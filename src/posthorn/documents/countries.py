"""Names countries in four languages, after ISO 3166-1."""

from __future__ import annotations

from functools import cache
from gettext import translation
from typing import TYPE_CHECKING

import pycountry

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def country_names(language: str) -> Mapping[str, str]:
    """Give the name of each country in nl, fr, en or de by its two letters."""
    # English has no catalogue: its names are the ones that are translated.
    words = translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
    return {one.alpha_2: words.gettext(_short(one)) for one in pycountry.countries}


def _short(country: object) -> str:
    """Give the name that people use: Taiwan, not the one of the standard."""
    return str(getattr(country, "common_name", "") or getattr(country, "name", ""))

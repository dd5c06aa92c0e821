"""What a rendered document says in its own voice, in four languages, kept as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from posthorn.documents.countries import country_names
from posthorn.documents.sentences import LANGUAGES

_FALLBACK: Final = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language."""

    language: str
    tables: Mapping[str, Mapping[str, str]]

    def label(self, name: str, **values: str) -> str:
        """Return a label, its `{places}` filled; raises KeyError for one that is not known."""
        template = self.tables["labels"][name]
        return template.format(**values) if values else template

    def meaning(self, table: str, code: str | None) -> str | None:
        """Return what a code of a list means; None where the short list does not have it."""
        return self.tables[table].get(code) if code else None


@cache
def words_in(language: str) -> Words:
    """Return the words of nl, fr, en or de; English for any other language."""
    known = language if language in LANGUAGES else _FALLBACK
    source = files("posthorn.documents.render").joinpath("words", f"{known}.toml")
    tables = tomllib.loads(source.read_text("utf-8"))
    return Words(language=known, tables={**tables, "country": country_names(known)})

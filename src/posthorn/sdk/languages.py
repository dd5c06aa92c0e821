"""The languages every text a connector shows must exist in."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("nl", "fr", "en", "de")

Words = Mapping[str, str]


def words(*, nl: str, fr: str, en: str, de: str) -> Words:
    """Return one text in the four languages, keyed by language code."""
    return {"nl": nl, "fr": fr, "en": en, "de": de}


def same_words(text: str) -> Words:
    """Return a text that reads the same in every language (a name, an abbreviation)."""
    return dict.fromkeys(LANGUAGES, text)


def languages_missing(text: Words) -> tuple[str, ...]:
    """Return the languages in which a text is absent or blank, in the fixed order."""
    return tuple(language for language in LANGUAGES if not text.get(language, "").strip())

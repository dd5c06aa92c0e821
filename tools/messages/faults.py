"""Finds what is wrong with a translation: figures lost, tags lost, an ending that differs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tools.messages.catalogues import LANGUAGES
from tools.messages.extraction import ROOT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from tools.messages.catalogues import Forms
    from tools.messages.extraction import Text

SAME = ROOT / "tools" / "messages" / "same.tsv"
_PLACEHOLDER = re.compile(
    r"%\(\w+\)[#0 +-]*[\d.]*[a-zA-Z]|%[#0+-]*[\d.]*[a-zA-Z]|%%|\{\w*(?:[:!][^{}]*)?\}"
)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_ENDINGS = ".:?!…,;"
# French puts a space before these that must not end a line.
_LOOSE = re.compile(r"[ \t](?=[:;?!»](?:\s|$|<))|(?<=«)[ \t]")
_NO_BREAK = "\u00a0"


def same_words() -> dict[str, frozenset[str]]:
    """Give, for each language, the texts that are rightly the same as in English."""
    rows = [line.split("\t") for line in SAME.read_text("utf-8").splitlines() if line.strip()]
    return {
        language: frozenset(text for whose, text in rows if whose in {language, "*"})
        for language in LANGUAGES
    }


def tidied(language: str, said: str) -> str:
    """Put the spaces that must not break where French has them."""
    return _LOOSE.sub(_NO_BREAK, said) if language == "fr" else said


def faults_of(language: str, text: Text, said: Forms, same: Collection[str] = ()) -> Iterator[str]:
    """Yield what is wrong with one translation; nothing for one that is not there."""
    if not any(said):
        return
    if not all(said):
        yield "one of its forms is empty"
        return
    originals = (text.singular, text.plural) if text.plural else (text.singular,)
    for number, form in enumerate(said):
        yield from _of_form(originals[number], form, is_one=bool(text.plural) and number == 0)
        if tidied(language, form) != form:
            yield "a space before : ; ? or ! may break: French needs U+00A0 there"
    if said == originals and text.singular not in same and _has_words(text.singular):
        yield "is the same as in English; when it must be, list it in tools/messages/same.tsv"


def _of_form(original: str, form: str, *, is_one: bool) -> Iterator[str]:
    if not _fits(original, form, is_one=is_one):
        wanted = _found(_PLACEHOLDER, original)
        yield f"its placeholders are {_found(_PLACEHOLDER, form)}, not {wanted}"
    if _found(_TAG, form) != _found(_TAG, original):
        yield f"its tags are {_found(_TAG, form)}, not {_found(_TAG, original)}"
    if _margins(form) != _margins(original):
        yield "the space at its ends differs"
    if _ending(form) != _ending(original):
        yield f"ends with {_ending(form)!r}, not {_ending(original)!r}"


def _fits(original: str, form: str, *, is_one: bool) -> bool:
    wanted, given = _found(_PLACEHOLDER, original), _found(_PLACEHOLDER, form)
    # Where there is one, a language may say the word or write the figure; so may English.
    return given == wanted or (
        is_one and set(given) <= set(wanted) and len(wanted) - len(given) == 1
    )


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return sorted(pattern.findall(text))


def _margins(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _ending(text: str) -> str:
    last = text.rstrip()[-1:]
    return last if last in _ENDINGS else ""


def _has_words(text: str) -> bool:
    bare = _TAG.sub("", _PLACEHOLDER.sub("", text))
    return any(char.isalpha() for char in bare)


def tell(language: str, forms: Mapping[Text, Forms]) -> list[str]:
    """Give a line for each fault of a language's translations."""
    same = same_words()[language]
    return [
        f"{language}: {text.singular!r}: {fault}"
        for text, said in forms.items()
        for fault in faults_of(language, text, said, same)
    ]

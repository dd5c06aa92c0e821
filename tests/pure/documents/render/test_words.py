from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from posthorn.documents import render
from posthorn.documents.render.words import words_in
from posthorn.documents.sentences import LANGUAGES

CODE = Path(render.__file__).parent


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_with_the_same_places(language: str) -> None:
    english = words_in("en").tables
    words = words_in(language).tables

    assert {name: set(table) for name, table in words.items()} == {
        name: set(table) for name, table in english.items()
    }
    assert [
        (name, key)
        for name, table in english.items()
        for key, template in table.items()
        if not words[name][key].strip() and words[name][key] != "\u202f"
        if name != "numbers"
    ] == []
    assert [
        key
        for key, template in english["labels"].items()
        if places(template) != places(words["labels"][key])
    ] == []


def test_code_asks_for_every_word_and_for_no_other() -> None:
    code = "\n".join(path.read_text("utf-8") for path in CODE.glob("*.py"))
    quoted = set(re.findall(r'"(\w+)"', code))

    asked = set(re.findall(r'words\.label\(\s*"(\w+)"', code))
    known = set(words_in("en").tables["labels"])

    assert asked - known == set()
    assert known - quoted == set()


def test_unknown_language_is_answered_in_english() -> None:
    assert words_in("xx") is not words_in("en")
    assert (words_in("xx").language, words_in("xx").label("invoice")) == ("en", "Invoice")


def test_code_outside_the_short_list_has_no_meaning() -> None:
    words = words_in("nl")

    assert words.meaning("unit", "HUR") == "uur"
    assert words.meaning("unit", "4K") is None
    assert words.meaning("unit", None) is None

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from posthorn.documents import convert
from posthorn.documents.convert import Change, FieldError
from posthorn.documents.sentences import LANGUAGES

FOLDER = Path(convert.__file__).parent
TABLES = sorted(FOLDER.glob("*.toml"))
SENTENCES = {
    code: sentences
    for table in TABLES
    for code, sentences in tomllib.loads(table.read_text("utf-8")).items()
}
USED = {
    code
    for module in FOLDER.glob("*.py")
    for code in re.findall(r'"((?:CONVERT|FORM)-[A-Z-]+)"', module.read_text("utf-8"))
}


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    spoken = {code for code in SENTENCES if not code.startswith("CONVERT-MISSING-")}

    assert spoken == USED


def test_every_missing_term_has_a_sentence() -> None:
    terms = set(re.findall(r'"(B[TG]-\d+)"', (FOLDER / "missing.py").read_text("utf-8")))

    spoken = {code.removeprefix("CONVERT-MISSING-") for code in SENTENCES if "MISSING-B" in code}
    assert spoken == terms


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_sentence_stands_in_each_language_with_the_same_values(code: str) -> None:
    sentences = SENTENCES[code]

    assert set(sentences) == set(LANGUAGES)
    values = {language: set(re.findall(r"\{\w+\}", text)) for language, text in sentences.items()}
    assert values["nl"] == values["fr"] == values["en"] == values["de"]


def test_change_speaks_with_its_values() -> None:
    change = Change(code="CONVERT-PDF", before="factur-x.xml")

    assert change.message("nl") == "De factuur is uit de pdf gehaald (factur-x.xml)."


def test_change_without_a_value_shows_a_dash() -> None:
    change = Change(code="CONVERT-PROCESS", path="BT-23", after="x")

    assert change.message() == "The business process is now x (it was —)."


def test_field_speaks_with_its_value() -> None:
    error = FieldError(field="payable", code="FORM-TOTAL", value="61.47")

    assert error.message("fr") == ("Les lignes et la TVA donnent 61.47 ; comparez avec le PDF.")

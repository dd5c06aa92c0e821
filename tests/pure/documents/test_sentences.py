from __future__ import annotations

import tomllib
from pathlib import Path

import posthorn.documents
from posthorn.documents.sentences import catalogue, sentence

FOLDERS = ("checks/sentences", "statements", "convert")


def test_sentences_cut_out_one_by_one_are_those_of_the_whole_files() -> None:
    package = Path(posthorn.documents.__file__).parent
    whole = {
        code: sentences
        for folder in FOLDERS
        for file in package.joinpath(folder).glob("*.toml")
        for code, sentences in tomllib.loads(file.read_text("utf-8")).items()
    }

    assert catalogue() == whole


def test_code_without_a_sentence_is_given_as_it_is() -> None:
    assert sentence("NO-SUCH-CODE", "en", {}) == "NO-SUCH-CODE"


def test_code_without_a_sentence_of_its_own_has_that_of_its_family() -> None:
    assert sentence("UBL-CR-001", "de", {}) == sentence("UBL-CR", "de", {})

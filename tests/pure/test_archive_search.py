from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.archive.search import MAX_WORD, folded, search_text, tsquery, words_of


def document(**values: object) -> SimpleNamespace:
    blank = dict.fromkeys(
        ("number", "seller_name", "buyer_name", "file_name", "seller_number", "buyer_number"), ""
    )
    return SimpleNamespace(**{**blank, "account": "", "sha256": "ab12", "total": None, **values})


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Café MÜLLER", "cafe muller"),
        ("Løvenskiold Straße", "lovenskiold strasse"),
        ("ŁÓDŹ", "lodz"),
        ("ﬁnance", "finance"),
    ],
)
def test_case_and_accents_do_not_count(text: str, plain: str) -> None:
    assert folded(text) == plain


def test_a_word_is_kept_whole_and_in_parts() -> None:
    assert words_of("INV-2026/117 x") == ["inv2026117", "inv", "2026", "117", "x"]


def test_a_document_is_found_by_all_it_is_known_by_each_word_once() -> None:
    row = document(
        number="2026/117",
        seller_name="Café Maes",
        seller_number="BE0417497106",
        file_name="maes.xml",
        total=Decimal("-1234.500000"),
    )

    assert search_text(row) == (
        "ab12 2026117 2026 117 1234.50 be0417497106 0417497106 cafe maes maesxml xml"
    )


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("Café", "('cafe':*)"),
        ("x", "('x')"),
        ("2026/117", "('2026117':* | ('2026' & '117':*))"),
        ("1.234,50", "('123450':* | ('1' & '234' & '50':*) | '1234.50':*)"),
        ("be maes", "('be':*) & ('maes':*)"),
        ("' & !", ""),
        ("", ""),
    ],
)
def test_typed_words_begin_words_of_the_document(typed: str, query: str) -> None:
    assert tsquery(typed) == query


@given(st.text())
def test_whatever_is_typed_only_letters_and_digits_stand_between_quotes(typed: str) -> None:
    quoted = tsquery(typed).split("'")[1::2]
    assert all(word.replace(".", "").isalnum() for word in quoted)
    assert all(len(word) <= MAX_WORD * 2 for word in quoted)


@given(st.text(), st.text())
def test_the_words_of_a_document_are_parted_by_one_blank(number: str, name: str) -> None:
    text = search_text(document(number=number, buyer_name=name))
    assert text.split(" ") == text.split()
    assert len(text.split()) == len(set(text.split()))

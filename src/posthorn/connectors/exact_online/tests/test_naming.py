"""Subjects carry number, other side and key; file names are plain; whatever the document says."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.connectors.exact_online.naming import counterparty, stem_of, subject_of, tag_of
from posthorn.connectors.exact_online.tests.offices import INVOICE, KEY, TAG
from posthorn.sdk import Kind

_STEM = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*-[0-9a-f]{8}")


def test_subject_says_number_other_side_and_key() -> None:
    assert subject_of("2026-00417", "Acme NV", KEY) == f"2026-00417 Acme NV {TAG}"


def test_subject_without_facts_is_the_key_alone() -> None:
    assert subject_of("", "", KEY) == TAG


def test_long_facts_are_cut_and_the_key_stays_whole() -> None:
    subject = subject_of("9" * 400, "Bouwbedrijf " * 40, KEY)

    assert subject == f"{'9' * 24} Bouwbedrijf Bouw {TAG}"
    assert len(subject) == 60


def test_other_scripts_stay_as_they_are() -> None:
    assert subject_of("1", "北京五金 Café", KEY) == f"1 北京五金 Café {TAG}"


def test_key_is_twelve_characters_of_its_digest() -> None:
    assert tag_of(KEY) == TAG
    assert len({tag_of(str(number)) for number in range(5_000)}) == 5_000


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_facts_make_one_line_of_at_most_sixty_characters(number: str, party: str) -> None:
    subject = subject_of(number, party, KEY)

    assert len(subject) == len(subject.encode("utf-16-le")) // 2 <= 60
    assert subject.endswith(TAG)
    assert subject == " ".join(subject.split())
    assert not re.search(r"[\x00-\x1f\x7f-\x9f<>\u202e\u200b]", subject)


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_any_facts_make_a_plain_file_name(number: str, party: str, file_name: str) -> None:
    document = replace(INVOICE, number=number, seller_name=party, file_name=file_name)

    stem = stem_of(document)

    assert _STEM.fullmatch(stem)
    assert len(stem) <= 60


@pytest.mark.parametrize(
    ("kind", "name"),
    [(Kind.PURCHASE, INVOICE.seller_name), (Kind.SALES, INVOICE.buyer_name)],
)
def test_other_side_is_the_one_that_is_not_the_client(kind: Kind, name: str) -> None:
    assert counterparty(replace(INVOICE, kind=kind)) == name

"""Spoiled files of every kind for a few seconds; `make soak` takes twenty minutes for each."""

from __future__ import annotations

import random

import pytest

from tests.soak.fuzz import KINDS, fuzz
from tests.soak.spoiling import seeds, spoiled

SECONDS = 3


@pytest.mark.parametrize("kind", KINDS)
def test_spoiled_files_end_in_a_verdict_or_in_a_refusal_with_a_name(kind: str) -> None:
    found = fuzz(kind, SECONDS, seed=1)

    assert found.complaints == {}
    assert found.documents > 30
    assert 0 < found.refused < found.documents


@pytest.mark.parametrize("kind", KINDS)
def test_spoiling_is_the_same_for_the_same_seed(kind: str) -> None:
    good = seeds(kind)

    first, again = (spoiled(kind, good, random.Random(5)) for _ in range(2))  # noqa: S311

    assert first == again
    assert first not in good

"""The table of labels and the pages it quotes say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reference.labels import Label, read_labels

PAGES = Path(__file__).parents[3] / "shared" / "reference"
LABELS = read_labels()


def test_each_step_of_a_page_stands_once() -> None:
    steps = [(one.page, one.step) for one in LABELS]

    assert len(steps) == 34
    assert sorted(steps) == sorted(set(steps))


@pytest.mark.skipif(not PAGES.is_dir(), reason="The reference pages are not on this machine.")
@pytest.mark.parametrize("label", LABELS, ids=lambda one: f"{one.page}-{one.step}")
def test_every_quote_stands_on_its_page(label: Label) -> None:
    page = " ".join((PAGES / f"{label.page}.txt").read_text("utf-8").split())

    assert label.quote.casefold() in page.casefold()

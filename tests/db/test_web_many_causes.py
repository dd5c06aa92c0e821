"""What stands still for many reasons at once is shown in part, with the way to all of it."""

from __future__ import annotations

import pytest

from tests.db.web_desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    for number in range(12):
        made.delivery(state="refused", code=f"mail.5{number:02}")
    return made


def test_the_overview_shows_ten_causes_and_leads_to_the_others(desk: Desk) -> None:
    page = desk.read("")

    assert page.count("Who must act:") == 10
    assert "Show 2 more causes" in page


def test_a_list_of_all_deliveries_shows_ten_causes_and_leads_to_the_others(desk: Desk) -> None:
    page = desk.read("deliveries/")
    every = desk.read("deliveries/", state="attention")

    assert page.count('data-label="Who must act"') == 10
    assert f'href="{desk.base}/deliveries/?state=attention"' in page
    assert "Show 2 more causes" in page
    assert every.count('data-label="Who must act"') == 12
    assert "more cause" not in every


def test_of_very_many_causes_the_list_of_what_stands_still_shows_forty_first(desk: Desk) -> None:
    for number in range(12, 42):
        desk.delivery(state="refused", code=f"mail.5{number:02}")

    first = desk.read("deliveries/", state="attention")
    every = desk.read("deliveries/", state="attention", causes="all")

    assert first.count('data-label="Who must act"') == 40
    assert f'href="{desk.base}/deliveries/?state=attention&amp;causes=all"' in first
    assert "Show 2 more causes" in first
    assert every.count('data-label="Who must act"') == 42
    assert "more cause" not in every

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.web.charts import HEIGHT, Block, Column, Mark, stacked, top_of


def column(good: int, wait: int = 0, bad: int = 0) -> Column:
    return Column(told="1 May", numbers={"good": good, "wait": wait, "bad": bad})


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 2), (1, 2), (2, 2), (3, 4), (10, 10), (11, 20), (61, 80), (100, 100), (1001, 2000)],
)
def test_scale_ends_at_a_round_even_number(highest: int, top: int) -> None:
    assert top_of(highest) == top


def test_bars_share_one_scale_and_stack_upwards() -> None:
    chart = stacked([column(50, 25, 25), column(50)])

    assert chart.marks == (Mark(number=100, y=12), Mark(number=50, y=116), Mark(number=0, y=220))
    assert chart.bars[0].blocks == (
        Block(tone="good", y=116, height=104),
        Block(tone="wait", y=64, height=52),
        Block(tone="bad", y=12, height=52),
    )
    assert chart.bars[1].blocks == (Block(tone="good", y=116, height=104),)
    assert [(bar.left, bar.x, bar.width) for bar in chart.bars] == [(0, 75, 450), (600, 675, 450)]


def test_one_refusal_among_thousands_is_still_seen() -> None:
    (bar,) = stacked([column(4000, 0, 1)]).bars

    assert [(block.tone, block.height) for block in bar.blocks] == [("good", 138), ("bad", 4)]


def test_days_without_anything_have_no_blocks() -> None:
    assert [bar.blocks for bar in stacked([column(0)] * 30).bars] == [()] * 30


def test_no_columns_make_an_empty_plane() -> None:
    chart = stacked([])

    assert (chart.width, chart.bars) == (1200, ())


@given(st.lists(st.tuples(*[st.integers(0, 10**7)] * 3), min_size=1, max_size=31))
def test_nothing_leaves_the_plane(numbers: list[tuple[int, int, int]]) -> None:
    chart = stacked([column(*one) for one in numbers])

    for bar in chart.bars:
        assert 0 <= bar.left <= bar.x
        assert bar.x + bar.width <= bar.left + bar.wide <= chart.width
        edges = [HEIGHT, *(block.y for block in bar.blocks)]
        assert edges == sorted(edges, reverse=True)
        assert edges[-1] >= 0

"""Lays stacked bars out on a plane for a page to draw; pure, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

WIDTH = 1200
HEIGHT = 220
_HEAD = 12  # what the least heights may add stays inside
_LEAST = 4  # one among thousands is still seen
_BAR = 3, 4  # how much of its column a bar takes
_STEPS = (2, 4, 6, 8, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What one bar stands for, in words, and the number of each tone, the lowest first."""

    told: str
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One part of a bar; `y` is its upper edge."""

    tone: str
    y: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar; `left` and `wide` are the column around it, which people point at."""

    x: int
    width: int
    left: int
    wide: int
    told: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A line across the chart and the number it stands for."""

    number: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars and marks on a plane of `width` by `height`; the highest mark comes first."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


def stacked(columns: Sequence[Column]) -> Chart:
    """Lay out bars of equal width from left to right, all on one scale that begins at zero."""
    top = top_of(max((sum(one.numbers.values()) for one in columns), default=0))
    wide = WIDTH // max(len(columns), 1)
    width = wide * _BAR[0] // _BAR[1]
    bars = tuple(
        Bar(
            x=number * wide + (wide - width) // 2,
            width=width,
            left=number * wide,
            wide=wide,
            told=column.told,
            blocks=tuple(_blocks(column.numbers, top)),
        )
        for number, column in enumerate(columns)
    )
    marks = tuple(Mark(number=one, y=HEIGHT - _high(one, top)) for one in (top, top // 2, 0))
    return Chart(width=wide * max(len(columns), 1), height=HEIGHT, bars=bars, marks=marks)


def top_of(highest: int) -> int:
    """Give the round, even number at which a scale ends: 2, 4, 6, 8, 10, 20, 40, 60 and so on."""
    size = 1
    while highest > _STEPS[-1] * size:
        size *= 10
    return next(step * size for step in _STEPS if step * size >= highest)


def _high(number: int, top: int) -> int:
    return number * (HEIGHT - _HEAD) // top


def _blocks(numbers: Mapping[str, int], top: int) -> Iterator[Block]:
    y = HEIGHT
    for tone, number in numbers.items():
        if number:
            height = max(_high(number, top), _LEAST)
            y -= height
            yield Block(tone=tone, y=y, height=height)

"""One measured figure, and the table and file of all of them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value beside what it is measured against; `met` says whether the bar was reached.

    `ratio` is value / against; `bar` and `goal` are its lower bounds, upper ones where `is_limit`.
    """

    name: str
    value: float
    unit: str
    against: float
    peer: str
    bar: float
    goal: float
    is_limit: bool = False

    @property
    def ratio(self) -> float:
        """The value as a part of the peer's, or of the limit."""
        return self.value / self.against if self.against else 0.0

    @property
    def met(self) -> bool:
        """Whether the bar was reached."""
        return self.ratio <= self.bar if self.is_limit else self.ratio >= self.bar

    def as_json(self) -> dict[str, object]:
        """Give the line of build/bench.json."""
        kept = asdict(self)
        return {
            "name": kept["name"],
            "value": round(self.value, 3),
            "unit": kept["unit"],
            "against": {"what": self.peer, "value": round(self.against, 3)},
            "ratio": round(self.ratio, 3),
            "goal": {"bar": self.bar, "goal": self.goal, "is_limit": self.is_limit},
            "met": self.met,
        }


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the table."""
    table = Table(title="Posthorn, measured")
    for heading in ("figure", "value", "against", "ratio", "bar", "goal", "met"):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for one in figures:
        sign = "≤" if one.is_limit else "≥"
        table.add_row(
            one.name,
            f"{one.value:,.1f} {one.unit}",
            f"{one.against:,.1f} ({one.peer})",
            f"{one.ratio:.2f}",
            f"{sign} {one.bar:g}",
            f"{sign} {one.goal:g}",
            "yes" if one.met else "NO",
        )
    console.print(table)


def save(figures: Sequence[Figure], path: Path) -> None:
    """Write all figures as one JSON list."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([one.as_json() for one in figures], indent=2) + "\n")

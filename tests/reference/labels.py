"""Reads labels.tsv: each label that the reference pages quote, by page and step."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("labels.tsv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One label: our accessible name, the screen and kind of thing, and the page's own words."""

    page: str
    step: str
    label: str
    where: str
    kind: str
    quote: str


def read_labels() -> tuple[Label, ...]:
    """Read every row, in the order of the file."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Label(**row) for row in csv.DictReader(file, delimiter="\t"))


def labels_of(page: str) -> dict[str, str]:
    """Give the labels of one page by step."""
    return {one.step: one.label for one in read_labels() if one.page == page}

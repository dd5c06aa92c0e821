"""Each fault of Exact Online that must be survived has a test by name, and its figures a task."""

from __future__ import annotations

import ast
import csv
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "tests" / "reference" / "faults.tsv"
SOAK = (ROOT / "tests" / "soak" / "__main__.py").read_text("utf-8")
FAULTS = [f"F{number}" for number in range(49, 61)]


def rows() -> list[dict[str, str]]:
    with TABLE.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_fault_of_the_package_has_a_test() -> None:
    assert {row["fault"] for row in rows()} == {*FAULTS, "B119"}


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['fault']}-{row['test']}")
def test_the_test_of_a_fault_is_there(row: dict[str, str]) -> None:
    assert row["test"] in names_in(row["file"])


@pytest.mark.parametrize("fault", ["F49", "F50", "F55", "F56", "F60"])
def test_a_fault_with_a_large_figure_is_a_task_of_the_long_run(fault: str) -> None:
    assert f"({fault})" in SOAK

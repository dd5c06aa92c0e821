"""The kit runs as a command, for an installed package and for the folder one stands in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXACT = "posthorn.connectors.exact_online"
QUICK = "--no-types"
CASE = """
from tests.kit.case import DaybookCase
from mine import Mine

class TestMine(DaybookCase):
    connector = Mine
    package = "PACKAGE"
"""
SOURCE = """
from dataclasses import replace
from tests.kit.daybook import SPEC, Daybook

class Mine(Daybook):
    spec = replace(SPEC, name="Mine", version="VERSION")
"""


def kit(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """Run the kit as an author does, in a process of its own; return its end and what it said."""
    ended = subprocess.run(  # noqa: S603  our own Python
        [sys.executable, "-m", "posthorn.sdk.testing", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, (ended.stdout + ended.stderr).splitlines()


def package_in(folder: Path, version: str, package: str = "tests.kit.daybook") -> Path:
    (folder / "src").mkdir()
    (folder / "tests").mkdir()
    (folder / "src" / "mine.py").write_text(SOURCE.replace("VERSION", version))
    (folder / "tests" / "test_conformance.py").write_text(CASE.replace("PACKAGE", package))
    return folder


def test_built_in_connector_is_tried_by_its_name(tmp_path: Path) -> None:
    code, said = kit(tmp_path, EXACT, QUICK)

    assert (code, said[0], len(said)) == (0, "Exact Online 0.1.0", 34)
    assert [line for line in said[1:] if not line.startswith("  ok   ")] == [
        "  skip test_no_secret_leaks: the connector declares no secret",
        "  31 passed, 0 failed, 1 skipped",
    ]


def test_connector_is_tried_in_the_folder_of_its_author(tmp_path: Path) -> None:
    code, said = kit(package_in(tmp_path, "1.0.0"), "mine", QUICK)

    assert (code, said[0]) == (0, "Mine 1.0.0")
    assert said[-1] == "  31 passed, 0 failed, 1 skipped"


def test_failing_connector_ends_with_one_and_says_why(tmp_path: Path) -> None:
    code, said = kit(package_in(tmp_path, "first"), "mine", QUICK)

    assert code == 1
    assert [line for line in said[1:] if line.startswith("  FAIL")] == [
        "  FAIL test_spec_is_complete: the declaration: version 'first' is not of the form 1.2.3"
    ]


def test_loose_types_are_told_by_mypy_and_by_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "src" / "mine_texts"
    package_in(tmp_path, "1.0.0", "mine_texts")
    shutil.copytree(ROOT / "tests" / "kit" / "daybook", folder)
    for path in folder.glob("*.py"):
        path.unlink()
    (folder / "__init__.py").write_text("def loose(x):\n    return x\n")

    code, said = kit(tmp_path, "mine")

    failed = [line for line in said if line.startswith("  FAIL")]
    assert code == 1
    assert len(failed) == 1
    assert failed[0].startswith("  FAIL types_are_strict: ")
    assert "Function is missing a type annotation" in failed[0]


def test_what_a_release_prepares_is_kept_beside_the_case(tmp_path: Path) -> None:
    code, said = kit(package_in(tmp_path, "1.0.0"), "mine", "--keep")

    names = sorted(path.name for path in (tmp_path / "tests" / "kept").iterdir())
    assert (code, len(said)) == (0, 4)
    assert names == [
        "1.0.0-0-purchase.json",
        "1.0.0-1-statement.json",
        "1.0.0-2-purchase.json",
        "1.0.0-3-purchase.json",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "usage: python -m posthorn.sdk.testing PACKAGE [--keep] [--no-types]"),
        (("nowhere",), "there is neither an installed package with a case nor "),
        (("../nowhere",), "'../nowhere' is not the name of a package"),
    ],
)
def test_missing_package_ends_with_two(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    code, said = kit(tmp_path, *arguments)

    assert code == 2
    assert said[0].startswith(message)


def test_case_of_another_package_ends_with_two(tmp_path: Path) -> None:
    code, said = kit(package_in(tmp_path, "1.0.0"), "yours", QUICK)

    assert code == 2
    assert said[0].endswith("has no Conformance class for yours")

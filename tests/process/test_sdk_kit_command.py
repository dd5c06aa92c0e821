"""The kit runs as a command, for an installed package and for the folder one stands in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EMAIL = "posthorn.connectors.email_delivery"
CASE = """
from posthorn.sdk.testing import Conformance
from tests.kit.ledger import LedgerPackage
from mine import Mine

class TestMine(Conformance):
    connector = Mine
    fake = LedgerPackage
    settings = {"api_key": "s3cret-of-the-firm"}
"""
SOURCE = """
from dataclasses import replace
from tests.kit.ledger import SPEC, Ledger

class Mine(Ledger):
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


def package_in(folder: Path, version: str) -> Path:
    (folder / "src").mkdir()
    (folder / "tests").mkdir()
    (folder / "src" / "mine.py").write_text(SOURCE.replace("VERSION", version))
    (folder / "tests" / "test_conformance.py").write_text(CASE)
    return folder


def test_built_in_connector_is_tried_by_its_name(tmp_path: Path) -> None:
    code, said = kit(tmp_path, EMAIL)

    assert (code, said[0], len(said)) == (0, "Email Delivery 0.1.0", 13)
    assert {line[:7] for line in said[1:]} == {"  ok   "}


def test_connector_is_tried_in_the_folder_of_its_author(tmp_path: Path) -> None:
    code, said = kit(package_in(tmp_path, "1.0.0"), "mine")

    assert (code, said[0], len(said)) == (0, "Mine 1.0.0", 13)


def test_failing_connector_ends_with_one_and_says_why(tmp_path: Path) -> None:
    code, said = kit(package_in(tmp_path, "first"), "mine")

    assert code == 1
    assert [line for line in said[1:] if not line.startswith("  ok")] == [
        "  FAIL test_spec_is_complete: the declaration: version 'first' is not of the form 1.2.3"
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "usage: python -m posthorn.sdk.testing PACKAGE"),
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
    code, said = kit(package_in(tmp_path, "1.0.0"), "yours")

    assert code == 2
    assert said[0].endswith("has no Conformance class for yours")

"""The connector to copy works under whatever name it is copied to."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from posthorn.sdk import LANGUAGES, error_texts
from posthorn.sdk.testing.cases import cases_of
from posthorn.sdk.testing.trials import Verdict, promises_of, run

EXAMPLE = Path(__file__).parents[2] / "examples" / "connector"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name = "posthorn_kasboek"
    shutil.copytree(EXAMPLE, tmp_path / name)
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    for module in [one for one in sys.modules if one.startswith(name)]:
        del sys.modules[module]


def test_copied_connector_keeps_every_promise(package: str) -> None:
    (case,) = cases_of(package)

    found = list(run(case))

    assert [one for one in found if one.verdict is Verdict.FAILED] == []
    # What it does not declare cannot be tried.
    assert {one.why for one in found if one.verdict is Verdict.SKIPPED} == {
        "nobody signs in to this package",
        "the connector declares no look-up",
        "the connector declares no setting to be looked up",
        "the connector declares no status",
    }
    assert sum(one.verdict is Verdict.PASSED for one in found) == len(promises_of(case)) - 4


def test_copied_connector_explains_every_code_it_raises(package: str) -> None:
    source = (EXAMPLE / "connector.py").read_text("utf-8")
    raised = set(
        re.findall(r'(?:Rejected|Misconfigured|Lost|Unavailable|Uncertain)\("(\w+)"', source)
    )

    assert set(error_texts(package)) == raised | {"rate_limited"}


def test_example_has_help_in_every_language() -> None:
    headings = [
        len(re.findall(r"^## ", (EXAMPLE / f"help.{one}.md").read_text("utf-8"), re.MULTILINE))
        for one in LANGUAGES
    ]

    assert headings == [5, 5, 5, 5]

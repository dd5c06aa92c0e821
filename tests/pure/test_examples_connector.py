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
from posthorn.sdk.testing.trials import Result, Verdict, promises_of, run

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

    assert list(run(case)) == [
        Result(test=name, verdict=Verdict.PASSED) for name in promises_of(case)
    ]
    assert len(promises_of(case)) == 12


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

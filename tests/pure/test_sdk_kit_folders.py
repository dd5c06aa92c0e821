"""A connector whose files are at fault is caught by the one test of the kit that reads them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from posthorn.sdk.testing.trials import Verdict, run
from tests.kit.case import case_for
from tests.kit.daybook import Daybook

GOOD = Path(__file__).parents[1] / "kit" / "daybook"
HELP = "test_help_and_logo_are_there"
SOURCES = "test_sources_leave_waiting_and_calling_to_the_engine"
CODES = "test_every_code_is_explained"

Change = Callable[[Path], object]


def write(name: str, text: str) -> Change:
    return lambda folder: (folder / name).write_text(text)


def source(text: str) -> Change:
    return write("more.py", text)


def logo(inside: str) -> Change:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">{inside}</svg>'
    return write("logo.svg", svg)


def without(name: str) -> Change:
    return lambda folder: (folder / name).unlink()


def without_code(code: str) -> Change:
    def cut(folder: Path) -> None:
        texts = folder / "errors.toml"
        texts.write_text(texts.read_text().replace(f"[{code}]", f"[{code}_no_longer]"))

    return cut


FAULTS: dict[str, tuple[str, Change]] = {
    "no French help": (HELP, without("help.fr.md")),
    "half a German help": (HELP, write("help.de.md", "# Daybook\n\n## Grenzen\n")),
    "a help without a title": (HELP, write("help.nl.md", "Grenzen\n\n## a\n\n## b\n")),
    "no logo": (HELP, without("logo.svg")),
    "a logo that is no picture": (HELP, write("logo.svg", "PNG")),
    "a logo with a script": (HELP, logo("<script>alert(1)</script>")),
    "a logo that acts": (HELP, logo('<rect onload="x()"/>')),
    "a logo that fetches": (HELP, logo('<use href="https://elsewhere.example/#x"/>')),
    "sources that sleep": (SOURCES, source("import time\n\ntime.sleep(1)\n")),
    "sources with a thread": (SOURCES, source("from threading import Thread\n\nThread()\n")),
    "sources with Django": (SOURCES, source("import django\n\ndjango.setup()\n")),
    "sources with a line of their own": (SOURCES, source("import http.client\n")),
    "sources that reach into Posthorn": (
        SOURCES,
        source("from posthorn.delivery import engine\n\nengine\n"),
    ),
    "no texts": (CODES, without("errors.toml")),
    "texts in three languages": (
        CODES,
        write("errors.toml", '[x]\nsentence = { nl = "x" }\nadvice = { nl = "x" }\n'),
    ),
    "a code nobody explained": (CODES, without_code("too_large")),
    "a shown code nobody explained": (CODES, without_code("no_company")),
    "a status nobody explained": (
        CODES,
        source(
            "from posthorn.sdk import RemoteState, RemoteStatus\n\n"
            'SEEN = RemoteStatus(state=RemoteState.RECEIVED, code="seen_by_nobody")\n'
        ),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faulty_folder_fails_its_test_alone(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, change = FAULTS[fault]
    package = f"daybook_{abs(hash(fault))}"
    folder = tmp_path / package
    shutil.copytree(GOOD, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "__init__.py").write_text("")
    for path in folder.glob("*.py"):
        path.write_text(path.read_text().replace("tests.kit.daybook", package))
    change(folder)
    monkeypatch.syspath_prepend(tmp_path)

    results = run(case_for(Daybook, package))

    assert [one.test for one in results if one.verdict is Verdict.FAILED] == [name]


def test_untouched_folder_passes() -> None:
    results = list(run(case_for(Daybook)))

    assert [one.test for one in results if one.verdict is Verdict.FAILED] == []

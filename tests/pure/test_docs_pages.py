"""Compares the pages that people wrote with what there is: files, commands, settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from posthorn.cli.main import app_for
from posthorn.project.variables import SETTINGS
from tools.docs.command_line_page import commands

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"\bposthorn((?: [a-z][a-z-]*)+)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
VARIABLE = re.compile(r"\bPOSTHORN_[A-Z0-9_]+")
OF_THE_TESTS = {"POSTHORN_TEST_POSTGRES_BIN"}


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    targets = LINK.findall(page.read_text("utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_in_a_page_exists(page: Path) -> None:
    known = [full.split()[1:] for full, _ in commands(app_for())]
    code = " ".join(CODE.findall(page.read_text("utf-8")))
    said = [found.split() for found in COMMAND.findall(code)]

    missing = [" ".join(words) for words in said if not any(fits(words, one) for one in known)]
    assert missing == []


def fits(words: list[str], command: list[str]) -> bool:
    """Say whether the words are a command, a noun of one, or a command with arguments behind it."""
    shorter = min(len(words), len(command))
    return words[:shorter] == command[:shorter]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_setting_in_a_page_exists(page: Path) -> None:
    known = OF_THE_TESTS | {one.variable for one in SETTINGS}
    known |= {f"{one.variable}_FILE" for one in SETTINGS if one.is_secret}
    said = set(VARIABLE.findall(page.read_text("utf-8"))) - {"POSTHORN_"}

    assert sorted(said - known) == []

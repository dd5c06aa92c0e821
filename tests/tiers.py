"""Sorts tests into tiers by folder, keeps each to its sockets, prints its time and its budget."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from xdist.scheduler import (  # type: ignore[import-untyped]  # xdist carries no types
    LoadGroupScheduling,
)

if TYPE_CHECKING:
    from xdist.remote import Producer  # type: ignore[import-untyped]  # as above

ROOT = Path(__file__).parent.parent
# Seconds of the clock on two cores, in the order in which the tiers run; a quarter to a half above
# what they took last: pure 25, documents 22, db 222, process 399, browser 218.
BUDGETS = {"pure": 40, "documents": 30, "db": 280, "process": 500, "browser": 280}
# The e-invoice core has more tests than everything else, all of them pure.
_FOLDERS = {tier: ROOT / "tests" / tier for tier in BUDGETS} | {
    "documents": ROOT / "tests" / "pure" / "documents"
}
_WITHOUT_SOCKETS = ("pure", "documents")
_GROUP = re.compile(r'xdist_group\("([^"]+)"\)')
LOOPBACK = ["127.0.0.1", "::1", "localhost"]


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one tier came to so far; times in seconds since the epoch."""

    outcomes: Counter[str] = field(default_factory=Counter)
    first: float = float("inf")
    last: float = 0.0

    def add(self, report: pytest.TestReport) -> None:
        """Count one phase of one test: the call, or a set-up that skipped or broke."""
        self.first = min(self.first, report.start)
        self.last = max(self.last, report.stop)
        if report.when == "call" or not report.passed:
            self.outcomes[report.outcome] += 1


_TALLIES = pytest.StashKey[dict[str, Tally]]()


def tier_of(path: Path) -> str:
    """Give the tier of a test file: its folder under tests/; a connector's own tests are pure."""
    if path.is_relative_to(_FOLDERS["documents"]):
        return "documents"
    parts = path.relative_to(ROOT).parts if path.is_relative_to(ROOT) else ()
    named = [part for part in parts if part in BUDGETS]
    return named[0] if named else "pure"


def line_of(tier: str, tally: Tally) -> str:
    """Give a tier's line of the closing table."""
    counts = ", ".join(f"{number} {outcome}" for outcome, number in sorted(tally.outcomes.items()))
    spent = max(tally.last - tally.first, 0.0)
    late = "  OVER BUDGET" if spent > BUDGETS[tier] else ""
    return f"{tier:<9}{spent:7.1f} s of {BUDGETS[tier]:3} s  {counts}{late}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--tier NAME`; empty runs them all."""
    parser.addoption("--tier", default="", choices=["", *BUDGETS], help="run one tier alone")


def pytest_configure(config: pytest.Config) -> None:
    """Register the tiers' markers; a slow machine is no reason for an example to fail."""
    os.environ["LC_ALL"] = "C.UTF-8"  # commands speak the language of the terminal
    _keep_compiled()
    settings.register_profile("posthorn", deadline=None)
    settings.load_profile("posthorn")
    config.stash[_TALLIES] = {}
    for tier in BUDGETS:
        config.addinivalue_line("markers", f"{tier}: set by the folder the test lies in")


def _keep_compiled() -> None:
    """Let workers and commands keep what they compile; a start compiles 1,200 files otherwise."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the other tiers' folders, so that their fixtures never start."""
    wanted = config.getoption("--tier")
    if not wanted or collection_path not in _FOLDERS.values():
        return None
    return None if _FOLDERS[wanted].is_relative_to(collection_path) else True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark each test with its tier and order the tiers; inside a tier the order stays random."""
    order = list(BUDGETS)
    for item in items:
        _mark(item, tier_of(item.path))
    items.sort(key=lambda item: order.index(tier_of(item.path)))
    wanted = config.getoption("--tier")
    others = [item for item in items if wanted and tier_of(item.path) != wanted]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if tier_of(item.path) == wanted]


def _mark(item: pytest.Item, tier: str) -> None:
    item.add_marker(tier)
    item.user_properties.append(("tier", tier))
    if tier in _WITHOUT_SOCKETS:
        item.add_marker(pytest.mark.disable_socket)
    else:
        item.add_marker(pytest.mark.allow_hosts(LOOPBACK))


@cache
def group_of(path: Path) -> str | None:
    """Give the group whose tests one worker runs, so that they start what they share once.

    A browser test has none: with one laboratory alone the other worker would be idle.
    """
    if tier_of(path) == "browser":
        return None
    found = _GROUP.search(path.read_text("utf-8"))
    return found.group(1) if found else None


class Groups(LoadGroupScheduling):  # type: ignore[misc]  # as above
    """Hands out tests by the group their file names: pytest 9.2 no longer sees xdist 3.8's own."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(ROOT / nodeid.partition("::")[0]) or nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Groups | None:
    """Keep groups together where `--dist loadgroup` asks for it."""
    return Groups(config, log) if config.getoption("dist") == "loadgroup" else None


class Clock:
    """Adds up the tiers in the process that prints the summary."""

    def __init__(self, config: pytest.Config) -> None:
        self._tallies = config.stash[_TALLIES]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a report, from this process or from a worker of it."""
        tier = dict(report.user_properties).get("tier")
        if isinstance(tier, str):
            self._tallies.setdefault(tier, Tally()).add(report)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print a line for each tier that ran."""
        terminalreporter.section("time by tier")
        for tier in BUDGETS:
            if tier in self._tallies:
                terminalreporter.line(line_of(tier, self._tallies[tier]))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start counting, except in a worker process."""
    if not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(Clock(session.config))

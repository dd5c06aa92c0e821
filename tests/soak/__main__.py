"""`python -m tests.soak`: the long figures, written to build/soak.json; ends with 0 or 1."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from rich.console import Console
from rich.table import Table

from tests.crash import exact as exact_stage
from tests.crash.kills import Order, run
from tests.crash.oracle import Judgement
from tests.database import ROOT
from tests.soak import exact, faults, limits, memory, outage, tokens
from tests.soak.fuzz import KINDS, Fuzzed, fuzz
from tests.soak.rules import Compared, compare_rules

if TYPE_CHECKING:
    from collections.abc import Callable

PLACE = ROOT / "build" / "soak.json"
_KILLS_A_RUN = 1_000
_FUZZ_S = 1_200
_LOST = "Exact Online, every answer lost"
Judged: TypeAlias = (
    Judgement
    | Fuzzed
    | Compared
    | exact_stage.Judged
    | limits.Limited
    | memory.Measured
    | outage.Outage
    | tokens.Killed
    | tokens.Renewed
)


def kill_workers(times: int, seed: int) -> Judgement:
    """Kill workers at random moments."""
    return run(Order(kills=times, seed=seed)).judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One fault, how often (or how many seconds) in all and in one run on a fresh database."""

    name: str
    times: int
    do: Callable[[int, int], Judged]
    at_once: int = _KILLS_A_RUN


TASKS = (
    Task(name="worker killed (F01)", times=10_000, do=kill_workers),
    Task(name="worker told to stop (F04)", times=200, do=faults.stop_workers),
    Task(name="worker frozen past its lease (F05)", times=100, do=faults.freeze_workers),
    Task(name="database server killed (F17)", times=100, do=faults.kill_servers),
    Task(name="database lines cut (F18)", times=3_000, do=faults.cut_lines, at_once=3_000),
    Task(name="line reset within the content (F36)", times=1_000, do=faults.break_lines),
    Task(name="reply to the dot lost (F37)", times=1_000, do=faults.lose_replies),
    Task(name="relay takes two connections (F48)", times=1_000, do=faults.crowd_relay),
    *(
        Task(name=f"{_LOST}, {way} (F56)", times=1_000, do=partial(exact.lose_every_answer, way))
        for way in exact.EVERY_CALL
    ),
    Task(name="Exact Online, some answers lost (F56)", times=600, do=exact.lose_some_answers),
    Task(name="Exact Online, worker killed (F03)", times=500, do=exact.kill_workers),
    Task(name="Exact Online, 50 calls at expiry (F49)", times=20, do=tokens.expire_at_once),
    Task(
        name="Exact Online, killed with tokens (F50)",
        times=200,
        do=tokens.kill_with_tokens,
        at_once=15,  # what a sign-in asks of no administration has 60 calls a minute for all
    ),
    Task(
        name="Exact Online, real limits (F55)",
        times=6_000,
        do=limits.keep_usual_limits,
        at_once=6_000,
    ),
    Task(name="Exact Online, limits and PDF (F55)", times=600, do=limits.keep_limits_with_pdf),
    Task(
        name="Exact Online, down for six hours (F60)",
        times=10_000,
        do=outage.go_down,
        at_once=10_000,
    ),
    Task(name="memory of one worker", times=2_000, do=memory.serve_many, at_once=2_000),
    Task(name="rules against the official ones", times=5_000, do=compare_rules, at_once=5_000),
    *(
        Task(
            name=f"spoiled {kind}, seconds", times=_FUZZ_S, do=partial(fuzz, kind), at_once=_FUZZ_S
        )
        for kind in KINDS
    ),
)


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a part of a task's name, such as F17")
    parser.add_argument("--share", type=float, default=1.0, help="of the full number of times")
    given = parser.parse_args(arguments)
    console = Console()
    table = Table(title=f"Soak, seed {given.seed}")
    for column in ("fault", "times", "documents", "copies", "wrong", "seconds"):
        table.add_column(column, justify="left" if column == "fault" else "right")
    found = []
    for task in (task for task in TASKS if given.only in task.name):
        outcome = carry_out(task, given.seed, given.share)
        found.append(outcome)
        write(found, given.seed)  # a run of hours that is cut short keeps what it has
        wrong = ", ".join(f"{name} {count}" for name, count in outcome.complaints.items())
        shown = (outcome.times, outcome.total["documents"], outcome.total.get("copies", 0))
        table.add_row(task.name, *map(str, shown), wrong or "0", str(outcome.seconds))
    console.print(table)
    return 1 if any(outcome.complaints for outcome in found) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A task's figures, added up over its runs; `complaints` names those that should be 0."""

    name: str
    times: int
    seconds: float
    total: dict[str, int]
    complaints: dict[str, int]


def carry_out(task: Task, seed: int, share: float) -> Outcome:
    """Do a task in runs of their own."""
    began = time.monotonic()
    left = times = max(1, round(task.times * share))
    total: dict[str, int] = {}
    complaints: dict[str, int] = {}
    while left > 0:
        judgement = task.do(min(left, task.at_once), seed + left)
        left -= task.at_once
        for figures, into in ((asdict(judgement), total), (judgement.complaints, complaints)):
            for name, value in figures.items():
                into[name] = into.get(name, 0) + value
    seconds = round(time.monotonic() - began, 1)
    return Outcome(name=task.name, times=times, seconds=seconds, total=total, complaints=complaints)


def write(found: list[Outcome], seed: int) -> None:
    """Keep the figures beside the commit they belong to."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"],  # noqa: S607  # the developer's own git
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    ).stdout.strip()
    at = datetime.now(UTC).isoformat(timespec="seconds")
    PLACE.parent.mkdir(exist_ok=True)
    content = {
        "commit": commit,
        "seed": seed,
        "at": at,
        "figures": [asdict(each) for each in found],
    }
    PLACE.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())

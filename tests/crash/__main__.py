"""`python -m tests.crash --kills 1000`: prints what was lost or doubled; ends with 0 or 1."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.crash.kills import Order, Result, run

ROWS = (
    ("kills", "kills"),
    ("documents released", "documents"),
    ("never sent", "never_sent"),
    ("shown as accepted but not sent", "shown_but_not_sent"),
    ("stuck", "stuck"),
    ("not in a final state", "not_final"),
    ("extra copies", "copies"),
    ("extra copies without a flag", "copies_without_flag"),
    ("copies that differ", "copies_that_differ"),
    ("mails nobody released", "strangers"),
    ("sends in flight at the kills", "in_flight"),
    ("attempts shown as unknown", "unknown_attempts"),
    ("audit problems", "audit_problems"),
    ("seconds", "seconds"),
)


def main(arguments: list[str] | None = None) -> int:
    """Run the suite as asked; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--lanes", type=int, default=48)
    parser.add_argument("--seed", type=int, default=1, help="of the moments and the sink's waits")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    order = Order(kills=given.kills, lanes=given.lanes, seed=given.seed)
    console = Console()
    with Progress(console=console, disable=given.json or not console.is_terminal) as progress:
        task = progress.add_task("killing workers", total=order.kills)
        result = run(order, lambda done: progress.update(task, completed=done))
    if given.json:
        sys.stdout.write(json.dumps(figures_of(result)) + "\n")
    else:
        console.print(table_of(result))
    return 1 if result.judgement.complaints else 0


def figures_of(result: Result) -> dict[str, float]:
    """Give the figures of a run by name."""
    return {
        "kills": result.order.kills,
        "seed": result.order.seed,
        "seconds": round(result.seconds, 1),
        **asdict(result.judgement),
    }


def table_of(result: Result) -> Table:
    """Show a run; what should be 0 and is not stands in red."""
    table = Table(title=f"SIGKILL of a worker at random moments, seed {result.order.seed}")
    table.add_column("")
    table.add_column("figure", justify="right")
    figures = figures_of(result)
    for label, name in ROWS:
        is_wrong = name in result.judgement.complaints
        table.add_row(label, f"{figures[name]:,}", style="bold red" if is_wrong else None)
    return table


if __name__ == "__main__":
    sys.exit(main())

"""`doctor`: looks at everything an operator can put right, and says how."""

from __future__ import annotations

from dataclasses import asdict

import typer

from posthorn.cli.command import plain
from posthorn.cli.desk import Desk
from posthorn.cli.errors import PartlyDoneError


def register(app: typer.Typer) -> None:
    """Put the command under `posthorn` itself."""
    plain(app, "doctor")(doctor)


def doctor(desk: Desk) -> None:
    """Look at database, keys, data folder, relay, connectors, workers and clocks.

    Each line is a numbered finding; what is wrong comes with the fix. Ends with 0 or 6.
    """
    from posthorn.cli.examination import examine  # noqa: PLC0415  # the help page needs none of it

    findings = examine(desk.runtime)
    rows = [{"number": number, **asdict(one)} for number, one in enumerate(findings, start=1)]
    desk.output.rows(rows, ("number", "is_well", "subject", "found", "fix"))
    wrong = sum(not one.is_well for one in findings)
    if wrong:
        message = f"{wrong} of {len(findings)} findings need somebody; the list says what to do."
        raise PartlyDoneError(message)

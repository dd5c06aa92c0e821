"""`audit`: who did what, and the proof that nobody changed it afterwards."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from posthorn.cli.command import group, in_firm, on_database
from posthorn.cli.desk import Desk, FirmDesk
from posthorn.cli.errors import PartlyDoneError, UsageError
from posthorn.cli.lookups import uuid_of

noun = group("audit", "Who did what, and the proof that nobody changed it afterwards.")


@in_firm(noun, "list")
def list_(
    desk: FirmDesk,
    *,
    subject: Annotated[str, typer.Option(help="Id of a document, delivery, client, …")] = "",
    action: Annotated[str, typer.Option(help="Beginning of an action, such as delivery.")] = "",
    actor: Annotated[str, typer.Option(help="Who did it.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest first.")] = 50,
) -> None:
    """List the firm's audit trail, the newest entry first."""
    from posthorn.tenancy.scope import acting  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.trail import TrailFilter, trail_of  # noqa: PLC0415

    wanted = TrailFilter(
        subject=uuid_of(subject, "doc") if subject else None, action=action, actor=actor
    )
    with acting(desk.firm):
        rows = [asdict(line) for line in trail_of(desk.firm, wanted, limit=limit)]
    desk.output.rows(rows, ("at", "actor", "action", "subject_kind", "subject", "detail"))


@on_database(noun, "verify")
def verify(
    desk: Desk,
    *,
    expect: Annotated[
        list[str] | None,
        typer.Option(help="A head of an earlier check that must still be there: FIRM=HEAD."),
    ] = None,
) -> None:
    """Recompute every firm's chain; finds changed, removed, added and reordered entries.

    Keep the heads it gives elsewhere: given to a later check, they show a trail that was cut off.
    """
    from posthorn.tenancy import audit  # noqa: PLC0415  # needs Django

    verdict = audit.verify(_expected(expect or []))
    desk.output.record(
        {
            "is_whole": not verdict.problems,
            "entries": verdict.entries,
            "seals": verdict.seals,
            "unsealed": verdict.unsealed,
            "heads": dict(verdict.heads),
            "problems": list(verdict.problems),
        }
    )
    if verdict.problems:
        message = f"The audit trail was tampered with: {len(verdict.problems)} problems."
        raise PartlyDoneError(message)


def _expected(texts: list[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        firm, sign, head = text.partition("=")
        if not sign or not head:
            message = f"--expect {text!r}: write FIRM=HEAD, as `posthorn audit verify` gives them."
            raise UsageError(message)
        found[firm] = head
    return found


@on_database(noun, "seal")
def seal(desk: Desk) -> None:
    """Seal what was written since; workers do so every ten seconds."""
    from posthorn.tenancy import audit  # noqa: PLC0415  # needs Django

    sealed = 0
    while count := audit.seal():
        sealed += count
    desk.output.done(f"{sealed} entries were sealed.", {"sealed": sealed})

"""`bounces`: takes in what comes back by mail, and shows what found no delivery."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posthorn.cli.command import group, on_database, plain
from posthorn.cli.desk import Desk
from posthorn.cli.errors import NothingFoundError
from posthorn.cli.lookups import one_of, uuid_of

if TYPE_CHECKING:
    from posthorn.delivery.queries.letters import LetterRow

noun = group("bounces", "What comes back by mail after it was accepted.")
_MOST_BYTES = 32 * 1024 * 1024

WithParent = Annotated[
    bool,
    typer.Option(
        "--with-parent", hidden=True, help="End when standard input closes: its parent has gone."
    ),
]


@plain(noun, "listen")
def listen(desk: Desk, *, with_parent: WithParent = False) -> None:
    """Take bounces in until Ctrl-C or SIGTERM. `serve` does it too.

    Over LMTP or SMTP (POSTHORN_BOUNCE_LISTEN), and from a mailbox (POSTHORN_BOUNCE_MAILBOX).
    """
    desk.runtime.run_bounces(with_parent=with_parent)


@on_database(noun, "list")
def list_(
    desk: Desk,
    *,
    state: Annotated[
        str, typer.Option(help="waiting, matched, unmatched, ignored or broken; empty is all.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest first.")] = 50,
) -> None:
    """List what came back, the newest first; `unmatched` is what no delivery could be found for."""
    from posthorn.delivery.mail_states import LetterState  # noqa: PLC0415  # needs Django
    from posthorn.delivery.queries.letters import list_letters  # noqa: PLC0415

    wanted = one_of(LetterState, state, "state") if state else None
    rows = [_record(one) for one in list_letters(state=wanted, limit=limit)]
    desk.output.rows(rows, ("arrived_at", "state", "nature", "note", "subject", "id"))


@on_database(noun, "show")
def show(
    desk: Desk, letter: Annotated[str, typer.Argument(help="Id, as the list shows it.")]
) -> None:
    """Show one mail that came back, with its source as safe text."""
    from posthorn.delivery.queries.letters import open_letter  # noqa: PLC0415  # needs Django

    found = open_letter(uuid_of(letter, "letter"))
    if found is None:
        raise NothingFoundError(f"There is no letter {letter}: `posthorn bounces list` shows them.")
    desk.output.record({**_record(found), "text": found.text})


@on_database(noun, "take")
def take(
    desk: Desk,
    file: Annotated[str, typer.Argument(help="A mail as a file; - reads standard input.")] = "-",
    *,
    recipient: Annotated[
        str, typer.Option(help="Address it came to; its headers say it when this is empty.")
    ] = "",
) -> None:
    """Take in one mail and settle it: for a mail server that pipes, and to try it out."""
    from posthorn.delivery.bounces.keeping import addressed_to, keep  # noqa: PLC0415  # Django
    from posthorn.delivery.bounces.settling import settle_due  # noqa: PLC0415

    raw = sys.stdin.buffer.read(_MOST_BYTES) if file == "-" else Path(file).read_bytes()
    recipients = [recipient] if recipient else addressed_to(raw)
    is_new = keep(raw, source="file", sender=None, recipients=recipients)
    settle_due()
    said = "It is kept." if is_new else "It was kept before."
    desk.output.done(f"{said} `posthorn bounces list` shows it.", {"is_new": is_new})


def _record(row: LetterRow) -> dict[str, object]:
    record = {**asdict(row), "recipients": ", ".join(row.recipients), "state": row.state.value}
    del record["text"]
    return record

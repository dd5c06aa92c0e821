"""Shows what the demonstration came to: mailboxes, what did not go and why, and how to look on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.cli import output as out
from posthorn.cli.demo.exact import PASSWORD, USER
from posthorn.cli.demo.mailboxes import mailbox, per_mailbox
from posthorn.cli.demo.outcomes import stopped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posthorn.cli.demo.exact import Administration, Booked
    from posthorn.cli.demo.firm import DemoFirm
    from posthorn.cli.demo.mailboxes import Mail
    from posthorn.cli.demo.outcomes import Outcome
    from posthorn.cli.demo.place import Place
    from posthorn.cli.demo.samples import SampleClient
    from posthorn.cli.output import Output


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What the stand-ins hold: mails, test mails apart, and the documents of administrations."""

    mails: Sequence[Mail]
    tests: Sequence[Mail]
    booked: Sequence[Booked]
    administrations: Sequence[Administration]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the demonstration came to; `problems` is None where nobody asked for a check."""

    firm: DemoFirm
    arrived: Arrived
    outcomes: Sequence[Outcome]
    seconds: float
    problems: Sequence[str] | None = None


def show(output: Output, place: Place, result: Result, clients: Sequence[SampleClient]) -> None:
    """Write the tables, or everything as one object."""
    mailed, booked = arrived_rows(result.arrived.mails, clients), booked_rows(result.arrived)
    if output.is_json:
        output.record(_everything(place, result, mailed, booked))
        return
    out.table(
        mailed,
        ("mailbox", "mails", "client"),
        title="What arrived by mail (in the mailboxes of a stand-in mail server on this machine)",
    )
    out.table(
        booked,
        ("administration", "documents", "client"),
        title="What arrived in Exact Online (in the administrations of a stand-in)",
    )
    out.table(
        stopped(result.outcomes),
        ("file", "state", "client", "why"),
        title="What did not go, and why",
    )
    came = len(result.outcomes)
    left = len(stopped(result.outcomes))
    output.text(
        f"{came} documents came in, {came - left} arrived, {left} did not go;"
        f" {result.seconds:.1f} seconds."
    )
    for mail in result.arrived.tests:
        to = ", ".join(mail.recipients)
        output.text(f"A test mail to {to} waits for somebody to say whether it arrived.")


def arrived_rows(
    mails: Sequence[Mail], clients: Sequence[SampleClient]
) -> list[Mapping[str, object]]:
    """List the mailboxes with their mails, by client."""
    owners = {
        mailbox(address): (address, f"{client.dossier_number} {client.name}")
        for client in clients
        for address in client.addresses.values()
        if address
    }
    rows = [
        {"mailbox": written, "mails": count, "client": client}
        for address, count in per_mailbox(mails).items()
        for written, client in [owners.get(address, (address, ""))]
    ]
    return sorted(rows, key=lambda row: (str(row["client"]), str(row["mailbox"])))


def booked_rows(arrived: Arrived) -> list[Mapping[str, object]]:
    """List the administrations that hold something, by their code."""
    counts = Counter(one.division for one in arrived.booked)
    return [
        {
            "administration": str(one),
            "documents": counts[one.division],
            "client": f"{one.dossier_number} {one.name}",
        }
        for one in arrived.administrations
        if counts[one.division]
    ]


def tell_where(output: Output, place: Place, firm: DemoFirm) -> None:
    """Say where to look, how to log in and how to stop."""
    for line in (
        "",
        f"The site:        {place.site}",
        f"Log in with:     {firm.email}   password: {firm.password}",
        f"The mailboxes:   {place.mailboxes.url} (a stand-in: no mail leaves this machine)",
        f"Exact Online:    {place.exact.url} (a stand-in: what arrived there)",
        f"    It opens a document to whoever signs in there as {USER}, {PASSWORD}.",
        f"On the command line: POSTHORN_DATA={place.folder} posthorn delivery list",
        "Stop with Ctrl-C.",
    ):
        output.note(line)


def tell_verdict(output: Output, problems: Sequence[str], documents: int) -> None:
    """Say whether everything is where it belongs."""
    for problem in problems:
        output.note(f"WRONG: {problem}")
    if problems:
        output.note(f"The check found {len(problems)} problems.")
        return
    output.note(
        f"Checked: all {documents} documents are where they belong, each exactly once with its own"
        " bytes; nothing is overdue and the audit trail is whole."
    )


def _everything(
    place: Place,
    result: Result,
    mailed: Sequence[Mapping[str, object]],
    booked: Sequence[Mapping[str, object]],
) -> dict[str, object]:
    return {
        "site": place.site,
        "email": result.firm.email,
        "password": result.firm.password,
        "mailboxes_url": place.mailboxes.url,
        "exact_url": place.exact.url,
        "folder": str(place.folder),
        "seconds": round(result.seconds, 1),
        "documents": len(result.outcomes),
        "mailboxes": list(mailed),
        "administrations": list(booked),
        "not_arrived": stopped(result.outcomes),
        "problems": None if result.problems is None else list(result.problems),
    }

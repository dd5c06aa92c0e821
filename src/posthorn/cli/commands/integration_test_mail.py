"""`integration test-mail`: marked samples to a client's addresses, and whether they arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from posthorn.cli.command import group, in_firm
from posthorn.cli.desk import FirmDesk
from posthorn.cli.lookups import client_of, integration_of

if TYPE_CHECKING:
    from posthorn.delivery.queries.trials import TrialRow

noun = group("test-mail", "Marked samples to a client's addresses, and whether they arrived.")

Client = Annotated[str, typer.Argument(help="Dossier number or id of the client.")]
Package = Annotated[str, typer.Argument(help="Name or id of the accounting package.")]
Mail = Annotated[UUID, typer.Argument(help="Id of the test mail; `test-mail list` shows it.")]
_COLUMNS = ("id", "kind", "recipient", "state", "code", "asked_at", "arrived", "link")
_YES, _NO = "yes", "no"


@in_firm(noun, "send")
def send(desk: FirmDesk, client: Client, package: Package) -> None:
    """Send a marked sample to each address now, and show what the mail server answered."""
    from posthorn.connections import errands  # noqa: PLC0415  # needs Django
    from posthorn.delivery.trial_desk import ask  # noqa: PLC0415
    from posthorn.delivery.trial_sending import send_trial  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = integration_of(desk.firm, client, package)
        whose = client_of(desk.firm, client).id
        asked = ask(desk.firm, whose, row.id, actor=desk.actor)
    for one in asked:
        errands.run_one(one.errand, send_trial)
    _tell(desk, row.id, {one.trial for one in asked})


@in_firm(noun, "list")
def list_(desk: FirmDesk, client: Client, package: Package) -> None:
    """List the test mails of a client, the newest first."""
    from posthorn.tenancy.scope import acting  # noqa: PLC0415  # needs Django

    with acting(desk.firm):
        row = integration_of(desk.firm, client, package)
    _tell(desk, row.id)


@in_firm(noun, "arrived")
def arrived(
    desk: FirmDesk,
    client: Client,
    package: Package,
    mail: Mail,
    *,
    not_: Annotated[bool, typer.Option("--not", help="It is not there.")] = False,
) -> None:
    """Note that somebody saw a test mail in the package, or did not find it."""
    from posthorn.delivery.trial_desk import answer  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = integration_of(desk.firm, client, package)
        answer(
            desk.firm, client_of(desk.firm, client).id, mail, has_arrived=not not_, actor=desk.actor
        )
    _tell(desk, row.id, {mail})


@in_firm(noun, "close-link")
def close_link(desk: FirmDesk, client: Client, package: Package, mail: Mail) -> None:
    """Close the download link of a test mail for ever."""
    from posthorn.delivery.trial_links import revoke_sample  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = integration_of(desk.firm, client, package)
        whose = client_of(desk.firm, client).id
        revoke_sample(desk.firm, whose, mail, actor=desk.actor)
    _tell(desk, row.id, {mail})


def _tell(desk: FirmDesk, integration: UUID, wanted: set[UUID] | None = None) -> None:
    from posthorn.delivery.queries.trials import trials_of  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        rows = trials_of(desk.firm, integration)
    shown = [_record(one) for one in rows if wanted is None or one.id in wanted]
    desk.output.rows(shown, _COLUMNS)


def _record(row: TrialRow) -> dict[str, object]:
    seen = {None: "", True: _YES, False: _NO}[row.has_arrived]
    return {
        "id": str(row.id),
        "kind": row.kind,
        "recipient": row.recipient,
        "state": row.state.value,
        "code": row.code,
        "asked_at": row.asked_at,
        "arrived": seen,
        "link": "" if row.link is None else ("open" if row.link.is_open else "closed"),
        "detail": row.detail,
    }

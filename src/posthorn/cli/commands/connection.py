"""`connection`: the accounting packages a firm has connected."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from posthorn.cli.command import group, in_firm
from posthorn.cli.commands.connection_domain import noun as domain
from posthorn.cli.desk import FirmDesk
from posthorn.cli.lookups import connection_of, one_of, pairs
from posthorn.cli.prompts import ask_fields, confirm, is_interactive, secrets_from_stdin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from posthorn.sdk.fields import Field

noun = group("connection", "The accounting packages a firm has connected.")
noun.add_typer(domain)

Name = Annotated[str, typer.Argument(help="Name or id of the accounting package.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="field=value; again for each field. Secrets never: see below."),
]
SecretsStdin = Annotated[
    bool,
    typer.Option("--secrets-stdin", help="Read secrets from standard input: field=value a line."),
]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask; take what is given.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without being asked.")]


@in_firm(noun, "create")
def create(  # what a connection is made of, and how it is asked for
    desk: FirmDesk,
    connector: Annotated[str, typer.Argument(help="Id of the connector (`posthorn connectors`).")],
    name: Annotated[str, typer.Argument(help="What the firm calls this accounting package.")],
    *,
    set_: Set = None,
    secrets_stdin: SecretsStdin = False,
    no_input: NoInput = False,
) -> None:
    """Connect an accounting package.

    At a terminal every setting that was not given is asked for, secrets without showing them.
    """
    from posthorn.connections.services import (  # noqa: PLC0415  # needs Django
        create_connection,
        loaded_connector,
    )
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    fields = loaded_connector(connector).spec.firm_settings
    given = _given(fields, set_, is_secret_read=secrets_stdin)
    if is_interactive() and not no_input:
        given = ask_fields(fields, given)
    with acting(desk.firm):
        made = create_connection(desk.firm, connector, name, given, actor=desk.actor)
    record = {"id": made.pk, "name": made.name, "connector": made.connector_id}
    desk.output.done(f"{made.name} is connected: `posthorn connection check` tries it.", record)


def _given(
    fields: Sequence[Field], texts: list[str] | None, *, is_secret_read: bool
) -> dict[str, str]:
    """Read the settings given; a secret on the command line would stand in the shell's history."""
    from posthorn.cli.settings import refuse_secrets  # noqa: PLC0415  # the help page needs none of it

    given = pairs(texts or (), "--set")
    refuse_secrets(fields, given)
    return {**given, **(secrets_from_stdin() if is_secret_read else {})}


@in_firm(noun, "set")
def set_settings(
    desk: FirmDesk,
    name: Name,
    *,
    set_: Set = None,
    secrets_stdin: SecretsStdin = False,
    rename: Annotated[str, typer.Option(help="Give the accounting package another name.")] = "",
) -> None:
    """Change settings; those not named stay, `field=` empties one. What waits is tried again."""
    from posthorn.connections.services import (  # noqa: PLC0415  # needs Django
        loaded_connector,
        rename_connection,
        save_connection,
    )
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = connection_of(desk.firm, name)
    fields = loaded_connector(row.connector).spec.firm_settings
    given = _given(fields, set_, is_secret_read=secrets_stdin)
    with acting(desk.firm):
        if rename:
            rename_connection(desk.firm, row.id, rename, actor=desk.actor)
        saved = save_connection(desk.firm, row.id, {**row.settings, **given}, actor=desk.actor)
    record = {"id": row.id, "name": saved.name, "settings": saved.settings}
    desk.output.done(f"{saved.name} is saved.", record)


@in_firm(noun, "list")
def list_(desk: FirmDesk) -> None:
    """List the firm's accounting packages."""
    from posthorn.cli.rows import as_record, connections  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        rows = [as_record(one) for one in connections(desk.firm)]
    desk.output.rows(rows, ("name", "connector", "is_active", "paused_at", "attention", "id"))


@in_firm(noun, "show")
def show(desk: FirmDesk, name: Name) -> None:
    """Show an accounting package with its settings; secrets are not shown."""
    from posthorn.cli.rows import as_record  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = connection_of(desk.firm, name)
    desk.output.record(as_record(row))


@in_firm(noun, "check")
def check(desk: FirmDesk, name: Name) -> None:
    """Ask the accounting package whether it lets us in; sends nothing."""
    from posthorn.connections.check import check_connection  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = connection_of(desk.firm, name)
    said = check_connection(desk.firm, row.id, actor=desk.actor)
    desk.output.done(f"{row.name}: connected as {said}.", {"id": row.id, "checked_as": said})


@in_firm(noun, "sign-in")
def sign_in(desk: FirmDesk, name: Name) -> None:
    """Show who is signed in to the accounting package, and where somebody does it again."""
    from posthorn.cli.sign_ins import page_of, record_of  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = connection_of(desk.firm, name)
        record = record_of(desk.firm, row.id)
    desk.output.record({**record, "page": page_of(desk.firm, row.id)})


def _switched(
    desk: FirmDesk, name: str, switch: Callable[..., object], words: str, **record: object
) -> None:
    from posthorn.tenancy.scope import acting  # noqa: PLC0415  # needs Django

    with acting(desk.firm):
        row = connection_of(desk.firm, name)
        connection: UUID = row.id
        switch(desk.firm, connection, actor=desk.actor)
    desk.output.done(f"{row.name} {words}.", {"id": row.id, **record})


@in_firm(noun, "activate")
def activate(
    desk: FirmDesk,
    name: Name,
    *,
    held: Annotated[
        str,
        typer.Option(
            help="What becomes of documents held meanwhile: all go, untaken go and what another"
            " package took is cancelled, or none go. Needed where there are any."
        ),
    ] = "",
) -> None:
    """Switch an accounting package on again; says what becomes of what was held."""
    from posthorn.delivery.resuming import Resume, resume_connection  # noqa: PLC0415  # Django

    answer = one_of(Resume, held, "answer") if held else None
    _switched(
        desk, name, partial(resume_connection, answer=answer), "is switched on", is_active=True
    )


@in_firm(noun, "deactivate")
def deactivate(desk: FirmDesk, name: Name, *, yes: Yes = False) -> None:
    """Switch an accounting package off: what is released meanwhile waits on hold."""
    from posthorn.connections.services import deactivate_connection  # noqa: PLC0415  # needs Django

    confirm(f"Switch {name} off for every client?", is_agreed=yes)
    _switched(desk, name, deactivate_connection, "is switched off", is_active=False)


@in_firm(noun, "remove")
def remove(desk: FirmDesk, name: Name, *, yes: Yes = False) -> None:
    """Remove an accounting package: clients, secrets and sign-in; documents and proof stay."""
    from posthorn.cli.sign_ins import words_of_end  # noqa: PLC0415  # needs Django
    from posthorn.connections.removal import remove_connection  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    confirm(f"Remove {name} for every client, with its settings and sign-in?", is_agreed=yes)
    with acting(desk.firm):
        row = connection_of(desk.firm, name)
        removed = remove_connection(desk.firm, row.id, actor=desk.actor)
    record = {
        "id": row.id,
        "is_removed": True,
        "clients": removed.clients,
        "revocation": removed.revocation or "",
    }
    told = [f"{removed.name} is removed; {removed.clients} clients stop.", words_of_end(removed)]
    desk.output.done(" ".join(filter(None, told)), record)


@in_firm(noun, "pause")
def pause(desk: FirmDesk, name: Name) -> None:
    """Hold everything for an accounting package."""
    from posthorn.connections.services import pause_connection  # noqa: PLC0415  # needs Django

    _switched(desk, name, pause_connection, "is paused", is_paused=True)


@in_firm(noun, "on-unknown")
def on_unknown(
    desk: FirmDesk,
    name: Name,
    wish: Annotated[str, typer.Argument(help="resend or ask.")],
) -> None:
    """Choose what follows a lost answer: the same copy again, or a person's decision."""
    from posthorn.connections.services import ask_on_unknown  # noqa: PLC0415  # needs Django
    from posthorn.sdk import OnUnknown  # noqa: PLC0415

    asks = one_of(OnUnknown, wish, "answer") is OnUnknown.ASK
    words = "asks after a lost answer" if asks else "sends the same copy again"
    _switched(desk, name, partial(ask_on_unknown, asks=asks), words, asks_on_unknown=asks)


@in_firm(noun, "release")
def release(desk: FirmDesk, name: Name) -> None:
    """End the pause of an accounting package."""
    from posthorn.connections.services import release_connection  # noqa: PLC0415  # needs Django

    _switched(desk, name, release_connection, "is released", is_paused=False)

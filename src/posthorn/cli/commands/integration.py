"""`integration`: clients bound to accounting packages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from posthorn.cli.command import group, in_firm
from posthorn.cli.commands.integration_choices import noun as choices
from posthorn.cli.commands.integration_place import noun as place
from posthorn.cli.commands.integration_test_mail import noun as test_mail
from posthorn.cli.desk import FirmDesk
from posthorn.cli.errors import UsageError
from posthorn.cli.lookups import client_of, connection_of, integration_of, pairs
from posthorn.cli.prompts import ask_fields, confirm, is_interactive, secrets_from_stdin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from posthorn.cli.rows import ConnectionRow, IntegrationRow

noun = group("integration", "Clients bound to accounting packages.")
noun.add_typer(choices)
noun.add_typer(place)
noun.add_typer(test_mail)

Client = Annotated[str, typer.Argument(help="Dossier number or id of the client.")]
Package = Annotated[str, typer.Argument(help="Name or id of the accounting package.")]
Set = Annotated[list[str] | None, typer.Option("--set", help="field=value; again for each field.")]
SecretsStdin = Annotated[
    bool,
    typer.Option("--secrets-stdin", help="Read secrets from standard input: field=value a line."),
]
Route = Annotated[
    list[str] | None,
    typer.Option("--route", help="kind=own, kind=none or kind=same_as:other_kind."),
]
Both = Annotated[
    list[str] | None,
    typer.Option("--both", help="A kind that another accounting package of the client gets too."),
]
SharedBecause = Annotated[
    str, typer.Option("--shared-because", help="Why an address is another client's too.")
]
Change = Annotated[str, typer.Argument(help="Id of the change; `integration changes` lists them.")]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask; take what is given.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without being asked.")]


@in_firm(noun, "create")
def create(  # noqa: PLR0913  # what an integration is made of, and how it is asked for
    desk: FirmDesk,
    client: Client,
    package: Package,
    *,
    set_: Set = None,
    route: Route = None,
    both: Both = None,
    shared_because: SharedBecause = "",
    secrets_stdin: SecretsStdin = False,
    no_input: NoInput = False,
) -> None:
    """Bind a client to an accounting package; what is released from now on goes there.

    The kinds of documents are purchase, sales and statement.
    """
    from posthorn.connections.integrations import (  # noqa: PLC0415  # needs Django
        Wish,
        create_integration,
    )
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        whose, where = client_of(desk.firm, client), connection_of(desk.firm, package)
    values = _values(where.connector, set_, is_secret_read=secrets_stdin)
    if is_interactive() and not no_input:
        values = _asked(where, values)
    wish = Wish(
        values=values,
        routes=pairs(route or (), "--route"),
        both=tuple(both or ()),
        shared_reason=shared_because,
    )
    with acting(desk.firm):
        made = create_integration(desk.firm, whose.id, where.id, wish, actor=desk.actor)
    _tell_doubts(desk, where, made.settings)
    record = {"id": made.pk, "client": whose.dossier_number, "connection": where.name}
    desk.output.done(f"{whose} goes to {where.name} from now on.", record)


def _asked(where: ConnectionRow, values: dict[str, str]) -> dict[str, str]:
    from posthorn.connections.senders import sender_of  # noqa: PLC0415  # needs Django
    from posthorn.connections.services import loaded_connector  # noqa: PLC0415
    from posthorn.sdk import effects_of  # noqa: PLC0415  # the help page needs none of it

    spec = loaded_connector(where.connector).spec
    return ask_fields(
        spec.client_settings,
        values,
        starts=where.settings,
        chosen=effects_of(spec.firm_settings, where.settings),
        sender=sender_of(where.settings),
    )


def _tell_doubts(desk: FirmDesk, where: ConnectionRow, values: Mapping[str, str]) -> None:
    """Say which values do not look as the package's do; they are kept all the same."""
    from posthorn.cli.languages import language  # noqa: PLC0415  # the help page needs none of it
    from posthorn.connections.services import loaded_connector  # noqa: PLC0415
    from posthorn.sdk import doubts, effects_of  # noqa: PLC0415

    spec = loaded_connector(where.connector).spec
    effects = effects_of(spec.firm_settings, where.settings)
    for name, reason in doubts(spec.client_settings, values, effects).items():
        desk.output.note(f"{name}: {reason[language()]}")


def _values(connector: str, texts: list[str] | None, *, is_secret_read: bool) -> dict[str, str]:
    from posthorn.cli.settings import refuse_secrets  # noqa: PLC0415  # the help page needs none of it
    from posthorn.connections.services import loaded_connector  # noqa: PLC0415

    given = pairs(texts or (), "--set")
    refuse_secrets(loaded_connector(connector).spec.client_settings, given)
    return {**given, **(secrets_from_stdin() if is_secret_read else {})}


@in_firm(noun, "set")
def set_settings(  # noqa: PLR0913  # what an integration is made of
    desk: FirmDesk,
    client: Client,
    package: Package,
    *,
    set_: Set = None,
    route: Route = None,
    both: Both = None,
    shared_because: SharedBecause = "",
    secrets_stdin: SecretsStdin = False,
) -> None:
    """Change settings and routes; what is not named stays, and so does the activation time."""
    from posthorn.connections.integrations import Wish, save_integration  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = integration_of(desk.firm, client, package)
    values = _values(row.connector, set_, is_secret_read=secrets_stdin)
    wish = Wish(
        values={**row.settings, **values},
        routes={**row.routes, **pairs(route or (), "--route")},
        both=tuple(row.both if both is None else both),
        shared_reason=shared_because,
    )
    with acting(desk.firm):
        saved = save_integration(desk.firm, row.id, wish, actor=desk.actor)
    with acting(desk.firm):
        _tell_doubts(desk, connection_of(desk.firm, package), saved.settings)
    record = {"id": row.id, "settings": saved.settings, "routes": saved.routes}
    desk.output.done(f"{_named(row)} is saved.", record)


@in_firm(noun, "list")
def list_(
    desk: FirmDesk,
    *,
    client: Annotated[str, typer.Option(help="Of this client alone.")] = "",
    package: Annotated[str, typer.Option(help="With this accounting package alone.")] = "",
) -> None:
    """List which clients are bound to which accounting packages."""
    from posthorn.cli.rows import as_record, integrations  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        whose = client_of(desk.firm, client).dossier_number if client else ""
        where = connection_of(desk.firm, package).name if package else ""
        rows = [
            as_record(one)
            for one in integrations(desk.firm)
            if whose in {"", one.client} and where in {"", one.connection}
        ]
    columns = ("client", "client_name", "connection", "settings", "routes", "both", "paused_at")
    desk.output.rows(rows, columns)


def _named(row: IntegrationRow) -> str:
    return f"{row.client} {row.client_name} with {row.connection}"


def _switched(
    desk: FirmDesk,
    names: tuple[str, str],
    switch: Callable[..., object],
    words: str,
    **record: object,
) -> None:
    from posthorn.tenancy.scope import acting  # noqa: PLC0415  # needs Django

    with acting(desk.firm):
        row = integration_of(desk.firm, *names)
        switch(desk.firm, row.id, actor=desk.actor)
    desk.output.done(f"{_named(row)} {words}.", {"id": row.id, **record})


@in_firm(noun, "pause")
def pause(desk: FirmDesk, client: Client, package: Package) -> None:
    """Hold everything of a client for one accounting package."""
    from posthorn.connections.integrations import pause_integration  # noqa: PLC0415

    _switched(desk, (client, package), pause_integration, "is paused", is_paused=True)


@in_firm(noun, "release")
def release(desk: FirmDesk, client: Client, package: Package) -> None:
    """End the pause of a client's integration."""
    from posthorn.connections.integrations import release_integration  # noqa: PLC0415

    _switched(desk, (client, package), release_integration, "is released", is_paused=False)


@in_firm(noun, "remove")
def remove(desk: FirmDesk, client: Client, package: Package, *, yes: Yes = False) -> None:
    """End the binding; what has not left waits on hold for a decision."""
    from posthorn.connections.integrations import remove_integration  # noqa: PLC0415

    confirm(f"Unbind client {client} from {package}?", is_agreed=yes)
    _switched(desk, (client, package), remove_integration, "is removed", is_removed=True)


@in_firm(noun, "changes")
def list_changes(desk: FirmDesk) -> None:
    """List changed import addresses that wait for a second person."""
    from posthorn.connections.change_queries import waiting_changes  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        rows = [
            {
                "id": one.id,
                "client": one.dossier_number,
                "client_name": one.client_name,
                "connection": one.package,
                "before": ", ".join(pair.before for pair in one.moved),
                "after": ", ".join(pair.after for pair in one.moved),
                "author": one.author,
                "made_at": one.made_at,
            }
            for one in waiting_changes(desk.firm)
        ]
    columns = ("client", "client_name", "connection", "before", "after", "author", "made_at", "id")
    desk.output.rows(rows, columns)


def _change_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        message = f"{text!r} is no id of a change; `posthorn integration changes` shows them."
        raise UsageError(message) from None


@in_firm(noun, "confirm")
def confirm_(desk: FirmDesk, change: Change) -> None:
    """Let a changed import address count; whoever changed it cannot."""
    from posthorn.connections.decisions import confirm_change  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        confirm_change(desk.firm, _change_id(change), actor=desk.actor)
    record = {"id": change, "is_confirmed": True}
    desk.output.done("The new address counts from now on.", record)


@in_firm(noun, "refuse")
def refuse(
    desk: FirmDesk,
    change: Change,
    *,
    reason: Annotated[str, typer.Option(help="Why; its author takes it back without one.")] = "",
) -> None:
    """Leave the import address as it is."""
    from posthorn.connections.decisions import refuse_change  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        refuse_change(desk.firm, _change_id(change), actor=desk.actor, reason=reason)
    record = {"id": change, "is_confirmed": False}
    desk.output.done("The change is not made; documents go to the old address.", record)

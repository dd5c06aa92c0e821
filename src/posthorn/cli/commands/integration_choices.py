"""`integration choices`: the lists that a package gives for a client's settings."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from posthorn.cli.command import group, in_firm
from posthorn.cli.desk import FirmDesk
from posthorn.cli.errors import CommandError, UsageError
from posthorn.cli.lookups import connection_of, integration_of

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.cli.rows import ConnectionRow, IntegrationRow

noun = group("choices", "The lists that a package gives for a client's settings.")

Client = Annotated[str, typer.Argument(help="Dossier number or id of the client.")]
Package = Annotated[str, typer.Argument(help="Name or id of the accounting package.")]
Setting = Annotated[str, typer.Argument(help="Id of the setting, such as folder.")]
_COLUMNS = ("value", "label", "fetched_at")
_LOOK_S = 0.2


@in_firm(noun, "show")
def show(desk: FirmDesk, client: Client, package: Package, setting: Setting) -> None:
    """Show a list as it was fetched last."""
    _tell(desk, *_bound(desk, client, package), setting)


@in_firm(noun, "fetch")
def fetch(desk: FirmDesk, client: Client, package: Package, setting: Setting) -> None:
    """Ask the package for a list now."""
    from posthorn.connections import choices, errands  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    bound, row = _bound(desk, client, package)
    _demand(row, setting)
    with acting(desk.firm):
        asked = choices.begin(desk.firm, row.id, setting, integration=bound.id, actor=desk.actor)
    errands.run_one(asked, choices.fetch)
    _await(desk, row, asked)
    _tell(desk, bound, row, setting)


def _bound(desk: FirmDesk, client: str, package: str) -> tuple[IntegrationRow, ConnectionRow]:
    from posthorn.tenancy.scope import acting  # noqa: PLC0415  # needs Django

    with acting(desk.firm):
        bound = integration_of(desk.firm, client, package)
        return bound, connection_of(desk.firm, package)


def _demand(row: ConnectionRow, setting: str) -> None:
    """Raise UsageError for a setting that has no list."""
    from posthorn.connections.choices import remote_fields  # noqa: PLC0415  # needs Django
    from posthorn.connections.services import loaded_connector  # noqa: PLC0415

    known = remote_fields(loaded_connector(row.connector))
    if setting not in known:
        there = ", ".join(sorted(known)) or "none"
        message = f"{row.name} gives no list for {setting!r}; it does for: {there}."
        raise UsageError(message)


def _await(desk: FirmDesk, row: ConnectionRow, asked: UUID) -> None:
    """Wait for the end, which a worker may have taken over. Raises CommandError."""
    from posthorn.connections.errands import errand_of  # noqa: PLC0415  # needs Django
    from posthorn.connections.registry import registry  # noqa: PLC0415
    from posthorn.connections.texts import text_of  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    while True:
        with acting(desk.firm):
            done = errand_of(desk.firm, row.id, asked)
        if done.done_at is not None:
            break
        time.sleep(_LOOK_S)
    if done.code:
        text = text_of(done.code, registry().get(row.connector))
        said = f"{text.sentence['en']} {text.advice['en']}" if text else done.code
        raise CommandError(said)


def _tell(desk: FirmDesk, bound: IntegrationRow, row: ConnectionRow, setting: str) -> None:
    from posthorn.connections.choices import lists_of  # noqa: PLC0415  # needs Django
    from posthorn.connections.services import loaded_connector  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    _demand(row, setting)
    with acting(desk.firm):
        loaded = loaded_connector(row.connector)
        listed = lists_of(desk.firm, row.id, loaded, bound.id)[setting]
    rows = [
        {"value": value, "label": label, "fetched_at": listed.fetched_at}
        for value, label in listed.options
    ]
    desk.output.rows(rows, _COLUMNS)

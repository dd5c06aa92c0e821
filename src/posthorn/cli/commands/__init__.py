"""One module for each noun of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.cli.commands import (
    audit,
    client,
    connection,
    connectors,
    conversion,
    db,
    delivery,
    demo,
    doc,
    doctor,
    files,
    firm,
    instance,
    integration,
    keys,
    picture,
    running,
    sandbox,
    statement,
)

if TYPE_CHECKING:
    import typer

NOUNS = (
    firm.noun,
    client.noun,
    connection.noun,
    integration.noun,
    doc.noun,
    statement.noun,
    delivery.noun,
    audit.noun,
    keys.noun,
    instance.noun,
    db.noun,
    sandbox.noun,
)


def register_verbs(app: typer.Typer) -> None:
    """Register the commands that stand under `posthorn` itself."""
    demo.register(app)
    files.register(app)
    conversion.register(app)
    picture.register(app)
    running.register(app)
    doctor.register(app)
    connectors.register(app)

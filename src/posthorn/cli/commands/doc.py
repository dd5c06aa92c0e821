"""`doc`: documents, from the file they came as to the decision that they go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posthorn.cli.command import group, in_firm
from posthorn.cli.desk import FirmDesk
from posthorn.cli.errors import NothingFoundError
from posthorn.cli.lookups import client_of, one_of, uuid_of, uuids_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from posthorn.archive.lifecycle import Released

noun = group("doc", "Documents: take them in, look at them, decide that they go.")

Ids = Annotated[list[str], typer.Argument(help="Ids of documents.", metavar="ID")]
Id = Annotated[str, typer.Argument(help="Id of the document.")]
ClientOption = Annotated[str, typer.Option("--client", help="Dossier number or id of the client.")]
Client = Annotated[str, typer.Argument(help="Dossier number or id of the client.")]
DirectionOption = Annotated[str, typer.Option("--direction", help="purchase or sales.")]


@in_firm(noun, "import")
def import_(
    desk: FirmDesk,
    paths: Annotated[
        list[Path],
        typer.Argument(help="Files, or folders with files in them.", metavar="FILE|FOLDER"),
    ],
    *,
    client: ClientOption = "",
    direction: DirectionOption = "",
) -> None:
    """Take files in. Each is kept durably before its line is written; workers then read them.

    Without --client and --direction they are found by the numbers in the document.
    """
    from posthorn.cli.imports import Told, import_files  # noqa: PLC0415  # needs Django

    told = Told(client=client, direction=direction)
    import_files(desk, paths, told)


@in_firm(noun, "list")
def list_(
    desk: FirmDesk,
    *,
    client: ClientOption = "",
    where: Annotated[
        str,
        typer.Option(
            help="attention, to_decide, unassigned, on_its_way, arrived, nowhere, duplicate"
            " or rejected."
        ),
    ] = "",
    text: Annotated[str, typer.Option(help="Part of a number, a name or a file name.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest first.")] = 50,
) -> None:
    """List documents, the newest first, each with where it stands."""
    from posthorn.cli.listings import documents  # noqa: PLC0415  # needs Django
    from posthorn.delivery.queries.documents import DocumentFilter, Where  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        wanted = DocumentFilter(
            client=client_of(desk.firm, client).id if client else None,
            where=one_of(Where, where, "part of the list") if where else None,
            text=text,
        )
        rows = list(documents(desk.firm, wanted, limit))
    columns = ("arrived_at", "client", "direction", "number", "counterparty", "total", "state")
    desk.output.rows(rows, (*columns, "reason", "id"))


@in_firm(noun, "show")
def show(desk: FirmDesk, document: Id) -> None:
    """Show a document: what was read from it, what its check found, and where it stands."""
    from posthorn.cli.found import lines  # noqa: PLC0415  # needs Django
    from posthorn.cli.listings import document_record  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        record = document_record(desk.firm, uuid_of(document, "doc"))
    if record is None:
        message = f"The firm has no document {document}: `posthorn doc list` shows them."
        raise NothingFoundError(message)
    if desk.output.is_json:
        desk.output.record(record)
        return
    findings = record.pop("findings")
    desk.output.record(record)
    for line in lines(findings):
        desk.output.text(line)


@in_firm(noun, "approve")
def approve_(desk: FirmDesk, documents: Ids) -> None:
    """Release purchase documents: they go to the client's accounting packages."""
    from posthorn.archive.lifecycle import approve  # noqa: PLC0415  # needs Django

    _release(desk, documents, approve)


@in_firm(noun, "send")
def send_(desk: FirmDesk, documents: Ids) -> None:
    """Release sales documents: they go to the client's accounting packages."""
    from posthorn.archive.lifecycle import send  # noqa: PLC0415  # needs Django

    _release(desk, documents, send)


@in_firm(noun, "send-anyway")
def send_anyway_(desk: FirmDesk, document: Id) -> None:
    """Release a document that counts as a duplicate, or a statement that contradicts itself."""
    from posthorn.archive.lifecycle import send_anyway  # noqa: PLC0415  # needs Django

    def release(firm: UUID, ids: list[UUID], *, actor: str) -> Released:
        return send_anyway(firm, ids[0], actor=actor)

    _release(desk, [document], release)


def _release(desk: FirmDesk, texts: list[str], release: Callable[..., Released]) -> None:
    from posthorn.cli.releases import tell  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    ids = uuids_of(texts, "doc")
    with acting(desk.firm):
        released = release(desk.firm, ids, actor=desk.actor)
    tell(desk.output, ids, released)


@in_firm(noun, "reject")
def reject_(
    desk: FirmDesk,
    document: Id,
    *,
    reason: Annotated[str, typer.Option(help="Why it does not go; kept with the document.")],
) -> None:
    """Decide that a document does not go."""
    from posthorn.archive.lifecycle import reject  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    wanted = uuid_of(document, "doc")
    with acting(desk.firm):
        reject(desk.firm, wanted, reason, actor=desk.actor)
    desk.output.done("It is rejected.", {"id": wanted, "is_rejected": True})


@in_firm(noun, "assign")
def assign_(
    desk: FirmDesk,
    document: Id,
    client: Client,
    direction: Annotated[
        str, typer.Argument(help="purchase or sales; nothing for a statement.")
    ] = "",
) -> None:
    """Give an unassigned document its client; the client's rules then decide on its release."""
    from posthorn.archive.assign import assign  # noqa: PLC0415  # needs Django
    from posthorn.archive.directions import Direction  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    wanted, way = uuid_of(document, "doc"), one_of(Direction, direction, "direction")
    with acting(desk.firm):
        whose = client_of(desk.firm, client)
        assign(desk.firm, wanted, whose.id, way, actor=desk.actor)
    record = {"id": wanted, "client": whose.dossier_number, "direction": way.value}
    desk.output.done(f"It belongs to {whose}.", record)


@in_firm(noun, "move")
def move_(desk: FirmDesk, document: Id, client: Client, *, direction: DirectionOption = "") -> None:
    """Move a document that lies with the wrong client.

    What has not left is cancelled; what has is marked *take out of the package*.
    """
    from posthorn.archive.assign import move  # noqa: PLC0415  # needs Django
    from posthorn.archive.directions import Direction  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    wanted = uuid_of(document, "doc")
    way = one_of(Direction, direction, "direction") if direction else None
    with acting(desk.firm):
        whose = client_of(desk.firm, client)
        move(desk.firm, wanted, whose.id, actor=desk.actor, direction=way)
    desk.output.done(f"It lies with {whose} now.", {"id": wanted, "client": whose.dossier_number})

"""`integration place`: where clients' documents go in a package, by the code people type."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from posthorn.cli.command import group, in_firm
from posthorn.cli.desk import FirmDesk
from posthorn.cli.errors import UsageError
from posthorn.cli.lookups import client_of, connection_of, integration_of, pairs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from posthorn.cli.rows import ConnectionRow, IntegrationRow
    from posthorn.connections.proposals import Proposal
    from posthorn.sdk.matches import Match

noun = group("place", "Where clients' documents go in a package, by the code people type.")

Client = Annotated[str, typer.Argument(help="Dossier number or id of the client.")]
Package = Annotated[str, typer.Argument(help="Name or id of the accounting package.")]
_COLUMNS = ("value", "place", "vat_number", "owner", "note")
_LOOK_S = 0.2
_PROPOSED = ("client", "name", "number", "value", "place")


@in_firm(noun, "show")
def show(desk: FirmDesk, client: Client, package: Package) -> None:
    """Show what a client's code names, and what there is to choose."""
    from posthorn.tenancy.scope import acting  # noqa: PLC0415  # needs Django

    with acting(desk.firm):
        row = integration_of(desk.firm, client, package)
    _tell(desk, row)


@in_firm(noun, "verify")
def verify(desk: FirmDesk, client: Client, package: Package) -> None:
    """Ask the package now what a client's code names."""
    from posthorn.connections.verification import verify_integration  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415  # needs Django

    with acting(desk.firm):
        row = integration_of(desk.firm, client, package)
    verify_integration(desk.firm, row.id)
    _tell(desk, row)


@in_firm(noun, "choose")
def choose(
    desk: FirmDesk,
    client: Client,
    package: Package,
    value: Annotated[str, typer.Argument(help="The value that `place show` lists.")],
) -> None:
    """Take one of the places that the package named."""
    from posthorn.connections import queries, resolutions  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = integration_of(desk.firm, client, package)
        for place in queries.places_of(desk.firm, [row.id]).get(row.id, []):
            resolutions.choose(desk.firm, row.id, place.field, value, actor=desk.actor)
    _tell(desk, row)


@in_firm(noun, "list")
def list_(desk: FirmDesk, package: Package) -> None:
    """List what the package has; asks it."""
    _row, places, _field = _asked(desk, package)
    desk.output.rows([_record(one) for one in places], _COLUMNS)


@in_firm(noun, "proposals")
def proposals(desk: FirmDesk, package: Package) -> None:
    """List clients without the package, with the place that has their number; asks it."""
    row, places, field = _asked(desk, package)
    desk.output.rows([_proposal(one) for one in _proposed(desk, row, places, field)], _PROPOSED)


@in_firm(noun, "bind")
def bind(
    desk: FirmDesk,
    package: Package,
    *,
    proposed: Annotated[bool, typer.Option("--proposed", help="All that are proposed.")] = False,
    code: Annotated[
        list[str] | None, typer.Option("--code", help="dossier=code; again for each client.")
    ] = None,
) -> None:
    """Bind many clients to a package, each by itself; asks the package for the proposals."""
    from posthorn.connections import binding, errands  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    if not proposed and not code:
        message = "Say which: --proposed, or --code dossier=code."
        raise UsageError(message)
    row, places, field = _asked(desk, package) if proposed else _known(desk, package)
    items = _typed(desk, code or [])
    if proposed:
        named = {item["client"] for item in items}
        items += [
            {"client": str(one.client), "typed": "", "place": binding.kept(one.place)}
            for one in _proposed(desk, row, places, field)
            if one.place and str(one.client) not in named
        ]
    payload = {"field": field, "items": items}
    with acting(desk.firm):
        made = errands.begin(desk.firm, row.id, binding.BIND, actor=desk.actor, payload=payload)
    errands.run_one(made, binding.bind_clients)
    desk.output.rows(_ended(desk, row, made), ("client", "state", "reason"))


def _ended(desk: FirmDesk, row: ConnectionRow, errand: UUID) -> list[dict[str, object]]:
    """Wait for the end, which a worker may have taken over, and tell what came of each."""
    from posthorn.cli.rows import clients  # noqa: PLC0415  # needs Django
    from posthorn.connections.errands import errand_of  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    while True:
        with acting(desk.firm):
            done = errand_of(desk.firm, row.id, errand)
            numbers = {str(one.id): one.dossier_number for one in clients(desk.firm)}
        if done.done_at is not None:
            break
        time.sleep(_LOOK_S)
    results: Mapping[str, Mapping[str, Any]] = done.answer.get("results", {})
    return [
        {
            "client": numbers.get(client, client),
            "state": found.get("stage") or "refused",
            "reason": found.get("said", ""),
        }
        for client, found in results.items()
    ]


def _typed(desk: FirmDesk, texts: list[str]) -> list[dict[str, Any]]:
    from posthorn.tenancy.scope import acting  # noqa: PLC0415  # needs Django

    with acting(desk.firm):
        return [
            {"client": str(client_of(desk.firm, client).id), "typed": typed, "place": None}
            for client, typed in pairs(texts, "--code").items()
        ]


def _known(desk: FirmDesk, package: str) -> tuple[ConnectionRow, list[Match], str]:
    from posthorn.connections.proposals import field_of  # noqa: PLC0415  # needs Django
    from posthorn.connections.services import loaded_connector  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = connection_of(desk.firm, package)
    field = field_of(loaded_connector(row.connector))
    if field is None:
        message = f"{row.name} looks nothing up: `posthorn integration create` binds its clients."
        raise UsageError(message)
    return row, [], field.id


def _asked(desk: FirmDesk, package: str) -> tuple[ConnectionRow, list[Match], str]:
    from posthorn.connections.binding import ask_places  # noqa: PLC0415  # needs Django

    row, _none, field = _known(desk, package)
    return row, ask_places(desk.firm, row.id, field), field


def _proposed(
    desk: FirmDesk, row: ConnectionRow, places: list[Match], field: str
) -> list[Proposal]:
    from posthorn.connections.proposals import propose  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        return propose(desk.firm, row.id, places, field=field)


def _tell(desk: FirmDesk, row: IntegrationRow) -> None:
    from posthorn.connections import queries  # noqa: PLC0415  # needs Django
    from posthorn.connections.judgement import from_json  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        found = queries.places_of(desk.firm, [row.id]).get(row.id, [])
    for place in found:
        desk.output.record(
            {
                "field": place.field,
                "typed": place.typed,
                "state": place.stage,
                "reason": place.code,
                "value": place.value,
                "place": place.label,
                **place.facts,
                "verified_at": place.verified_at,
            }
        )
        if place.candidates:
            desk.output.rows([_record(from_json(one)) for one in place.candidates], _COLUMNS)


def _record(match: Match) -> dict[str, object]:
    return {
        "value": match.value,
        "place": match.label,
        **match.facts,
        "note": match.blocked or match.remark,
    }


def _proposal(one: Proposal) -> dict[str, object]:
    return {
        "client": one.dossier_number,
        "name": one.name,
        "number": one.number,
        "value": one.place.value if one.place else "",
        "place": one.place.label if one.place else "",
    }

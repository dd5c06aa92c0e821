"""Fills a database with a firm of many clients and a year of their documents, in bulk."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from benchmarks.copying import Writer
from benchmarks.papers import write_papers
from posthorn.connections.models import Connection, Integration
from posthorn.delivery.models import Incarnation, Lane, TargetKind
from posthorn.tenancy.models import (
    Client,
    ClientAssignment,
    ClientNumber,
    Firm,
    Membership,
    Person,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from tests.database import Database

    Row = dict[str, Any]

BIG = ("archive_document", "delivery_delivery", "delivery_attempt", "tenancy_auditentry")
PACKAGES = ("Octopus", "Exact Online", "Yuki", "Billit", "WinBooks", "Horus")
ACCOUNTANTS = 10
_YEAR = timedelta(days=365)
_FIRST = ("Bäckerei", "Drukkerij", "Garage", "Café", "Studio", "Atelier", "Transports", "Brouwerij")
_LAST = ("Peeters", "Janssens", "Dubois", "Lefèvre", "Maes", "Müller", "Verhoeven", "Claes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The firm that was filled in, who signs in there, and its clients."""

    firm: UUID
    administrator: UUID
    accountant: UUID
    clients: tuple[UUID, ...]
    connections: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Where one client's documents go."""

    integration: UUID
    connection: UUID


def fill(database: Database, *, documents: int, clients: int, seed: int = 4) -> Filled:
    """Write a firm, and a neighbour a twentieth as large that must never show."""
    writer = Writer(database, random.Random(seed))  # noqa: S311  # repeatable, no secrets
    writer.drop_indexes(BIG)
    worker = writer.id()
    start = {"started_at": writer.at, "heartbeat_at": writer.at}
    writer.copy(Incarnation, [{"id": worker, "host": "localhost", "pid": 1, **start}])
    filled = _firm(writer, worker, documents=documents, clients=clients)
    _firm(writer, worker, documents=documents // 20, clients=max(30, clients // 20))
    writer.close()
    return filled


def _firm(writer: Writer, worker: UUID, *, documents: int, clients: int) -> Filled:
    firm = writer.id()
    writer.copy(Firm, [{"id": firm, "name": f"Kantoor {firm.hex[-6:]}"}])
    people = _people(writer, firm)
    connections = [writer.id() for _ in PACKAGES]
    writer.copy(Connection, _packages(firm, connections))
    rows = list(_clients(writer, firm, clients))
    writer.copy(Client, rows)
    ids = tuple(row["id"] for row in rows)
    writer.copy(ClientNumber, _numbers(writer, firm, ids))
    writer.copy(ClientAssignment, _assignments(writer, firm, ids, people[1:]))
    bound = {
        client: Binding(integration=writer.id(), connection=writer.chance.choice(connections))
        for client in ids[:-20]
    }
    writer.copy(Integration, _integrations(firm, bound))
    writer.copy(Lane, _lanes(firm, bound))
    write_papers(writer, firm, worker, bound, documents)
    return Filled(
        firm=firm,
        administrator=people[0][1],
        accountant=people[1][1],
        clients=ids,
        connections=tuple(connections),
    )


def name_of(writer: Writer) -> str:
    """Make a name of a company."""
    chance = writer.chance
    return f"{chance.choice(_FIRST)} {chance.choice(_LAST)} {chance.randrange(1000)}"


def _people(writer: Writer, firm: UUID) -> list[tuple[UUID, UUID]]:
    """Write an administrator and accountants; gives (membership, person) of each."""
    found = [(writer.id(), writer.id()) for _ in range(1 + ACCOUNTANTS)]
    writer.copy(Person, (_person(writer, person) for _, person in found))
    roles = ["administrator", *["accountant"] * ACCOUNTANTS]
    writer.copy(
        Membership,
        (
            {"id": member, "firm_id": firm, "person_id": person, "role": role}
            for (member, person), role in zip(found, roles, strict=True)
        ),
    )
    return found


def _person(writer: Writer, person: UUID) -> Row:
    email = f"{person.hex}@kantoor.example"
    password = UNUSABLE_PASSWORD_PREFIX
    return {"id": person, "email": email, "name": name_of(writer), "password": password}


def _packages(firm: UUID, ids: Sequence[UUID]) -> Iterator[Row]:
    fixed = {"firm_id": firm, "connector_id": "email_delivery", "connector_version": "1"}
    for connection, name in zip(ids, PACKAGES, strict=True):
        yield {"id": connection, "name": name, **fixed}


def _clients(writer: Writer, firm: UUID, count: int) -> Iterator[Row]:
    chance = writer.chance
    for number in range(count):
        is_shared = chance.randrange(20) > 0
        yield {
            "id": writer.id(),
            "firm_id": firm,
            "dossier_number": str(10_000 + number),
            "name": name_of(writer),
            "state": chance.choices(["active", "archived", "lost"], [97, 2, 1])[0],
            "shares_documents": is_shared,
            "shared_since": writer.at - _YEAR if is_shared else None,
            "paused_at": writer.at if chance.randrange(100) == 0 else None,
        }


def _numbers(writer: Writer, firm: UUID, clients: Iterable[UUID]) -> Iterator[Row]:
    for place, client in enumerate(clients):
        digits = f"04{place:08d}"
        for scheme, value in (("vat", f"BE{digits}"), ("enterprise", digits)):
            row = {"id": writer.id(), "firm_id": firm, "client_id": client}
            yield {**row, "scheme": scheme, "value": value}


def _assignments(
    writer: Writer, firm: UUID, clients: Sequence[UUID], people: Sequence[tuple[UUID, UUID]]
) -> Iterator[Row]:
    """Share the clients out; a tenth stays with nobody."""
    for place, client in enumerate(clients[: len(clients) * 9 // 10]):
        member = people[place % len(people)][0]
        yield {"id": writer.id(), "firm_id": firm, "client_id": client, "membership_id": member}


def _integrations(firm: UUID, bound: Mapping[UUID, Binding]) -> Iterator[Row]:
    for client, to in bound.items():
        row = {"id": to.integration, "firm_id": firm}
        yield {**row, "client_id": client, "connection_id": to.connection}


def _lanes(firm: UUID, bound: Mapping[UUID, Binding]) -> Iterator[Row]:
    kind = TargetKind.INTEGRATION.value
    for to in bound.values():
        row = {"id": to.integration, "firm_id": firm, "connection_id": to.connection}
        yield {**row, "target_kind": kind, "target_id": to.integration}

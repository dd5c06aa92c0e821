"""Reads what the list shows of the clients on one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, Subquery

from posthorn.archive.models import Document
from posthorn.connections.models import Integration
from posthorn.delivery.models import Delivery
from posthorn.delivery.queries.client_standing import ClientStanding, ClientStatus
from posthorn.delivery.queries.visibility import is_waiting
from posthorn.tenancy.ids import one_of
from posthorn.tenancy.models import Client, ClientAssignment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What came in for a client and where it stands.

    `waiting` counts documents to approve or send, `on_its_way` and `attention` deliveries.
    """

    last_at: datetime | None
    today: int
    week: int
    waiting: int
    on_its_way: int
    attention: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRow:
    """One line of the list; `volume` is None for those who may not read the documents.

    `packages` are the names of the accounting packages it is bound to, `people` those assigned.
    """

    id: UUID
    dossier_number: str
    name: str
    status: ClientStatus
    is_shared: bool
    packages: tuple[str, ...]
    people: tuple[str, ...]
    volume: Volume | None


def read_rows(
    firm: UUID, shown: Sequence[ClientStanding], *, today: datetime, week: datetime
) -> tuple[ClientRow, ...]:
    """Read the lines of one page, in its order; `today` and `week` are where counts begin."""
    ids = [one.id for one in shown]
    people, packages = _people(firm, ids), _packages(firm, ids)
    readable = [one for one in shown if one.is_readable]
    volumes = _volumes(firm, readable, today, week) if readable else {}
    return tuple(
        ClientRow(
            id=one.id,
            dossier_number=one.dossier_number,
            name=one.name,
            status=one.status,
            is_shared=one.is_shared,
            packages=packages.get(one.id, ()),
            people=people.get(one.id, ()),
            volume=volumes.get(one.id),
        )
        for one in shown
    )


def _people(firm: UUID, ids: Collection[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    rows = ClientAssignment.objects.filter(one_of("client_id", ids), firm_id=firm)
    name = "membership__person__name"
    return _gathered(rows.order_by(name).values_list("client_id", name))


def _packages(firm: UUID, ids: Collection[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    rows = Integration.objects.filter(one_of("client_id", ids), firm_id=firm, removed_at=None)
    name = "connection__name"
    return _gathered(rows.order_by(name).values_list("client_id", name).distinct())


def _gathered(pairs: Iterable[tuple[UUID, str]]) -> Mapping[UUID, tuple[str, ...]]:
    found: dict[UUID, list[str]] = {}
    for client, name in pairs:
        found.setdefault(client, []).append(name)
    return {client: tuple(names) for client, names in found.items()}


def _volumes(
    firm: UUID, shown: Sequence[ClientStanding], today: datetime, week: datetime
) -> Mapping[UUID, Volume]:
    ids = [one.id for one in shown]
    last, arrived, moving = _last(firm, ids), _arrived(firm, ids, today, week), _moving(firm, ids)
    return {
        one.id: Volume(
            last_at=last.get(one.id),
            today=arrived.get(one.id, (0, 0))[0],
            week=arrived.get(one.id, (0, 0))[1],
            waiting=one.waiting,
            on_its_way=moving.get(one.id, 0),
            attention=one.attention,
        )
        for one in shown
    }


def _last(firm: UUID, ids: Collection[UUID]) -> Mapping[UUID, datetime | None]:
    of_client = Document.objects.filter(firm_id=firm, client_id=OuterRef("pk"))
    last = of_client.order_by("-arrived_at", "-id").values("arrived_at")[:1]
    rows = Client.objects.filter(one_of("pk", ids), firm_id=firm)
    return dict(rows.annotate(last=Subquery(last)).values_list("pk", "last"))


def _arrived(
    firm: UUID, ids: Collection[UUID], today: datetime, week: datetime
) -> Mapping[UUID, tuple[int, int]]:
    rows = Document.objects.filter(one_of("client_id", ids), firm_id=firm, arrived_at__gte=week)
    counted = rows.values_list("client_id").annotate(
        today=Count("pk", filter=Q(arrived_at__gte=today)), week=Count("pk")
    )
    return {client: (of_today, of_week) for client, of_today, of_week in counted}


def _moving(firm: UUID, ids: Collection[UUID]) -> Mapping[UUID, int]:
    rows = Delivery.objects.filter(is_waiting(), one_of("client_id", ids), firm_id=firm)
    return dict(rows.values_list("client_id").annotate(n=Count("pk")))

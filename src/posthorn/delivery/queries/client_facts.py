"""Reads for all clients of a person at once what decides how each one stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from posthorn.archive.models import Document
from posthorn.archive.queries import documents_visible_to
from posthorn.connections.models import Integration
from posthorn.delivery.queries.client_standing import ClientFacts
from posthorn.delivery.queries.quiet import ARRIVALS, SILENCE, is_quiet, usual_gap
from posthorn.delivery.queries.visibility import deliveries_of, needs_attention
from posthorn.tenancy.access import may_read_documents
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.queries import clients_visible_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.tenancy.access import Viewer
    from posthorn.tenancy.models import Client


UNDECIDED = Q(
    reading="read",
    client__isnull=False,
    released_at__isnull=True,
    rejected_at__isnull=True,
    duplicate_of__isnull=True,
)
"""Documents that wait for a person to approve or send them; an index holds just these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietClient:
    """A client whose documents stayed away; `usual_gap` is the longest there was before."""

    id: UUID
    name: str
    dossier_number: str
    last_at: datetime
    usual_gap: timedelta


class _Seen(NamedTuple):
    """The columns of a client that are read; `is_recent`: something came within a week."""

    id: UUID
    name: str
    dossier_number: str
    state: str
    paused_at: datetime | None
    is_shared: bool
    is_recent: bool


def read_facts(firm: UUID, viewer: Viewer, *, now: datetime) -> tuple[ClientFacts, ...]:
    """Give the facts of every client a person may see, by dossier number. At most 5 queries."""
    return _facts(firm, viewer, _seen(firm, clients_visible_to(firm, viewer), now), now)


def facts_of(firm: UUID, viewer: Viewer, client: UUID, *, now: datetime) -> ClientFacts | None:
    """Give the facts of one client, None when it does not exist for this person."""
    rows = clients_visible_to(firm, viewer).filter(pk=client)
    return next(iter(_facts(firm, viewer, _seen(firm, rows, now), now, only=client)), None)


def _facts(
    firm: UUID,
    viewer: Viewer,
    clients: Sequence[_Seen],
    now: datetime,
    *,
    only: UUID | None = None,
) -> tuple[ClientFacts, ...]:
    # Ids as numbers: Python computes the hash of a UUID anew each time, here for thousands.
    readable = {one.id.int: one for one in clients if _is_readable(viewer, one)}
    bound = _bound(firm, only)
    attention, waiting = _counts(firm, viewer, only) if readable else ({}, {})
    quiet = {one.id.int for one in _quiet(firm, list(readable.values()), now)}
    return tuple(
        ClientFacts(
            id=one.id,
            name=one.name,
            dossier_number=one.dossier_number,
            state=ClientState(one.state),
            is_paused=one.paused_at is not None,
            is_shared=one.is_shared,
            is_readable=number in readable,
            connections=bound.get(number, {}),
            attention=attention.get(number, 0),
            waiting=waiting.get(number, 0),
            is_quiet=number in quiet,
        )
        for number, one in ((one.id.int, one) for one in clients)
    )


def list_quiet(firm: UUID, viewer: Viewer, *, now: datetime) -> tuple[QuietClient, ...]:
    """Give the active clients that went quiet, the longest silence first; two queries."""
    rows = clients_visible_to(firm, viewer).filter(
        state=ClientState.ACTIVE.value, paused_at__isnull=True, shares_documents=True
    )
    found = _quiet(firm, [one for one in _seen(firm, rows, now) if _is_readable(viewer, one)], now)
    return tuple(sorted(found, key=lambda one: (one.last_at, one.id)))


def _is_readable(viewer: Viewer, one: _Seen) -> bool:
    return may_read_documents(viewer, one.id, ClientState(one.state))


def _seen(firm: UUID, rows: QuerySet[Client], now: datetime) -> list[_Seen]:
    recent = Document.objects.filter(
        firm_id=firm, client_id=OuterRef("pk"), arrived_at__gte=now - SILENCE
    )
    columns = ("pk", "name", "dossier_number", "state", "paused_at", "shares_documents")
    read = rows.annotate(is_recent=Exists(recent)).values_list(*columns, "is_recent")
    return [_Seen(*row) for row in read]


def _bound(firm: UUID, only: UUID | None) -> Mapping[int, Mapping[UUID, str]]:
    found: dict[int, dict[UUID, str]] = {}
    rows = Integration.objects.filter(firm_id=firm, removed_at=None)
    rows = rows.filter(client_id=only) if only else rows
    for client, package, name in rows.values_list("client_id", "connection_id", "connection__name"):
        found.setdefault(client.int, {})[package] = name
    return found


def _counts(
    firm: UUID, viewer: Viewer, only: UUID | None
) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Count per client what needs attention and what waits; both from indexes of only those."""
    stuck = deliveries_of(firm, viewer).filter(needs_attention())
    undecided = documents_visible_to(firm, viewer).filter(UNDECIDED)
    if only:
        stuck, undecided = stuck.filter(client_id=only), undecided.filter(client_id=only)
    return _per_client(stuck), _per_client(undecided)


def _per_client(rows: QuerySet[Any]) -> Mapping[int, int]:
    counted = rows.filter(client_id__isnull=False).order_by().values("client_id")
    pairs = counted.annotate(n=Count("pk")).values_list("client_id", "n")
    return {client.int: number for client, number in pairs}


def _quiet(firm: UUID, clients: Sequence[_Seen], now: datetime) -> list[QuietClient]:
    """Look closer at those from whom nothing came for a while; one query."""
    silent = {one.id: one for one in clients if not one.is_recent}
    found = []
    for client, last_at, days in _arrivals(firm, list(silent)) if silent else ():
        usual = usual_gap(map(int, days.split(",")))
        if usual is not None and is_quiet(usual, now - last_at):
            name, number = silent[client].name, silent[client].dossier_number
            found.append(
                QuietClient(
                    id=client, name=name, dossier_number=number, last_at=last_at, usual_gap=usual
                )
            )
    return found


# One text per client: a hundred thousand times would take longer to read than to find.
_ARRIVALS = """
SELECT client.id, max(last.arrived_at),
    string_agg(DISTINCT (last.at_utc::date - DATE '1970-01-01')::text, ',')
FROM unnest(%s::uuid[]) AS client (id) CROSS JOIN LATERAL (
    SELECT arrived_at, arrived_at AT TIME ZONE 'UTC' AS at_utc FROM archive_document
    WHERE firm_id = %s AND client_id = client.id
    ORDER BY arrived_at DESC, id DESC LIMIT %s
) AS last
GROUP BY client.id HAVING count(*) > 1
"""


def _arrivals(firm: UUID, clients: list[UUID]) -> list[tuple[UUID, datetime, str]]:
    """Give of each client the last arrival and the days of the last ones, counted from 1970."""
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVALS, [clients, firm, ARRIVALS])
        return list(cursor.fetchall())

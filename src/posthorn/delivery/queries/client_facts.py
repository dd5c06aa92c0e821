"""Reads for all clients of a person at once what decides how each one stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import Count, Q

from posthorn.archive.models import Document
from posthorn.connections.models import Connection, Integration
from posthorn.delivery.queries.client_standing import ClientFacts, ClientStatus, status_of
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


# Looked up, for ClientState(…) takes six times as long, here for thousands.
_STATES = {one.value: one for one in ClientState}

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
    state: ClientState
    paused_at: datetime | None
    is_shared: bool
    is_recent: bool


def read_facts(firm: UUID, viewer: Viewer, *, now: datetime) -> tuple[ClientFacts, ...]:
    """Give the facts of every client a person may see, by dossier number. At most 7 queries."""
    return _facts(firm, viewer, _seen(firm, clients_visible_to(firm, viewer), now), now)


def facts_of(firm: UUID, viewer: Viewer, client: UUID, *, now: datetime) -> ClientFacts | None:
    """Give the facts of one client, None when it does not exist for this person."""
    rows = clients_visible_to(firm, viewer).filter(pk=client)
    return next(
        iter(_facts(firm, viewer, _seen(firm, rows, now, only=client), now, only=client)), None
    )


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
    facts = [
        ClientFacts(
            id=one.id,
            name=one.name,
            dossier_number=one.dossier_number,
            state=one.state,
            is_paused=one.paused_at is not None,
            is_shared=one.is_shared,
            is_readable=number in readable,
            connections=bound.get(number, {}),
            attention=attention.get(number, 0),
            waiting=waiting.get(number, 0) if number in readable and one.is_shared else 0,
        )
        for number, one in ((one.id.int, one) for one in clients)
    ]
    # Of all the others something else is said first, whether they are quiet or not.
    active = (one.id.int for one in facts if status_of(one) is ClientStatus.ACTIVE)
    asked = [readable[number] for number in active if number in readable]
    quiet = {one.id.int for one in _quiet(firm, asked, now)}
    return tuple(one._replace(is_quiet=True) if one.id.int in quiet else one for one in facts)


def list_quiet(firm: UUID, viewer: Viewer, *, now: datetime) -> tuple[QuietClient, ...]:
    """Give the active clients that went quiet, the longest silence first; two queries."""
    rows = clients_visible_to(firm, viewer).filter(
        state=ClientState.ACTIVE.value, paused_at__isnull=True, shares_documents=True
    )
    found = _quiet(firm, [one for one in _seen(firm, rows, now) if _is_readable(viewer, one)], now)
    return tuple(sorted(found, key=lambda one: (one.last_at, one.id)))


def _is_readable(viewer: Viewer, one: _Seen) -> bool:
    # How much came and went is no document: it shows whether a client shares them or not.
    return may_read_documents(viewer, one.id, one.state, shares=True)


def _seen(
    firm: UUID, rows: QuerySet[Client], now: datetime, *, only: UUID | None = None
) -> list[_Seen]:
    columns = ("pk", "name", "dossier_number", "state", "paused_at", "shares_documents")
    recent = _recent(firm, now - SILENCE, only)
    return [
        _Seen(client, name, number, _STATES[state], paused_at, is_shared, client.int in recent)
        for client, name, number, state, paused_at, is_shared in rows.values_list(*columns)
    ]


def _recent(firm: UUID, since: datetime, only: UUID | None) -> frozenset[int]:
    """Give the clients from whom something came: out of all arrivals, not client by client."""
    arrived = Document.objects.filter(firm_id=firm, arrived_at__gte=since, client_id__isnull=False)
    arrived = arrived.filter(client_id=only) if only else arrived
    found = arrived.order_by().values_list("client_id", flat=True).distinct()
    return frozenset(client.int for client in found)


def _bound(firm: UUID, only: UUID | None) -> Mapping[int, Mapping[UUID, str]]:
    names = dict(Connection.objects.filter(firm_id=firm).values_list("pk", "name"))
    rows = Integration.objects.filter(firm_id=firm, removed_at=None)
    rows = rows.filter(client_id=only) if only else rows
    found: dict[int, dict[UUID, str]] = {}
    for client, package in rows.values_list("client_id", "connection_id"):
        found.setdefault(client.int, {})[package] = names[package]
    return found


def _counts(
    firm: UUID, viewer: Viewer, only: UUID | None
) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Count per client what needs attention and what waits; both from indexes of only those."""
    stuck = deliveries_of(firm, viewer).filter(needs_attention())
    # Whose documents nobody may read any more is known already: no need to join the clients.
    undecided = Document.objects.filter(UNDECIDED, firm_id=firm)
    if only:
        stuck, undecided = stuck.filter(client_id=only), undecided.filter(client_id=only)
    return _per_client(stuck), _per_client(undecided)


def _per_client(rows: QuerySet[Any]) -> Mapping[int, int]:
    counted = rows.filter(client_id__isnull=False).order_by().values("client_id")
    pairs = counted.annotate(n=Count("*")).values_list("client_id", "n")
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
SELECT client.id, known.last_at, known.days
FROM unnest(%s::uuid[]) AS client (id) CROSS JOIN LATERAL (
    SELECT max(last.arrived_at) AS last_at, count(*) AS number,
        string_agg((last.at_utc::date - DATE '1970-01-01')::text, ',') AS days
    FROM (
        SELECT arrived_at, arrived_at AT TIME ZONE 'UTC' AS at_utc FROM archive_document
        WHERE firm_id = %s AND client_id = client.id
        ORDER BY arrived_at DESC, id DESC LIMIT %s
    ) AS last
) AS known
WHERE known.number > 1
"""


def _arrivals(firm: UUID, clients: list[UUID]) -> list[tuple[UUID, datetime, str]]:
    """Give of each client the last arrival and the days of the last ones, counted from 1970."""
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVALS, [clients, firm, ARRIVALS])
        return list(cursor.fetchall())

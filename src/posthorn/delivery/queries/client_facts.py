"""Reads for all clients of a person at once what decides how each one stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q

from posthorn.archive.models import Document
from posthorn.connections.models import Integration
from posthorn.delivery.queries.client_standing import ClientFacts, ClientStatus, status_of
from posthorn.delivery.queries.quiet import ARRIVALS, SILENCE, is_quiet, usual_gap
from posthorn.delivery.queries.visibility import deliveries_of, needs_attention
from posthorn.tenancy.access import may_read_documents
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.queries import clients_visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.tenancy.access import Viewer

    _Part = tuple[str, tuple[Any, ...]]


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


class _Row(NamedTuple):
    """What is read of a client; `is_recent`: something came within a week."""

    id: UUID
    name: str
    dossier_number: str
    state: str
    paused_at: datetime | None
    shares_documents: bool
    is_bound: bool
    is_recent: bool
    stuck: int
    undecided: int


def read_facts(firm: UUID, viewer: Viewer, *, now: datetime) -> tuple[ClientFacts, ...]:
    """Give the facts of every client a person may see, by dossier number, in two queries."""
    return _facts(firm, viewer, now, only=None)


def facts_of(firm: UUID, viewer: Viewer, client: UUID, *, now: datetime) -> ClientFacts | None:
    """Give the facts of one client, None when it does not exist for this person."""
    return next(iter(_facts(firm, viewer, now, only=client)), None)


def _facts(
    firm: UUID, viewer: Viewer, now: datetime, *, only: UUID | None
) -> tuple[ClientFacts, ...]:
    found, silent = [], []
    for row in _rows(firm, viewer, now, only):
        state = _STATES[row.state]
        # How much came and went is no document: it shows whether a client shares them or not.
        is_readable = may_read_documents(viewer, row.id, state, shares=True)
        one = ClientFacts(
            id=row.id,
            name=row.name,
            dossier_number=row.dossier_number,
            state=state,
            is_paused=row.paused_at is not None,
            is_shared=row.shares_documents,
            is_readable=is_readable,
            is_bound=row.is_bound,
            attention=row.stuck,
            waiting=row.undecided if is_readable and row.shares_documents else 0,
        )
        found.append(one)
        # Of all the others something else is said first, whether they are quiet or not.
        if is_readable and not row.is_recent and status_of(one) is ClientStatus.ACTIVE:
            silent.append(row.id)
    quiet = frozenset(_quiet(firm, silent, now)) if silent else frozenset()
    return tuple(one._replace(is_quiet=True) if one.id in quiet else one for one in found)


_ROWS = """
SELECT client.*, client.id IN ({bound}), client.id IN ({recent}),
    coalesce(stuck.number, 0), coalesce(undecided.number, 0)
FROM ({visible}) AS client (id, name, dossier_number, state, paused_at, shares_documents)
LEFT JOIN ({stuck}) AS stuck (client_id, number) ON stuck.client_id = client.id
LEFT JOIN ({undecided}) AS undecided (client_id, number) ON undecided.client_id = client.id
ORDER BY client.dossier_number
"""


def _rows(firm: UUID, viewer: Viewer, now: datetime, only: UUID | None) -> list[_Row]:
    """Ask for all at once: each part is read in full from an index that holds little else."""
    visible = clients_visible_to(firm, viewer)
    visible = visible.filter(pk=only) if only else visible
    of_client = Q(client_id=only) if only else Q()
    documents = Document.objects.filter(of_client, firm_id=firm)
    recent = documents.filter(arrived_at__gte=now - SILENCE, client_id__isnull=False)
    bound = Integration.objects.filter(of_client, firm_id=firm, removed_at=None)
    stuck = deliveries_of(firm, viewer).filter(needs_attention(), of_client)
    parts = {
        "bound": bound.values_list("client_id"),
        "recent": recent.order_by().values_list("client_id").distinct(),
        "visible": visible.order_by().values_list(*_Row._fields[:6]),
        "stuck": _per_client(stuck),
        # Whose documents nobody may read any more is known already: no need to join the clients.
        "undecided": _per_client(documents.filter(UNDECIDED)),
    }
    written = {name: _written(rows) for name, rows in parts.items()}
    query = _ROWS.format_map({name: sql for name, (sql, _) in written.items()})
    with connection.cursor() as cursor:
        cursor.execute(query, [value for _, values in written.values() for value in values])
        return [_Row._make(row) for row in cursor.fetchall()]


def _per_client(rows: QuerySet[Any]) -> QuerySet[Any]:
    of_clients = rows.filter(client_id__isnull=False).order_by().values("client_id")
    counted: QuerySet[Any] = of_clients.annotate(n=Count("*")).values_list("client_id", "n")
    return counted


def _written(rows: QuerySet[Any]) -> _Part:
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:  # this person reads no deliveries, as is known without asking
        return _NOTHING, ()


_NOTHING = "SELECT NULL::uuid, 0 WHERE false"


def _quiet(firm: UUID, clients: list[UUID], now: datetime) -> Iterable[UUID]:
    """Look closer at those from whom nothing came for a while; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVALS, [clients, firm, ARRIVALS])
        for client, last_at, days in cursor.fetchall():
            if is_quiet(usual_gap(days), now - last_at):
                yield client


# One row per client: a hundred thousand would take longer to read than to find.
_ARRIVALS = """
SELECT client.id, known.last_at, known.days
FROM unnest(%s::uuid[]) AS client (id) CROSS JOIN LATERAL (
    SELECT max(last.arrived_at) AS last_at, count(*) AS number,
        array_agg(last.at_utc::date - DATE '1970-01-01') AS days
    FROM (
        SELECT arrived_at, arrived_at AT TIME ZONE 'UTC' AS at_utc FROM archive_document
        WHERE firm_id = %s AND client_id = client.id
        ORDER BY arrived_at DESC, id DESC LIMIT %s
    ) AS last
) AS known
WHERE known.number > 1
"""

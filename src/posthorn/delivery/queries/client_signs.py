"""Reads for all clients of a person at once what decides how each one stands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q

from posthorn.archive.models import Document
from posthorn.connections.models import Integration
from posthorn.delivery.queries.client_standing import (
    ClientStanding,
    ClientStatus,
    Signs,
    status_of,
)
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

    state: str
    is_paused: bool
    is_shared: bool
    is_bound: bool
    is_recent: bool
    stuck: int
    undecided: int


def read_standings(firm: UUID, viewer: Viewer, *, now: datetime) -> tuple[ClientStanding, ...]:
    """Give the signs of every client a person may see, by dossier number; two queries."""
    return _standings(firm, viewer, now, only=None)


def signs_of(firm: UUID, viewer: Viewer, client: UUID, *, now: datetime) -> Signs | None:
    """Give the signs of one client, None when it does not exist for this person."""
    found = _standings(firm, viewer, now, only=client)
    return found[0].signs if found else None


def count_statuses(firm: UUID, viewer: Viewer, *, now: datetime) -> Counter[ClientStatus]:
    """Count the clients a person may see by how they stand; two queries, few rows."""
    counts: Counter[ClientStatus] = Counter()
    silent: list[UUID] = []
    for _, *row, ids in _asked(_GROUPS, firm, viewer, now, [list(viewer.own)]):
        one = _Row._make(row)
        # Whoever sees a client reads its documents by his role, and his own company's in any case.
        signs = _signs(viewer, ids[0], one)
        counts[status_of(signs)] += len(ids)
        if _may_be_quiet(signs, one):
            silent.extend(ids)
    quiet = sum(1 for _ in _quiet(firm, silent, now))
    counts[ClientStatus.ACTIVE] -= quiet
    counts[ClientStatus.QUIET] += quiet
    return counts


def _standings(
    firm: UUID, viewer: Viewer, now: datetime, *, only: UUID | None
) -> tuple[ClientStanding, ...]:
    found, silent = [], []
    for id_, name, number, *row in _asked(_ROWS, firm, viewer, now, [], only=only):
        one = _Row._make(row)
        signs = _signs(viewer, id_, one)
        found.append(ClientStanding(id_, name, number, signs))
        if _may_be_quiet(signs, one):
            silent.append(id_)
    quiet = frozenset(_quiet(firm, silent, now))
    return tuple(_quieted(one) if one.id in quiet else one for one in found)


def _signs(viewer: Viewer, client: UUID, row: _Row) -> Signs:
    state = _STATES[row.state]
    # How much came and went is no document: it shows whether a client shares them or not.
    is_readable = may_read_documents(viewer, client, state, shares=True)
    return Signs(
        state=state,
        is_paused=row.is_paused,
        is_shared=row.is_shared,
        is_readable=is_readable,
        is_bound=row.is_bound,
        attention=row.stuck,
        waiting=row.undecided if is_readable and row.is_shared else 0,
    )


def _may_be_quiet(signs: Signs, row: _Row) -> bool:
    """Tell whom to look closer at: of all others something else is said first."""
    return signs.is_readable and not row.is_recent and status_of(signs) is ClientStatus.ACTIVE


def _quieted(one: ClientStanding) -> ClientStanding:
    return one._replace(signs=one.signs._replace(is_quiet=True))


_EACH = """
SELECT client.id, client.name, client.dossier_number, client.state, client.paused_at IS NOT NULL,
    client.shares_documents, client.id IN ({bound}), client.id IN ({recent}),
    coalesce(stuck.number, 0), coalesce(undecided.number, 0)
FROM ({visible}) AS client (id, name, dossier_number, state, paused_at, shares_documents)
LEFT JOIN ({stuck}) AS stuck (client_id, number) ON stuck.client_id = client.id
LEFT JOIN ({undecided}) AS undecided (client_id, number) ON undecided.client_id = client.id
"""
_ROWS = "{each} ORDER BY client.dossier_number"
# Clients that stand alike are one row, with their ids.
_GROUPS = """
SELECT id = ANY(%s::uuid[]), state, is_paused, is_shared, is_bound, is_recent,
    least(stuck, 1), least(undecided, 1), array_agg(id)
FROM ({each}) AS client (id, name, dossier_number, state, is_paused, is_shared, is_bound,
    is_recent, stuck, undecided)
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""


def _asked(
    query: str,
    firm: UUID,
    viewer: Viewer,
    now: datetime,
    values: list[list[UUID]],
    *,
    only: UUID | None = None,
) -> list[tuple[Any, ...]]:
    """Ask for all at once: each part is read in full from an index that holds little else."""
    visible = clients_visible_to(firm, viewer)
    visible = visible.filter(pk=only) if only else visible
    of_client = Q(client_id=only) if only else Q()
    documents = Document.objects.filter(of_client, firm_id=firm)
    recent = documents.filter(arrived_at__gte=now - SILENCE, client_id__isnull=False)
    bound = Integration.objects.filter(of_client, firm_id=firm, removed_at=None)
    stuck = deliveries_of(firm, viewer).filter(needs_attention(), of_client)
    columns = ("id", "name", "dossier_number", "state", "paused_at", "shares_documents")
    parts = {
        "bound": _written(bound.values_list("client_id")),
        "recent": _written(recent.order_by().values_list("client_id")),
        "visible": _written(visible.order_by().values_list(*columns)),
        "stuck": _written(_per_client(stuck)),
        # Whose documents nobody may read any more is known already: no need to join the clients.
        "undecided": _written(_per_client(documents.filter(UNDECIDED))),
    }
    each = _EACH.format_map({name: sql for name, (sql, _) in parts.items()})
    in_order = [value for _, given in parts.values() for value in given]
    with connection.cursor() as cursor:
        cursor.execute(query.format(each=each), [*values, *in_order])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


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
    """Look closer at those from whom nothing came for a while; one query, none without any."""
    if not clients:
        return
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

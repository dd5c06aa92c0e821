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
from posthorn.delivery.queries.quiet import SILENCE
from posthorn.delivery.queries.rhythms import quiet_among
from posthorn.delivery.queries.visibility import deliveries_of, needs_attention
from posthorn.tenancy.access import may_read_documents
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.queries import clients_visible_to

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.tenancy.access import Viewer

    _Part = tuple[str, tuple[Any, ...]]


UNDECIDED = Q(
    reading="read",
    client__isnull=False,
    released_at__isnull=True,
    rejected_at__isnull=True,
    duplicate_of__isnull=True,
)
"""Documents that wait for a person to approve or send them; an index holds just these."""


class _Shape(NamedTuple):
    """What decides how a client stands, as it is read: thousands share a few dozen shapes.

    `is_own`: it is the person's own company; `is_recent`: something came within a week.
    """

    is_own: bool
    state: str
    is_paused: bool
    is_shared: bool
    is_bound: bool
    is_recent: bool
    is_stuck: bool
    is_undecided: bool


class _Kind(NamedTuple):
    """How clients of one shape stand; of those that may be quiet it takes a closer look."""

    status: ClientStatus
    is_shared: bool
    is_readable: bool
    may_be_quiet: bool


def read_standings(firm: UUID, viewer: Viewer, *, now: datetime) -> list[ClientStanding]:
    """Give how every client stands that a person may see, in no order; two queries."""
    kinds: dict[tuple[Any, ...], _Kind] = {}
    found, silent = [], []
    for id_, name, number, stuck, undecided, *columns in _asked(_EACH, firm, viewer, now):
        shape = tuple(columns)
        kind = kinds.get(shape)
        if kind is None:
            kind = kinds[shape] = _kind(viewer, id_, _Shape._make(shape))
        status, is_shared, is_readable, may_be_quiet = kind
        waiting = undecided if is_shared and is_readable else 0
        found.append(
            ClientStanding(id_, name, number, status, is_shared, is_readable, stuck, waiting)
        )
        if may_be_quiet:
            silent.append(id_)
    quiet = quiet_among(firm, silent, now=now)
    return [one._replace(status=ClientStatus.QUIET) if one.id in quiet else one for one in found]


def signs_of(firm: UUID, viewer: Viewer, client: UUID, *, now: datetime) -> Signs | None:
    """Give the signs of one client, None when it does not exist for this person."""
    for id_, _, _, stuck, undecided, *columns in _asked(_EACH, firm, viewer, now, only=client):
        shape = _Shape._make(columns)
        signs = _signs(viewer, id_, shape)
        may_be_quiet = _kind(viewer, id_, shape).may_be_quiet
        return signs._replace(
            attention=stuck,
            waiting=undecided if signs.waiting else 0,
            is_quiet=may_be_quiet and client in quiet_among(firm, [client], now=now),
        )
    return None


def count_statuses(firm: UUID, viewer: Viewer, *, now: datetime) -> Counter[ClientStatus]:
    """Count the clients a person may see by how they stand; two queries, few rows."""
    counts: Counter[ClientStatus] = Counter()
    silent: list[UUID] = []
    for *columns, ids in _asked(_GROUPED, firm, viewer, now):
        shape = _Shape._make(columns)
        # Whoever sees a client reads its documents by his role, and his own company's in any case.
        kind = _kind(viewer, ids[0], shape)
        counts[kind.status] += len(ids)
        if kind.may_be_quiet:
            silent.extend(ids)
    quiet = len(quiet_among(firm, silent, now=now))
    counts[ClientStatus.ACTIVE] -= quiet
    counts[ClientStatus.QUIET] += quiet
    return counts


def _signs(viewer: Viewer, client: UUID, shape: _Shape) -> Signs:
    """Give the signs of a shape: how much needs somebody or waits is 1 for any number."""
    state = ClientState(shape.state)
    # How much came and went is no document: it shows whether a client shares them or not.
    is_readable = may_read_documents(viewer, client, state, shares=True)
    return Signs(
        state=state,
        is_paused=shape.is_paused,
        is_shared=shape.is_shared,
        is_readable=is_readable,
        is_bound=shape.is_bound,
        attention=int(shape.is_stuck),
        waiting=int(shape.is_undecided and is_readable and shape.is_shared),
    )


def _kind(viewer: Viewer, client: UUID, shape: _Shape) -> _Kind:
    signs = _signs(viewer, client, shape)
    status = status_of(signs)
    return _Kind(
        status=status,
        is_shared=signs.is_shared,
        is_readable=signs.is_readable,
        may_be_quiet=signs.is_readable and not shape.is_recent and status is ClientStatus.ACTIVE,
    )


_EACH = """
SELECT client.id, client.name, client.dossier_number,
    coalesce(stuck.number, 0), coalesce(undecided.number, 0),
    client.id = ANY({own}), client.state, client.paused_at IS NOT NULL, client.shares_documents,
    client.id IN ({bound}), client.id IN ({recent}),
    stuck.number IS NOT NULL, undecided.number IS NOT NULL
FROM ({visible}) AS client (id, name, dossier_number, state, paused_at, shares_documents)
LEFT JOIN ({stuck}) AS stuck (client_id, number) ON stuck.client_id = client.id
LEFT JOIN ({undecided}) AS undecided (client_id, number) ON undecided.client_id = client.id
"""
# Clients of one shape are one row, with their ids.
_GROUPED = f"""
SELECT is_own, state, is_paused, is_shared, is_bound, is_recent, is_stuck, is_undecided,
    array_agg(id)
FROM ({_EACH}) AS client (id, name, dossier_number, stuck, undecided,
    is_own, state, is_paused, is_shared, is_bound, is_recent, is_stuck, is_undecided)
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""  # noqa: S608  # both are constants


def _asked(
    statement: str,
    firm: UUID,
    viewer: Viewer,
    now: datetime,
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
    parts: dict[str, _Part] = {
        "own": ("%s::uuid[]", (list(viewer.own),)),
        "bound": _written(bound.values_list("client_id")),
        "recent": _written(recent.order_by().values_list("client_id")),
        "visible": _written(visible.order_by().values_list(*columns)),
        "stuck": _written(_per_client(stuck)),
        # Whose documents nobody may read any more is known already: no need to join the clients.
        "undecided": _written(_per_client(documents.filter(UNDECIDED))),
    }
    asked = statement.format_map({name: sql for name, (sql, _) in parts.items()})
    in_order = [value for _, given in parts.values() for value in given]
    with connection.cursor() as cursor:
        cursor.execute(asked, in_order)
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

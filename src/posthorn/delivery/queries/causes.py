"""Groups what stands still by its cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Min

from posthorn.connections.models import Connection
from posthorn.delivery.queries.visibility import deliveries_of, needs_attention
from posthorn.delivery.states import STATES, Button, State

if TYPE_CHECKING:
    from datetime import datetime

    from posthorn.tenancy.access import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why deliveries stand still: one line, however many documents."""

    connection: UUID
    connection_name: str
    connector_id: str
    state: State
    reason: str
    code: str
    deliveries: int
    clients: int
    since: datetime
    button: Button  # what helps, for those who may work on the documents
    client: UUID | None = None  # the one whose deliveries they are


def list_causes(firm: UUID, viewer: Viewer, *, client: UUID | None = None) -> tuple[Cause, ...]:
    """Group what somebody must look at by its cause, the largest group first."""
    rows = deliveries_of(firm, viewer).filter(needs_attention()).order_by()
    rows = rows.filter(client_id=client) if client else rows
    each = rows.values("connection_id", "state", "reason", "code", "client_id")
    try:
        statement, values = each.annotate(Count("id"), Min("moved_at")).query.sql_with_params()
    except EmptyResultSet:  # this person reads no deliveries, as is known without asking
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_GROUPED.format(each=statement), values)
        groups = cursor.fetchall()
    # Asked for by themselves: joined, all deliveries of a package would be looked through.
    packages = Connection.objects.filter(firm_id=firm, id__in={group[0] for group in groups})
    known = packages.only("name", "connector_id").in_bulk()
    causes = [_cause(known[package], *group) for package, *group in groups]
    return tuple(sorted(causes, key=lambda cause: (-cause.deliveries, cause.since)))


# In two steps: to count the clients of each group apart, all its deliveries would be sorted.
# Of one client, its id; PostgreSQL takes no least of ids themselves.
_GROUPED = """
SELECT connection_id, state, reason, code, sum(deliveries)::int, count(*), min(since),
    min(client_id::text)
FROM ({each}) AS of_client (connection_id, state, reason, code, client_id, deliveries, since)
GROUP BY 1, 2, 3, 4
"""


def _cause(  # noqa: PLR0913, PLR0917  # the columns of a group
    package: Connection,
    state: str,
    reason: str,
    code: str,
    deliveries: int,
    clients: int,
    since: datetime,
    client: str,
) -> Cause:
    return Cause(
        connection=package.id,
        connection_name=package.name,
        connector_id=package.connector_id,
        state=State(state),
        reason=reason,
        code=code,
        deliveries=deliveries,
        clients=clients,
        since=since,
        button=STATES[State(state)].button,
        client=UUID(client) if clients == 1 else None,
    )

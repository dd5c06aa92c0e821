"""Creates the deliveries of released documents, inside the transaction that releases them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from posthorn.archive.kinds import kind_of
from posthorn.archive.models import Document
from posthorn.connections.models import Integration
from posthorn.delivery import lanes, moves
from posthorn.delivery.models import Delivery
from posthorn.delivery.plan import plan
from posthorn.delivery.routes import route_of
from posthorn.delivery.states import Actor, Hold, State, sources_of
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy import audit
from posthorn.tenancy.models import Client

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from posthorn.delivery.plan import Plan, Route

# The database's clock decides what is due; places in the queue are given out in order of arrival.
_INSERT = """
INSERT INTO delivery_delivery
    (id, firm_id, lane_id, client_id, document_id, integration_id, connection_id, key, position,
     state, reason, next_at, released_at, planned_at, moved_at, code, detail, attempts, spent,
     unknowns, revision, remote_id, url, resend_reason, copy, processed_by)
SELECT m.id, %s, m.lane, m.client, m.document, m.integration, m.connection,
       replace(m.id::text, '-', ''), nextval('delivery_position'), m.state, m.reason,
       CASE WHEN m.reason = '' THEN clock_timestamp() END, m.released_at, clock_timestamp(),
       clock_timestamp(), '', '', 0, 0, 0, 0, '', '', '', 0, ''
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[],
            %s::text[], %s::timestamptz[])
    AS m(id, lane, client, document, integration, connection, state, reason, released_at)
"""
_LEFT = (State.ACCEPTED, State.DELIVERED, State.SENDING, State.UNKNOWN)


class Planner:
    """The one implementation of the archive's ReleasePlanner."""

    def plan(self, documents: Sequence[Document], *, actor: str) -> None:
        """Create deliveries in order of arrival, and wake their lanes at commit."""
        clients = {document.client_id for document in documents if document.client_id}
        integrations = _integrations(clients)
        routes = {integration.id: route_of(integration) for integration in integrations}
        shared = dict(Client.objects.filter(id__in=clients).values_list("id", "shares_documents"))
        by_client: dict[UUID, list[Route]] = {}
        for integration in integrations:
            by_client.setdefault(integration.client_id, []).append(routes[integration.id])
        plans = [(document, _plan(document, shared, by_client)) for document in documents]
        _create(plans, integrations, actor)
        _note_reasons(plans)

    def withdraw(self, documents: Sequence[Document], *, actor: str) -> None:
        """Cancel what has not left; mark what may have left as *take out of the package*."""
        mine = Delivery.objects.filter(document_id__in=[document.id for document in documents])
        # Waits for what the engine is writing right now: what it begins may have left.
        rows = list(mine.order_by("id").select_for_update(of=("self",)))
        unsent = [row for row in rows if _can_be_cancelled(row)]
        moves.move(unsent, State.CANCELLED, by=Actor.SETTINGS, actor=actor, note="withdrawn")
        _mark_take_out([row for row in rows if _may_have_left(row)], actor)
        unanswered = [row for row in rows if row.state == State.UNKNOWN]
        moves.move(unanswered, State.HELD, by=Actor.SETTINGS, actor=actor, hold=Hold.WITHDRAWN)


def _can_be_cancelled(row: Delivery) -> bool:
    return not row.unknowns and State(row.state) in sources_of(State.CANCELLED, Actor.SETTINGS)


def _may_have_left(row: Delivery) -> bool:
    return row.take_out_at is None and (row.state in _LEFT or row.unknowns > 0)


def _integrations(clients: Collection[UUID]) -> list[Integration]:
    rows = Integration.objects.select_related("connection", "client")
    return list(rows.filter(client_id__in=clients, removed_at__isnull=True).order_by("id"))


def _plan(document: Document, shared: dict[UUID, bool], by_client: dict[UUID, list[Route]]) -> Plan:
    client, released_at = document.client_id, document.released_at
    if client is None or released_at is None:
        message = f"Document {document.id} is not released to a client."
        raise ValueError(message)
    return plan(
        kind=kind_of(document),
        released_at=released_at,
        is_shared=shared[client],
        routes=by_client.get(client, ()),
    )


def _create(
    plans: Sequence[tuple[Document, Plan]], integrations: Sequence[Integration], actor: str
) -> None:
    wanted = [(document, planned) for document, one in plans for planned in one.deliveries]
    if not wanted:
        return
    used = {planned.integration_id for _, planned in wanted}
    targets = {
        integration.id: integration for integration in integrations if integration.id in used
    }
    queues = lanes.lanes_of(targets.values())
    rows = [
        (
            new_id(),
            queues[planned.integration_id].id,
            document.client_id,
            document.id,
            planned.integration_id,
            targets[planned.integration_id].connection_id,
            State.HELD if planned.hold else State.QUEUED,
            planned.hold or "",
            document.released_at,
        )
        for document, planned in wanted
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [wanted[0][0].firm_id, *map(list, zip(*rows, strict=True))])
    audit.record(
        planned_entry(document, row[0], planned.hold, actor)
        for row, (document, planned) in zip(rows, wanted, strict=True)
    )
    lanes.wake(queues[planned.integration_id].id for _, planned in wanted if planned.hold is None)


def next_positions(count: int) -> list[int]:
    """Take places at the end of all queues, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('delivery_position') FROM generate_series(1, %s)", [count])
        return [position for (position,) in cursor.fetchall()]


def planned_entry(document: Document, delivery: UUID, hold: Hold | None, actor: str) -> audit.Entry:
    """Tell the audit trail that a delivery exists, and whether it waits for somebody."""
    detail = {"document": str(document.id), "client": str(document.client_id)}
    if hold:
        detail["reason"] = str(hold)
    return audit.Entry(
        firm=document.firm_id,
        actor=actor,
        action="delivery.planned",
        subject_kind="delivery",
        subject_id=delivery,
        detail=detail,
    )


def _note_reasons(plans: Sequence[tuple[Document, Plan]]) -> None:
    by_reason: dict[str, list[UUID]] = {}
    for document, one in plans:
        by_reason.setdefault(one.not_planned or "", []).append(document.id)
    for reason, ids in by_reason.items():
        rows = Document.objects.filter(id__in=ids).exclude(not_planned=reason)
        rows.update(not_planned=reason)


def _mark_take_out(rows: Sequence[Delivery], actor: str) -> None:
    Delivery.objects.filter(id__in=[row.id for row in rows]).update(take_out_at=now())
    audit.record(
        audit.Entry(
            firm=row.firm_id,
            actor=actor,
            action="delivery.take_out",
            subject_kind="delivery",
            subject_id=row.id,
            detail={"client": str(row.client_id)},
        )
        for row in rows
    )

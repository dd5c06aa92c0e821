"""Lists deliveries, and opens one with its attempts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from posthorn.delivery.actions import possible
from posthorn.delivery.models import Attempt, Delivery
from posthorn.delivery.queries.pages import SIZE, Page, read_number_cursor
from posthorn.delivery.queries.reports import ReportRow, reports_of
from posthorn.delivery.queries.returns import ReturnRow, returns_of_delivery
from posthorn.delivery.queries.sent import Sent, sent_of
from posthorn.delivery.queries.visibility import deliveries_of, needs_attention, newest_first
from posthorn.delivery.states import State
from posthorn.tenancy.access import may_add_documents, may_read_documents
from posthorn.tenancy.life import ClientState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.tenancy.access import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """What is looked for; `is_attention` narrows to what somebody must look at."""

    client: UUID | None = None
    connection: UUID | None = None
    state: State | None = None
    reason: str = ""
    code: str = ""
    is_attention: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One line of the list; without `is_open` the document's content stays closed."""

    id: UUID
    number: str
    file_name: str
    document: UUID
    sha256: str
    client: UUID
    client_name: str
    dossier_number: str
    connection: UUID
    connection_name: str
    connector_id: str
    state: State
    reason: str
    code: str
    detail: str
    attempts: int
    copy: int
    planned_at: datetime
    moved_at: datetime
    next_at: datetime | None
    processed_at: datetime | None
    processed_by: str
    take_out_at: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """One try; `evidence` is what the other side gave as proof."""

    number: int
    revision: int
    started_at: datetime
    finished_at: datetime | None
    outcome: str
    code: str
    detail: str
    evidence: Mapping[str, str]

    @classmethod
    def of(cls, one: Attempt, *, is_open: bool) -> AttemptRow:
        """Read a try; what the other side wrote shows only where the content is open."""
        return cls(
            number=one.number,
            revision=one.revision,
            started_at=one.started_at,
            finished_at=one.finished_at,
            outcome=one.outcome,
            code=one.code,
            detail=one.detail if is_open else "",
            evidence={str(name): str(value) for name, value in one.evidence.items() if value},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One of the deliveries of the same document by the same way; 0 is the first."""

    id: UUID
    copy: int
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """One delivery with everything its page shows; `moves` is what this person may do with it."""

    row: DeliveryRow
    remote_id: str
    url: str
    resend_reason: str
    released_at: datetime
    attempts: tuple[AttemptRow, ...]
    sent: Sent | None
    copies: tuple[Copy, ...]
    is_workable: bool
    moves: frozenset[State]
    returns: tuple[ReturnRow, ...]  # what came back by mail, the newest first
    reports: tuple[ReportRow, ...]  # what the package said later, the first thing first


def list_deliveries(
    firm: UUID, viewer: Viewer, wanted: DeliveryFilter, *, after: str = ""
) -> Page[DeliveryRow]:
    """Give one page of deliveries, the last planned first; raises CursorError."""
    rows = _matching(deliveries_of(firm, viewer), wanted)
    if after:
        rows = rows.filter(position__lt=read_number_cursor(after))
    joined = rows.select_related("client", "document", "connection")
    found = list(newest_first(joined)[: SIZE + 1])
    shown = found[:SIZE]
    return Page(
        rows=tuple(row_of(one, viewer) for one in shown),
        after=str(shown[-1].position) if len(found) > SIZE else "",
    )


def open_delivery(firm: UUID, viewer: Viewer, delivery_id: UUID) -> DeliveryPage | None:
    """Give one delivery, None when it does not exist for this person."""
    rows = deliveries_of(firm, viewer).select_related("client", "document", "connection")
    delivery = rows.filter(id=delivery_id).first()
    if delivery is None:
        return None
    row = row_of(delivery, viewer)
    is_workable = may_add_documents(viewer, delivery.client_id, ClientState(delivery.client.state))
    return DeliveryPage(
        row=row,
        remote_id=delivery.remote_id,
        url=delivery.url,
        resend_reason=delivery.resend_reason if row.is_open else "",
        released_at=delivery.released_at,
        attempts=tuple(_attempts(delivery, is_open=row.is_open)),
        sent=sent_of(delivery, is_open=row.is_open),
        copies=_copies(firm, viewer, delivery),
        is_workable=is_workable,
        moves=frozenset(possible(row.state)) if is_workable else frozenset(),
        returns=returns_of_delivery(firm, delivery.id, is_open=row.is_open),
        reports=tuple(reports_of(firm, {row.id: row.is_open}).get(row.id, ())),
    )


def row_of(delivery: Delivery, viewer: Viewer) -> DeliveryRow:
    """Read one line; client, document and connection are already loaded with it."""
    document, client, connection = delivery.document, delivery.client, delivery.connection
    state, shares = ClientState(client.state), client.shares_documents
    is_open = may_read_documents(viewer, client.pk, state, shares=shares)
    return DeliveryRow(
        id=delivery.id,
        number=document.number,
        file_name=document.file_name if is_open else "",
        document=document.id,
        sha256=document.sha256,
        client=client.pk,
        client_name=client.name,
        dossier_number=client.dossier_number,
        connection=connection.pk,
        connection_name=connection.name,
        connector_id=connection.connector_id,
        state=State(delivery.state),
        reason=delivery.reason,
        code=delivery.code,
        detail=delivery.detail if is_open else "",
        attempts=delivery.attempts,
        copy=delivery.copy,
        planned_at=delivery.planned_at,
        moved_at=delivery.moved_at,
        next_at=delivery.next_at,
        processed_at=delivery.processed_at,
        processed_by=delivery.processed_by,
        take_out_at=delivery.take_out_at,
        is_open=is_open,
    )


def _matching(rows: QuerySet[Delivery], wanted: DeliveryFilter) -> QuerySet[Delivery]:
    """Narrow deliveries to what is looked for."""
    exact = {
        "client_id": wanted.client,
        "connection_id": wanted.connection,
        "state": wanted.state,
        "reason": wanted.reason,
        "code": wanted.code,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    return rows.filter(needs_attention()) if wanted.is_attention else rows


def _attempts(delivery: Delivery, *, is_open: bool) -> list[AttemptRow]:
    rows = Attempt.objects.filter(firm_id=delivery.firm_id, delivery_id=delivery.id)
    return [AttemptRow.of(one, is_open=is_open) for one in rows.order_by("-number")]


def _copies(firm: UUID, viewer: Viewer, delivery: Delivery) -> tuple[Copy, ...]:
    root = delivery.resend_of_id or delivery.id
    rows = deliveries_of(firm, viewer).filter(Q(id=root) | Q(resend_of_id=root))
    listed = rows.exclude(id=delivery.id).order_by("copy").values_list("id", "copy", "state")
    return tuple(Copy(id=row, copy=copy, state=State(state)) for row, copy, state in listed)

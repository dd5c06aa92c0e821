"""Lists documents and opens one, with where each stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from posthorn.archive.directions import Reading
from posthorn.archive.queries import documents_visible_to
from posthorn.archive.rules import is_doubtful
from posthorn.delivery.models import Delivery
from posthorn.delivery.queries.deliveries import DeliveryRow, row_of
from posthorn.delivery.queries.pages import SIZE, Page, read_time_cursor, time_cursor
from posthorn.delivery.queries.standing import DocumentFacts, Standing, standing_of
from posthorn.delivery.queries.visibility import (
    deliveries_of,
    is_proven,
    is_waiting,
    needs_attention,
)
from posthorn.delivery.states import State
from posthorn.tenancy.access import may_work_documents
from posthorn.tenancy.life import ClientState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.archive.models import Document
    from posthorn.tenancy.access import Viewer

_READ = Reading.READ.value
_UNREAD = (Reading.UNREADABLE.value, Reading.QUARANTINED.value)
_MAX_PARTS = 200
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Where(StrEnum):
    """The parts into which a list of documents falls."""

    ATTENTION = "attention"
    TO_DECIDE = "to_decide"
    UNASSIGNED = "unassigned"
    ON_ITS_WAY = "on_its_way"
    ARRIVED = "arrived"
    NOWHERE = "nowhere"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """What is looked for; `text` matches numbers, names, file names and SHA-256."""

    client: UUID | None = None
    where: Where | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One line of the list."""

    id: UUID
    arrived_at: datetime
    issue_date: date | None
    client: UUID | None
    client_name: str
    dossier_number: str
    category: str
    direction: str
    counterparty: str
    number: str
    file_name: str
    total: Decimal | None
    currency: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """One document with everything its page shows; `is_workable` for those who may decide on it."""

    row: DocumentRow
    document: Document
    is_workable: bool
    duplicate_of: UUID | None
    deliveries: tuple[DeliveryRow, ...]
    parent: UUID | None = None  # the file it was cut out of, for those who may open it
    parts: tuple[DocumentRow, ...] = ()  # those of its parts they may open, the first ones


def list_documents(
    firm: UUID, viewer: Viewer, wanted: DocumentFilter, *, after: str = ""
) -> Page[DocumentRow]:
    """Give one page of documents, newest arrival first; raises CursorError."""
    rows = _matching(documents_visible_to(firm, viewer), wanted)
    if after:
        at, last = read_time_cursor(after)
        rows = rows.filter(Q(arrived_at__lt=at) | Q(arrived_at=at, id__lt=last))
    found = list(rows.order_by("-arrived_at", "-id")[: SIZE + 1])
    shown = found[:SIZE]
    more = time_cursor(shown[-1].arrived_at, shown[-1].id) if len(found) > SIZE else ""
    latest = _latest(deliveries_of(firm, viewer).filter(document__in=shown))
    return Page(rows=tuple(_row(one, latest.get(one.id, ())) for one in shown), after=more)


def open_document(firm: UUID, viewer: Viewer, document_id: UUID) -> DocumentPage | None:
    """Give one document, None when it does not exist for this person."""
    visible = documents_visible_to(firm, viewer)
    document = visible.filter(id=document_id).first()
    if document is None:
        return None
    own = document.parent_id
    parent = own if own is not None and visible.filter(id=own).exists() else None
    state = ClientState(document.client.state) if document.client else None
    rows = deliveries_of(firm, viewer).filter(document_id=document_id)
    deliveries = list(rows.select_related("client", "document", "connection").order_by("position"))
    return DocumentPage(
        row=_row(document, _latest(deliveries).get(document.id, ())),
        document=document,
        is_workable=may_work_documents(viewer, document.client_id, state),
        duplicate_of=document.duplicate_of_id,
        deliveries=tuple(row_of(one, viewer) for one in deliveries),
        parent=parent,
        parts=_parts(firm, viewer, document) if document.parts else (),
    )


def _parts(firm: UUID, viewer: Viewer, document: Document) -> tuple[DocumentRow, ...]:
    visible = documents_visible_to(firm, viewer).filter(parent_id=document.id)
    shown = list(visible.order_by("arrived_at", "id")[:_MAX_PARTS])
    latest = _latest(deliveries_of(firm, viewer).filter(document__in=shown))
    return tuple(_row(one, latest.get(one.id, ())) for one in shown)


def count_documents(firm: UUID, viewer: Viewer, where: Where) -> int:
    """Count one part of the documents a person may open."""
    return _matching(documents_visible_to(firm, viewer), DocumentFilter(where=where)).count()


def _matching(rows: QuerySet[Document], wanted: DocumentFilter) -> QuerySet[Document]:
    if wanted.client is not None:
        rows = rows.filter(client_id=wanted.client)
    if wanted.where is not None:
        rows = rows.filter(_part(wanted.where))
    if wanted.text:
        rows = rows.filter(_text(wanted.text))
    return rows


def _part(where: Where) -> Q:
    undecided = Q(reading=_READ, released_at__isnull=True, rejected_at__isnull=True)
    unique = Q(duplicate_of__isnull=True)
    assigned = Q(client__isnull=False)
    parts = {
        Where.ATTENTION: Q(reading__in=_UNREAD) | _has(needs_attention()),
        Where.TO_DECIDE: undecided & unique & assigned,
        Where.UNASSIGNED: Q(reading=_READ, parts=0) & ~assigned,
        Where.ON_ITS_WAY: _has(is_waiting()),
        Where.ARRIVED: _has(is_proven()),
        Where.NOWHERE: ~Q(not_planned=""),
        Where.DUPLICATE: ~unique,
        Where.REJECTED: Q(rejected_at__isnull=False),
    }
    return parts[where]


def _has(wanted: Q) -> Q:
    return Q(Exists(Delivery.objects.filter(wanted, document=OuterRef("pk"))))


def _text(text: str) -> Q:
    if _SHA256.fullmatch(text.lower()):
        return Q(sha256=text.lower())
    names = ("number", "seller_name", "buyer_name", "file_name", "seller_number", "buyer_number")
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__icontains": text})
    return found


def _latest(deliveries: Iterable[Delivery]) -> Mapping[UUID, Sequence[Standing]]:
    """Give per document the standing of the last delivery of each integration."""
    last: dict[UUID, dict[UUID, Delivery]] = {}
    for one in sorted(deliveries, key=lambda delivery: delivery.position):
        last.setdefault(one.document_id, {})[one.integration_id] = one
    return {
        document: [Standing(where=State(one.state), reason=one.reason) for one in each.values()]
        for document, each in last.items()
    }


def _row(document: Document, deliveries: Sequence[Standing]) -> DocumentRow:
    client = document.client
    is_sale = document.direction == "sales"
    return DocumentRow(
        id=document.id,
        arrived_at=document.arrived_at,
        issue_date=document.issue_date,
        client=document.client_id,
        client_name=client.name if client else "",
        dossier_number=client.dossier_number if client else "",
        category=document.category,
        direction=document.direction,
        counterparty=document.buyer_name if is_sale else document.seller_name,
        number=document.number,
        file_name=document.file_name,
        total=document.total,
        currency=document.currency,
        standing=standing_of(_facts(document), deliveries),
    )


def _facts(document: Document) -> DocumentFacts:
    return DocumentFacts(
        reading=document.reading,
        problem=document.problem,
        is_duplicate=document.duplicate_of_id is not None,
        is_assigned=document.client_id is not None,
        is_rejected=document.rejected_at is not None,
        is_released=document.released_at is not None,
        is_statement=document.category == "statement",
        direction=document.direction,
        not_planned=document.not_planned,
        is_cut=document.parts > 0,
        is_doubtful=is_doubtful(document),
    )

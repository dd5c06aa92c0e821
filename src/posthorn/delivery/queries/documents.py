"""Lists documents and opens one, with where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from posthorn.archive.queries import documents_visible_to
from posthorn.archive.rules import is_doubtful
from posthorn.archive.search import newest_with, with_words
from posthorn.delivery.queries.deliveries import DeliveryRow, row_of
from posthorn.delivery.queries.matching import DocumentFilter, free_text, matching
from posthorn.delivery.queries.pages import SIZE, Page, read_time_cursor, time_cursor
from posthorn.delivery.queries.standing import DocumentFacts, Standing, standing_of
from posthorn.delivery.queries.visibility import deliveries_of
from posthorn.delivery.queries.words import Where
from posthorn.delivery.states import State
from posthorn.tenancy.access import may_work_documents
from posthorn.tenancy.ids import one_of
from posthorn.tenancy.life import ClientState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.archive.models import Document
    from posthorn.delivery.models import Delivery
    from posthorn.tenancy.access import Viewer

__all__ = [
    "Bounded",
    "DocumentFilter",
    "DocumentPage",
    "DocumentRow",
    "Neighbours",
    "Where",
    "count_documents",
    "count_up_to",
    "list_documents",
    "neighbours",
    "open_document",
]

MAX_COUNT = 99
"""Counts beside a filter say no more than 99+; the overview counts in full."""
_MAX_PARTS = 200
_UNLISTED = ("search", "identities")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A count that stops where nobody reads on; `is_more` says that it did."""

    number: int
    is_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The documents before and after one in a list, newest first; None at its ends."""

    previous: UUID | None = None
    next: UUID | None = None


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
    destinations: tuple[str, ...] = ()  # names of the accounting packages it was planned for


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
    rows = matching(documents_visible_to(firm, viewer), firm, viewer, wanted)
    if after:
        rows = _older(rows, *read_time_cursor(after))
    rows = rows.defer(*_UNLISTED).order_by("-arrived_at", "-id")
    text = free_text(wanted)
    found = newest_with(rows, text, SIZE + 1) if text else list(rows[: SIZE + 1])
    shown = found[:SIZE]
    more = time_cursor(shown[-1].arrived_at, shown[-1].id) if len(found) > SIZE else ""
    latest = _latest(_with_names(_of(shown, deliveries_of(firm, viewer))))
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
    shares = document.client is not None and document.client.shares_documents
    rows = deliveries_of(firm, viewer).filter(document_id=document_id)
    deliveries = list(rows.select_related("client", "document", "connection").order_by("position"))
    return DocumentPage(
        row=_row(document, _latest(deliveries).get(document.id, ())),
        document=document,
        is_workable=may_work_documents(viewer, document.client_id, state, shares=shares),
        duplicate_of=document.duplicate_of_id,
        deliveries=tuple(row_of(one, viewer) for one in deliveries),
        parent=parent,
        parts=_parts(firm, viewer, document) if document.parts else (),
    )


def _parts(firm: UUID, viewer: Viewer, document: Document) -> tuple[DocumentRow, ...]:
    visible = documents_visible_to(firm, viewer).filter(parent_id=document.id)
    shown = list(visible.order_by("arrived_at", "id")[:_MAX_PARTS])
    latest = _latest(_with_names(_of(shown, deliveries_of(firm, viewer))))
    return tuple(_row(one, latest.get(one.id, ())) for one in shown)


def count_documents(firm: UUID, viewer: Viewer, where: Where, *, client: UUID | None = None) -> int:
    """Count one part of the documents a person may open."""
    wanted = DocumentFilter(where=where, client=client)
    return matching(documents_visible_to(firm, viewer), firm, viewer, wanted).count()


def count_up_to(
    firm: UUID, viewer: Viewer, wanted: DocumentFilter, *, most: int = MAX_COUNT
) -> Bounded:
    """Count what a filter finds, as far as anybody reads."""
    rows = matching(documents_visible_to(firm, viewer), firm, viewer, wanted)
    rows = with_words(rows, free_text(wanted)) if free_text(wanted) else rows
    counted = rows.values("id").order_by()[: most + 1].count()
    return Bounded(number=min(counted, most), is_more=counted > most)


def neighbours(firm: UUID, viewer: Viewer, wanted: DocumentFilter, document_id: UUID) -> Neighbours:
    """Give the documents before and after one in the list that a filter makes.

    Both are None when the document is not there for this person.
    """
    visible = documents_visible_to(firm, viewer)
    at = visible.filter(id=document_id).values_list("arrived_at", flat=True).first()
    if at is None:
        return Neighbours()
    rows = matching(visible, firm, viewer, wanted)
    newer = rows.filter(arrived_at__gte=at).filter(
        Q(arrived_at__gt=at) | Q(arrived_at=at, id__gt=document_id)
    )
    older = _older(rows, at, document_id)
    return Neighbours(
        previous=_first(newer.order_by("arrived_at", "id"), free_text(wanted)),
        next=_first(older.order_by("-arrived_at", "-id"), free_text(wanted)),
    )


def _first(rows: QuerySet[Document], text: str) -> UUID | None:
    found = newest_with(rows, text, 1) if text else list(rows[:1])
    return found[0].id if found else None


def _older(rows: QuerySet[Document], at: datetime, last: UUID) -> QuerySet[Document]:
    # The first condition says nothing new, but an index serves it; it serves no *or*.
    return rows.filter(arrived_at__lte=at).filter(
        Q(arrived_at__lt=at) | Q(arrived_at=at, id__lt=last)
    )


def _of(documents: Sequence[Document], rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.filter(one_of("document_id", [one.id for one in documents]))


def _with_names(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.select_related("connection").only(
        "document_id", "integration_id", "position", "state", "reason", "connection__name"
    )


def _latest(deliveries: Iterable[Delivery]) -> Mapping[UUID, Sequence[Delivery]]:
    """Give per document the last delivery of each integration."""
    last: dict[UUID, dict[UUID, Delivery]] = {}
    for one in sorted(deliveries, key=lambda delivery: delivery.position):
        last.setdefault(one.document_id, {})[one.integration_id] = one
    return {document: tuple(each.values()) for document, each in last.items()}


def _row(document: Document, deliveries: Sequence[Delivery]) -> DocumentRow:
    client = document.client
    is_sale = document.direction == "sales"
    standings = [Standing(where=State(one.state), reason=one.reason) for one in deliveries]
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
        standing=standing_of(_facts(document), standings),
        destinations=tuple(dict.fromkeys(one.connection.name for one in deliveries)),
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

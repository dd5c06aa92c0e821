"""Lists documents page by page, newest first, and shows one; each to those who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Q

from posthorn.archive.directions import Reading
from posthorn.archive.models import Document
from posthorn.archive.search import inside, newest_with
from posthorn.tenancy.access import Viewer, may_read_documents, may_work_documents
from posthorn.tenancy.ids import one_of
from posthorn.tenancy.life import OVER, ClientState
from posthorn.tenancy.roles import Permission, Role, is_allowed

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

_PAGE = 50
_OVER = [state.value for state in OVER]


class Place(StrEnum):
    """Where a document stands, as one word."""

    UNREAD = "unread"
    UNREADABLE = "unreadable"
    QUARANTINED = "quarantined"
    UNASSIGNED = "unassigned"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    WAITING = "waiting"
    RELEASED = "released"
    CUT = "cut"


_READ = Q(reading=Reading.READ.value)
_OPEN = _READ & Q(released_at__isnull=True, rejected_at__isnull=True, parts=0)
_PLACES = {
    Place.UNREAD: Q(reading=Reading.PENDING.value),
    Place.UNREADABLE: Q(reading=Reading.UNREADABLE.value),
    Place.QUARANTINED: Q(reading=Reading.QUARANTINED.value),
    Place.CUT: Q(parts__gt=0),
    Place.RELEASED: Q(released_at__isnull=False),
    Place.REJECTED: Q(rejected_at__isnull=False),
    Place.UNASSIGNED: _OPEN & Q(client__isnull=True),
    Place.DUPLICATE: _OPEN & Q(client__isnull=False, duplicate_of__isnull=False),
    Place.WAITING: _OPEN & Q(client__isnull=False, duplicate_of__isnull=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; empty values narrow nothing."""

    client: UUID | None = None
    place: Place | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """The last document of the page before: the next page begins after it."""

    arrived_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Documents, newest first, and where the next page begins; None at the end."""

    documents: tuple[Document, ...]
    next: After | None


def place_of(document: Document) -> Place:
    """Say in one word where a document stands."""
    if document.reading != Reading.READ.value:
        return _UNREAD[document.reading]
    answers = (
        (document.parts > 0, Place.CUT),
        (document.released_at is not None, Place.RELEASED),
        (document.rejected_at is not None, Place.REJECTED),
        (document.client_id is None, Place.UNASSIGNED),
        (document.duplicate_of_id is not None, Place.DUPLICATE),
    )
    return next((place for holds, place in answers if holds), Place.WAITING)


_UNREAD = {
    Reading.PENDING.value: Place.UNREAD,
    Reading.UNREADABLE.value: Place.UNREADABLE,
    Reading.QUARANTINED.value: Place.QUARANTINED,
}


def documents_visible_to(firm: UUID, viewer: Viewer) -> QuerySet[Document]:
    """Give the documents that exist for a person."""
    rows = Document.objects.filter(firm_id=firm).select_related("client")
    own = Q(client_id__in=viewer.own)
    if viewer.role is None or not is_allowed(viewer.role, Permission.READ_DOCUMENTS):
        return rows.filter(own)
    # Worded so that what has no client yet stays in.
    of_firm = ~Q(client__state__in=_OVER) & ~Q(client__shares_documents=False)
    if viewer.role is not Role.ADMINISTRATOR:
        of_firm &= one_of("client_id", viewer.assigned)
    return rows.filter(own | of_firm)


def documents(
    firm: UUID,
    viewer: Viewer,
    filters: Filters,
    *,
    after: After | None = None,
    size: int = _PAGE,
) -> Page:
    """Give a page of the documents that a person may see, newest first."""
    rows = _narrowed(documents_visible_to(firm, viewer), filters)
    if after is not None:
        # The first condition says nothing new, but an index serves it; it serves no *or*.
        rows = rows.filter(arrived_at__lte=after.arrived_at).filter(
            Q(arrived_at__lt=after.arrived_at) | Q(arrived_at=after.arrived_at, pk__lt=after.id)
        )
    rows = rows.order_by("-arrived_at", "-pk")
    text = "" if filters.client else filters.text.strip()
    rows_found = newest_with(rows, text, size + 1) if text else list(rows[: size + 1])
    shown = tuple(rows_found[:size])
    last = shown[-1] if len(rows_found) > size else None
    return Page(
        documents=shown, next=After(arrived_at=last.arrived_at, id=last.pk) if last else None
    )


def _narrowed(rows: QuerySet[Document], filters: Filters) -> QuerySet[Document]:
    if filters.client is not None:
        rows = rows.filter(client_id=filters.client)
    if filters.place is not None:
        rows = rows.filter(_PLACES[filters.place])
    # Over all clients only whole beginnings of words; the few documents of one are looked through.
    text = filters.text.strip()
    return rows.filter(inside(text)) if text and filters.client else rows


def document(firm: UUID, viewer: Viewer, document_id: UUID) -> Document | None:
    """Give a document to a person who may see it; None as for one that is not there."""
    rows = Document.objects.filter(firm_id=firm, pk=document_id).select_related("client")
    row = rows.first()
    if row is None:
        return None
    state = ClientState(row.client.state) if row.client else None
    shares = row.client is not None and row.client.shares_documents
    return row if may_read_documents(viewer, row.client_id, state, shares=shares) else None


def workable(firm: UUID, viewer: Viewer, document_ids: Collection[UUID]) -> frozenset[UUID]:
    """Give those of some documents on which a person may decide."""
    rows = Document.objects.filter(firm_id=firm, pk__in=document_ids)
    found = rows.values_list("pk", "client_id", "client__state", "client__shares_documents")
    return frozenset(
        pk
        for pk, client, state, shares in found
        if may_work_documents(
            viewer, client, ClientState(state) if state else None, shares=bool(shares)
        )
    )

"""Narrows documents to what is looked for, in ways that an index serves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from posthorn.archive.directions import Reading
from posthorn.archive.models import Document
from posthorn.archive.search import among, amounting, inside
from posthorn.delivery.models import Delivery
from posthorn.delivery.queries.naming import clients_named
from posthorn.delivery.queries.visibility import is_proven, is_waiting, needs_attention
from posthorn.delivery.queries.words import Amounts, Asked, Flow, KindOfPaper, Where, read_words
from posthorn.delivery.states import State
from posthorn.tenancy.queries import reached_by

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.tenancy.access import Viewer

_READ = Reading.READ.value
_UNREAD = (Reading.UNREADABLE.value, Reading.QUARANTINED.value)
_PROVEN = (State.ACCEPTED, State.DELIVERED)
_FEW = 5_000
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """What is looked for; `text` is what somebody typed, with `words.read_words` inside.

    `since` is the first day of arrival in the current time zone, `until` the first one no more.
    """

    client: UUID | None = None
    where: Where | None = None
    text: str = ""
    state: State | None = None
    category: KindOfPaper | None = None
    direction: Flow | None = None
    amounts: Amounts | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Near:
    """What may be looked through for somebody: all of a firm, or what his few clients have.

    It only saves work; what he may see is decided elsewhere.
    """

    firm: UUID
    clients: Q

    @property
    def deliveries(self) -> QuerySet[Delivery]:
        return Delivery.objects.filter(self.clients, firm_id=self.firm)

    @property
    def documents(self) -> QuerySet[Document]:
        return Document.objects.filter(self.clients, firm_id=self.firm)


def matching(
    rows: QuerySet[Document], firm: UUID, viewer: Viewer, wanted: DocumentFilter
) -> QuerySet[Document]:
    """Narrow documents of a firm to what is looked for, all but `free_text`."""
    asked = read_words(wanted.text)
    near = _Near(firm=firm, clients=reached_by(viewer, "client_id"))
    rows = _chosen(_chosen(rows, near, wanted), near, asked)
    if wanted.client is not None:
        rows = rows.filter(client_id=wanted.client)
    if asked.client:
        rows = rows.filter(client_id__in=clients_named(firm, viewer, asked.client))
    if not asked.text:
        return rows
    if _SHA256.fullmatch(asked.text.lower()):
        return rows.filter(sha256=asked.text.lower())
    if "@" in asked.text:
        identity = asked.text.strip("<>")
        sent = Q(remote_id__in=[identity, f"<{identity}>"])
        return rows.filter(_with_delivery(near, sent))
    # The few documents of one client are looked through, in the middle of words too.
    return rows.filter(inside(asked.text)) if wanted.client else rows


def free_text(wanted: DocumentFilter) -> str:
    """Give the typed words that only the search over all clients answers; mostly none."""
    text = read_words(wanted.text).text
    is_answered = wanted.client or "@" in text or _SHA256.fullmatch(text.lower())
    return "" if is_answered else text


def _chosen(
    rows: QuerySet[Document], near: _Near, wanted: DocumentFilter | Asked
) -> QuerySet[Document]:
    exact = {
        "category": wanted.category,
        "direction": wanted.direction,
        "arrived_at__gte": _midnight(wanted.since),
        "arrived_at__lt": _midnight(wanted.until),
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.where is not None:
        rows = rows.filter(_part(near, wanted.where))
    if wanted.state is not None:
        is_common = wanted.state in _PROVEN
        rows = rows.filter(_with_delivery(near, Q(state=wanted.state), is_common=is_common))
    if wanted.amounts is not None:
        rows = rows.filter(_amounting(wanted.amounts))
    return rows


def _midnight(day: date | None) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _part(near: _Near, where: Where) -> Q:
    undecided = Q(reading=_READ, released_at__isnull=True, rejected_at__isnull=True)
    parts = {
        Where.TO_DECIDE: undecided & Q(duplicate_of__isnull=True, client__isnull=False),
        Where.UNASSIGNED: Q(reading=_READ, parts=0, client__isnull=True),
        Where.NOWHERE: ~Q(not_planned=""),
        Where.DUPLICATE: Q(duplicate_of__isnull=False),
        Where.REJECTED: Q(rejected_at__isnull=False),
    }
    if where in parts:
        return parts[where]
    if where is Where.ATTENTION:
        return _attention(near)
    if where is Where.ARRIVED:
        return _with_delivery(near, is_proven(), is_common=True)
    return _with_delivery(near, is_waiting())


def _attention(near: _Near) -> Q:
    """Choose by a list of ids: an *or* of two conditions has no index."""
    stuck = near.deliveries.filter(needs_attention()).values_list("document_id")
    unread = near.documents.filter(reading__in=_UNREAD).values_list("id")
    return Q(id__in=unread.union(stuck, all=True))


def _with_delivery(near: _Near, wanted: Q, *, is_common: bool = False) -> Q:
    ids = near.deliveries.filter(wanted).values_list("document_id")
    return Q(id__in=ids) if is_common else _listed(ids)


def _listed(ids: QuerySet[Any, tuple[UUID]]) -> Q:
    """Ask for ids first while they are few: joined, the planner asks again for every document."""
    known = [one for (one,) in ids[: _FEW + 1]]
    return Q(id__in=ids) if len(known) > _FEW else among(known)


def _amounting(amounts: Amounts) -> Q:
    ids = amounting(amounts.low, amounts.high)
    if ids is None:
        return Q(total__gte=amounts.low, total__lte=amounts.high)
    return among(ids)

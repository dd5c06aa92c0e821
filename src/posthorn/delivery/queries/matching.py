"""Narrows documents to what is looked for, in ways that an index serves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from posthorn.archive.directions import Reading
from posthorn.archive.models import Document
from posthorn.archive.search import amounting, found, inside, tsquery
from posthorn.delivery.models import Delivery
from posthorn.delivery.queries.naming import clients_named
from posthorn.delivery.queries.visibility import is_proven, is_waiting, needs_attention
from posthorn.delivery.queries.words import Amounts, Flow, KindOfPaper, Where, read_words

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.delivery.states import State
    from posthorn.tenancy.access import Viewer

_READ = Reading.READ.value
_UNREAD = (Reading.UNREADABLE.value, Reading.QUARANTINED.value)
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


def matching(
    rows: QuerySet[Document], firm: UUID, viewer: Viewer, wanted: DocumentFilter
) -> QuerySet[Document]:
    """Narrow documents of a firm to what is looked for, by choice and by typed word."""
    asked = read_words(wanted.text)
    rows = _chosen(rows, firm, wanted)
    rows = _chosen(
        rows,
        firm,
        DocumentFilter(
            where=asked.where,
            state=asked.state,
            category=asked.category,
            direction=asked.direction,
            amounts=asked.amounts,
            since=asked.since,
            until=asked.until,
        ),
    )
    if asked.client:
        rows = rows.filter(client_id__in=clients_named(firm, viewer, asked.client))
    if not asked.text:
        return rows
    # Over all clients only what an index finds; the few documents of one are looked through.
    is_one = wanted.client is not None and "@" not in asked.text
    return rows.filter(inside(asked.text) if is_one else _text(firm, asked.text))


def _chosen(rows: QuerySet[Document], firm: UUID, wanted: DocumentFilter) -> QuerySet[Document]:
    exact = {
        "client_id": wanted.client,
        "category": wanted.category,
        "direction": wanted.direction,
        "arrived_at__gte": _midnight(wanted.since),
        "arrived_at__lt": _midnight(wanted.until),
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.where is not None:
        rows = rows.filter(_part(firm, wanted.where))
    if wanted.state is not None:
        rows = rows.filter(_with_delivery(firm, Q(state=wanted.state)))
    if wanted.amounts is not None:
        rows = rows.filter(id__in=amounting(wanted.amounts.low, wanted.amounts.high))
    return rows


def _midnight(day: date | None) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _part(firm: UUID, where: Where) -> Q:
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
        return _attention(firm)
    return _with_delivery(firm, is_proven() if where is Where.ARRIVED else is_waiting())


def _attention(firm: UUID) -> Q:
    """Choose by two lists of ids: each has an index of its own, an *or* of conditions has none."""
    stuck = Delivery.objects.filter(needs_attention(), firm_id=firm).values("document_id")
    unread = Document.objects.filter(firm_id=firm, reading__in=_UNREAD).values("id")
    return Q(id__in=unread.union(stuck, all=True))


def _with_delivery(firm: UUID, wanted: Q) -> Q:
    return Q(id__in=Delivery.objects.filter(wanted, firm_id=firm).values("document_id"))


def _text(firm: UUID, text: str) -> Q:
    if _SHA256.fullmatch(text.lower()):
        return Q(sha256=text.lower())
    if "@" in text:
        identity = text.strip("<>")
        sent = Q(remote_id__in=[identity, f"<{identity}>"])
        return _with_delivery(firm, sent)
    return Q(id__in=found(text)) if tsquery(text) else Q(pk__in=[])

"""Counts what a firm's people look at first: what stands still, what waits, what arrived today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Min, Q

from posthorn.connections.models import Connection
from posthorn.delivery.queries.visibility import (
    deliveries_of,
    is_proven,
    is_waiting,
    needs_attention,
)

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from posthorn.tenancy.access import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Numbers of deliveries; `today` begins when the caller says."""

    attention: int
    waiting: int
    waiting_since: datetime | None
    today: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A connection that does not work as it should."""

    id: UUID
    name: str
    connector_id: str
    attention: str
    attention_field: str
    attention_detail: str
    attention_since: datetime | None
    failing_since: datetime | None
    paused_at: datetime | None
    is_active: bool


def count_deliveries(firm: UUID, viewer: Viewer, *, today: datetime) -> Counts:
    """Count in one query; `today` is the moment at which the day began."""
    counted = deliveries_of(firm, viewer).aggregate(
        attention=Count("id", filter=needs_attention()),
        waiting=Count("id", filter=is_waiting()),
        waiting_since=Min("planned_at", filter=is_waiting()),
        today=Count("id", filter=is_proven() & Q(moved_at__gte=today)),
        last_at=Max("moved_at", filter=is_proven()),
    )
    return Counts(**counted)


def count_attention(firm: UUID, viewer: Viewer) -> int:
    """Count what somebody must look at."""
    return deliveries_of(firm, viewer).filter(needs_attention()).count()


def list_trouble(firm: UUID) -> tuple[Trouble, ...]:
    """Give the firm's connections that fail, wait for a correction, are paused or switched off."""
    troubled = (
        ~Q(attention="")
        | Q(failing_since__isnull=False)
        | Q(paused_at__isnull=False)
        | Q(is_active=False)
    )
    rows = Connection.objects.filter(troubled, firm_id=firm).order_by("name")
    return tuple(
        Trouble(
            id=row.id,
            name=row.name,
            connector_id=row.connector_id,
            attention=row.attention,
            attention_field=row.attention_field,
            attention_detail=row.attention_detail,
            attention_since=row.attention_since,
            failing_since=row.failing_since,
            paused_at=row.paused_at,
            is_active=row.is_active,
        )
        for row in rows
    )

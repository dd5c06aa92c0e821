"""Counts what a firm's people look at first: what stands still, what waits, what arrived today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    F,
    Func,
    IntegerField,
    Min,
    Q,
    Value,
    When,
)
from django.utils import timezone

from posthorn.connections.models import Connection
from posthorn.delivery.queries.visibility import (
    deliveries_of,
    is_proven,
    is_waiting,
    needs_attention,
)
from posthorn.delivery.states import TROUBLE

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.tenancy.access import Viewer

DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Numbers of deliveries; `today` begins when the caller says."""

    attention: int
    waiting: int
    waiting_since: datetime | None
    today: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What deliveries came to on one day, each counted on the day it last moved.

    `waiting` ones have waited since that day, also for the end of a pause; `refused` are all that
    somebody must look at.
    """

    day: date
    delivered: int
    waiting: int
    refused: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionCounts:
    """How many connections of a firm work, and how many do not or were stopped."""

    fine: int
    troubled: int


def count_deliveries(firm: UUID, viewer: Viewer, *, today: datetime) -> Counts:
    """Count in four queries, each of an index; `today` is the moment at which the day began."""
    rows = deliveries_of(firm, viewer)
    waiting = rows.filter(is_waiting()).aggregate(number=Count("id"), since=Min("planned_at"))
    proven = rows.filter(is_proven())
    last = proven.order_by("-moved_at").values_list("moved_at", flat=True)[:1]
    return Counts(
        attention=count_attention(firm, viewer),
        waiting=waiting["number"],
        waiting_since=waiting["since"],
        today=proven.filter(moved_at__gte=today).count(),
        last_at=next(iter(last), None),
    )


def count_attention(firm: UUID, viewer: Viewer) -> int:
    """Count what somebody must look at."""
    return deliveries_of(firm, viewer).filter(needs_attention()).count()


# What is proven comes first: most are, and nothing else is asked of them.
_KINDS = {
    "delivered": is_proven(),
    "waiting": is_waiting(),
    "refused": Q(state__in=TROUBLE),
}


def chart_days(firm: UUID, viewer: Viewer, *, last: date) -> tuple[Day, ...]:
    """Give the 30 days that end with `last`, in order, days of the current time zone; one query."""
    zone = timezone.get_current_timezone()
    days = [last - timedelta(days=ago) for ago in range(DAYS - 1, -2, -1)]
    begins = [datetime.combine(day, time.min, tzinfo=zone) for day in days]
    # Found among where days begin: to turn each moment into its day takes twice as long.
    edges = Value(begins, output_field=ArrayField(DateTimeField()))
    place = Func(F("moved_at"), edges, function="width_bucket", output_field=IntegerField())
    kind = Case(*(When(one, then=Value(name)) for name, one in _KINDS.items()), default=Value(""))
    rows = deliveries_of(firm, viewer).filter(moved_at__gte=begins[0], moved_at__lt=begins[-1])
    counted = rows.order_by().values(place=place, kind=kind).annotate(number=Count("*"))
    found = {(row["place"], row["kind"]): row["number"] for row in counted}
    return tuple(
        Day(day=day, **{kind: found.get((place, kind), 0) for kind in _KINDS})
        for place, day in enumerate(days[:-1], start=1)
    )


_TROUBLED = (
    ~Q(attention="")
    | Q(failing_since__isnull=False)
    | Q(paused_at__isnull=False)
    | Q(is_active=False)
)


def count_connections(firm: UUID) -> ConnectionCounts:
    """Count the firm's connections that work, and those of `list_trouble`."""
    counted = Connection.objects.filter(firm_id=firm, removed_at=None).aggregate(
        every=Count("id"), troubled=Count("id", filter=_TROUBLED)
    )
    troubled = counted["troubled"]
    return ConnectionCounts(fine=counted["every"] - troubled, troubled=troubled)


def list_trouble(firm: UUID) -> tuple[Trouble, ...]:
    """Give the firm's connections that fail, wait for a correction, are paused or switched off."""
    rows = Connection.objects.filter(_TROUBLED, firm_id=firm, removed_at=None).order_by("name")
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

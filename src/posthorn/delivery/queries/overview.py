"""Counts what a firm's people look at first: what waits, what arrived, which packages work."""

from __future__ import annotations

from dataclasses import dataclass, fields
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
class Connections:
    """How many connections of a firm work, and those that do not or were stopped."""

    fine: int
    trouble: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many deliveries go by themselves, and since when the oldest waits for that."""

    number: int
    since: datetime | None


def count_waiting(firm: UUID, viewer: Viewer) -> Waiting:
    """Count what is on its way, or goes as soon as a pause ends."""
    rows = deliveries_of(firm, viewer).filter(is_waiting())
    found = rows.aggregate(number=Count("id"), since=Min("planned_at"))
    return Waiting(number=found["number"], since=found["since"])


def last_proven(firm: UUID, viewer: Viewer) -> datetime | None:
    """Give when the last delivery was accepted or arrived, None while none has."""
    rows = deliveries_of(firm, viewer).filter(is_proven()).order_by("-moved_at")
    return next(iter(rows.values_list("moved_at", flat=True)[:1]), None)


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


_OF_CONNECTION = tuple(field.name for field in fields(Trouble))


def read_connections(firm: UUID) -> Connections:
    """Give how many of the firm's connections work, and those that fail or were stopped; by name.

    Such a one fails, waits for a correction, is paused or switched off.
    """
    rows = Connection.objects.filter(firm_id=firm, removed_at=None).order_by("name")
    every = [Trouble(**row) for row in rows.values(*_OF_CONNECTION)]
    trouble = tuple(one for one in every if _is_troubled(one))
    return Connections(fine=len(every) - len(trouble), trouble=trouble)


def _is_troubled(one: Trouble) -> bool:
    return bool(one.attention or one.failing_since or one.paused_at or not one.is_active)

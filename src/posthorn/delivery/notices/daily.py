"""Finds what is told once a day: deliveries that need somebody, sign-ins that grow old."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q

from posthorn.connections.endings import name_of
from posthorn.connections.grant_models import Grant
from posthorn.connections.tokens import WARN_IDLE
from posthorn.delivery.models import WANTS_SOMEBODY, Delivery
from posthorn.kernel.clock import now
from posthorn.tenancy.life import OVER
from posthorn.tenancy.models import Firm
from posthorn.tenancy.notice_kinds import NoticeKind
from posthorn.tenancy.notices import (
    Fact,
    administrators_of,
    people_by_client,
    tell_firm,
    tell_people,
)
from posthorn.tenancy.scope import acting, system

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

MORNING: Final = time(7, 0)
"""When the day's notice of deliveries is made, in the zone in which times are shown."""
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Client:
    """How many deliveries of a client need somebody, and how many of them since yesterday."""

    id: UUID
    number: int
    fresh: int


def tell_daily(zone: tzinfo) -> int:
    """Write today's notices, after seven in the morning; twice a day changes nothing.

    Gives how many people will hear of deliveries.
    """
    local = now().astimezone(zone)
    morning = datetime.combine(local.date(), MORNING, tzinfo=zone)
    if local < morning:
        return 0
    _tell_idle()
    with system("firms to tell"):
        firms = list(Firm.objects.order_by("pk").values_list("pk", flat=True))
    return sum(_tell_firm(firm, morning) for firm in firms)


def _tell_idle() -> None:
    with system("old sign-ins to tell"):
        rows = list(Grant.objects.filter(ended_at=None, refreshed_at__lte=now() - WARN_IDLE))
    for row in rows:
        with acting(row.firm_id):
            tell_firm(
                row.firm_id,
                Fact(
                    kind=NoticeKind.SIGN_IN_IDLE,
                    key=f"{row.pk}:{row.refreshed_at:%Y-%m-%d}",
                    detail=name_of(row.connection_id),
                ),
            )


def _tell_firm(firm: UUID, morning: datetime) -> int:
    """Tell each accountant of the own clients, and administrators of those that nobody has."""
    with acting(firm):
        clients = _clients(firm, since=morning - _A_DAY)
        if not any(one.fresh for one in clients):
            return 0
        sums = _per_person(clients, people_by_client(firm), administrators_of(firm))
        return sum(
            tell_people(firm, [person], _fact(morning, number, fresh))
            for person, (number, fresh) in sums.items()
            if fresh
        )


def _fact(morning: datetime, number: int, fresh: int) -> Fact:
    # Numbers alone: which clients and documents they are, the page shows to whoever may see them.
    return Fact(
        kind=NoticeKind.DELIVERIES_WAIT,
        key=f"{morning:%Y-%m-%d}",
        detail={"number": number, "fresh": fresh},
    )


def _clients(firm: UUID, *, since: datetime) -> list[_Client]:
    rows = Delivery.objects.filter(WANTS_SOMEBODY, firm_id=firm)
    live = rows.exclude(client__state__in=[state.value for state in OVER])
    counted = live.order_by().values("client_id")
    fresh = Count("pk", filter=Q(moved_at__gte=since))
    return [
        _Client(id=row["client_id"], number=row["number"], fresh=row["fresh"])
        for row in counted.annotate(number=Count("pk"), fresh=fresh)
    ]


def _per_person(
    clients: Iterable[_Client],
    assigned: Mapping[UUID, frozenset[UUID]],
    administrators: frozenset[UUID],
) -> dict[UUID, tuple[int, int]]:
    numbers: Counter[UUID] = Counter()
    fresh: Counter[UUID] = Counter()
    for one in clients:
        for person in assigned.get(one.id, administrators):
            numbers[person] += one.number
            fresh[person] += one.fresh
    return {person: (number, fresh[person]) for person, number in numbers.items()}

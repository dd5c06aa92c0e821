"""Lists the clients of a firm with how each one stands, those that need somebody first."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from heapq import nsmallest
from typing import TYPE_CHECKING
from uuid import UUID

from posthorn.connections.models import Integration
from posthorn.delivery.queries.client_rows import ClientRow, Volume, read_rows
from posthorn.delivery.queries.client_signs import read_standings
from posthorn.delivery.queries.client_standing import ClientStanding, ClientStatus
from posthorn.delivery.queries.naming import client_finder, folded_name
from posthorn.delivery.queries.pages import SIZE, CursorError, Page
from posthorn.tenancy.models import ClientAssignment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from posthorn.tenancy.access import Viewer

__all__ = [
    "ClientFilter",
    "ClientList",
    "ClientRow",
    "ClientStatus",
    "Moment",
    "Order",
    "Volume",
    "Whose",
    "list_clients",
]

_Key = tuple[int, str, UUID]
_OVER = frozenset({ClientStatus.ARCHIVED, ClientStatus.LOST})


class Whose(StrEnum):
    """Whose clients are looked for: the person's own, or those that nobody has."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    MINE_OR_UNASSIGNED = "mine_or_unassigned"


class Order(StrEnum):
    """How the list is ordered."""

    URGENCY = "urgency"  # needs attention, then waiting for you, then by name
    NAME = "name"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFilter:
    """What is looked for. Archived and lost clients show only when asked for.

    `text` matches words of the name, the dossier number and enterprise or VAT numbers.
    """

    text: str = ""
    whose: Whose | None = None
    status: ClientStatus | None = None
    connection: UUID | None = None
    is_archived: bool = False
    order: Order = Order.URGENCY


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientList:
    """One page, how many clients the filter finds, and how many each status would.

    `counts` ignores the status that is looked for, and no other part of the filter.
    """

    page: Page[ClientRow]
    total: int
    counts: Mapping[ClientStatus, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a list is read: now, and when today and the week of the list began."""

    now: datetime
    today: datetime
    week: datetime


def list_clients(
    firm: UUID, viewer: Viewer, wanted: ClientFilter, *, at: Moment, after: str = ""
) -> ClientList:
    """Give one page of the clients a person may see; at most 15 queries. Raises CursorError."""
    last = _read_cursor(after) if after else None
    standing = _narrowed(firm, viewer, wanted, read_standings(firm, viewer, now=at.now))
    counts = Counter([one.status for one in standing])
    shows = _shown(wanted)
    found = _keyed(wanted.order, [one for one in standing if one.status in shows])
    rest = [pair for pair in found if last is None or pair[0] > last]
    shown = nsmallest(SIZE, rest)
    rows = read_rows(firm, [one for _, one in shown], today=at.today, week=at.week)
    return ClientList(
        page=Page(rows=rows, after=_cursor(shown[-1][0]) if len(rest) > SIZE else ""),
        total=len(found),
        counts={status: counts[status] for status in ClientStatus},
    )


def _narrowed(
    firm: UUID, viewer: Viewer, wanted: ClientFilter, every: list[ClientStanding]
) -> list[ClientStanding]:
    """Keep the clients that fit all of a filter but its status."""
    if wanted.text:
        is_meant = client_finder(firm, wanted.text)
        every = [one for one in every if is_meant(one.id, one.name, one.dossier_number)]
    if wanted.whose:
        chosen = _chosen(firm, viewer, wanted.whose)
        every = [one for one in every if chosen(one.id)]
    if wanted.connection:
        bound = _bound_to(firm, wanted.connection)
        every = [one for one in every if one.id in bound]
    return every


def _bound_to(firm: UUID, package: UUID) -> frozenset[UUID]:
    rows = Integration.objects.filter(firm_id=firm, connection_id=package, removed_at=None)
    return frozenset(rows.values_list("client_id", flat=True))


def _chosen(firm: UUID, viewer: Viewer, whose: Whose) -> Callable[[UUID], bool]:
    if whose is Whose.MINE:
        return lambda client: client in viewer.assigned
    rows = ClientAssignment.objects.filter(firm_id=firm).values_list("client_id", flat=True)
    taken = frozenset(rows.distinct())
    if whose is Whose.UNASSIGNED:
        return lambda client: client not in taken
    return lambda client: client not in taken or client in viewer.assigned


def _shown(wanted: ClientFilter) -> frozenset[ClientStatus]:
    if wanted.status is not None:
        return frozenset({wanted.status})
    return _OVER if wanted.is_archived else frozenset(ClientStatus) - _OVER


def _keyed(order: Order, found: list[ClientStanding]) -> list[tuple[_Key, ClientStanding]]:
    """Give each client its place in the list; no two have the same."""
    if order is Order.NUMBER:
        return [((0, one.dossier_number, one.id), one) for one in found]
    urgency = _URGENCY if order is Order.URGENCY else {}
    return [((urgency.get(one.status, _CALM), folded_name(one.name), one.id), one) for one in found]


_URGENCY = {ClientStatus.NEEDS_ATTENTION: 0, ClientStatus.WAITING_FOR_YOU: 1}
_CALM = len(_URGENCY)


def _cursor(key: _Key) -> str:
    return urlsafe_b64encode(json.dumps(key, default=str).encode()).decode("ascii")


def _read_cursor(cursor: str) -> _Key:
    try:
        urgency, name, client = json.loads(urlsafe_b64decode(cursor.encode("ascii")))
        last = UUID(client)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise CursorError(cursor) from error
    if not (isinstance(urgency, int) and isinstance(name, str)):
        raise CursorError(cursor)
    return urgency, name, last

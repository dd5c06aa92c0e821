"""Asks a filled firm for its pages, and for lists that have no page yet."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.test import Client as Browser
from django.utils import timezone

from posthorn.delivery.queries.client_signs import count_statuses
from posthorn.delivery.queries.client_standing import ClientStatus
from posthorn.delivery.queries.clients import ClientFilter, Moment, Order, Whose, list_clients
from posthorn.delivery.queries.deliveries import DeliveryFilter, list_deliveries
from posthorn.delivery.queries.documents import (
    DocumentFilter,
    Where,
    count_up_to,
    list_documents,
    neighbours,
    open_document,
)
from posthorn.delivery.queries.overview import (
    chart_days,
    count_waiting,
    last_proven,
    read_connections,
)
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Person
from posthorn.tenancy.queries import viewer_of
from posthorn.tenancy.scope import acting, system

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from uuid import UUID

    from benchmarks.filling import Filled
    from posthorn.tenancy.access import Viewer

    Call = Callable[[], object]
    Asked = tuple[str, list[Call]]

_PAGES_DEEP = 60
_firm: ContextVar[UUID] = ContextVar("firm")


@contextmanager
def inside() -> Iterator[None]:
    """Open the scope of the firm that is asked."""
    with acting(_firm.get()):
        yield


def pages(filled: Filled, path: str, variations: Sequence[str]) -> list[Call]:
    """Give requests for a path, half of them by the administrator, half by an accountant."""
    _firm.set(filled.firm)
    return [
        partial(_get, browser, f"/firms/{filled.firm}/{path}{_filled_in(filled, query)}")
        for query in variations
        for browser in (_browser(filled.administrator), _browser(filled.accountant))
    ]


def _filled_in(filled: Filled, query: str) -> str:
    return query.format(client=filled.clients[10], connection=filled.connections[0])


def _browser(person: UUID) -> Browser:
    browser = Browser(headers={"host": "localhost"})
    with system("benchmark"):
        browser.force_login(Person.objects.get(pk=person))
    return browser


def _get(browser: Browser, address: str) -> None:
    response = browser.get(address)
    if response.status_code != 200:  # noqa: PLR2004  # the page is there
        message = f"{address} answered {response.status_code}"
        raise RuntimeError(message)


def queries(filled: Filled) -> Iterator[Asked]:
    """Give the lists and counts behind the pages, each in several variations."""
    firm = filled.firm
    _firm.set(firm)
    with acting(firm):
        viewers = [viewer_of(firm, filled.administrator), viewer_of(firm, filled.accountant)]
    for name, make in _QUERIES.items():
        calls = [each for viewer in viewers for each in make(firm, viewer)]
        yield f"query: {name}", [partial(_within, firm, call) for call in calls]
    yield "query: documents, deep pages", _deep_documents(firm, viewers[0])
    yield "query: deliveries, deep pages", _deep_deliveries(firm, viewers[0])


def _within(firm: UUID, call: Call) -> object:
    with acting(firm):
        return call()


def _moment() -> Moment:
    at = now()
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return Moment(now=at, today=today, week=today - timedelta(days=7))


def _clients(firm: UUID, viewer: Viewer) -> list[Call]:
    wanted: list[dict[str, Any]] = [
        {},
        {"order": Order.NAME},
        {"order": Order.NUMBER},
        {"whose": Whose.MINE},
        {"whose": Whose.UNASSIGNED},
        {"whose": Whose.MINE_OR_UNASSIGNED},
        *({"status": status} for status in ClientStatus),
        {"is_archived": True},
        {"text": "lefevre"},
        {"text": "caf pee"},
        {"text": "10123"},
        {"text": "BE 0400.000.123"},
    ]
    return [
        partial(list_clients, firm, viewer, ClientFilter(**each), at=_moment()) for each in wanted
    ]


def _clients_deep(firm: UUID, viewer: Viewer) -> list[Call]:
    cursors, after = [], ""
    with acting(firm):
        for _ in range(_PAGES_DEEP):
            found = list_clients(firm, viewer, ClientFilter(), at=_moment(), after=after)
            after = found.page.after
            if not after:
                break
            cursors.append(after)
    last = cursors[::8] or [""]
    return [
        partial(list_clients, firm, viewer, ClientFilter(), at=_moment(), after=each)
        for each in last
    ]


def _overview(firm: UUID, viewer: Viewer) -> list[Call]:
    at = _moment()
    return [
        partial(chart_days, firm, viewer, last=at.today.date()),
        partial(count_statuses, firm, viewer, now=at.now),
        partial(count_waiting, firm, viewer),
        partial(last_proven, firm, viewer),
        partial(read_connections, firm),
    ]


def _counts(firm: UUID, viewer: Viewer) -> list[Call]:
    return [partial(count_up_to, firm, viewer, DocumentFilter(where=where)) for where in Where]


def _neighbours(firm: UUID, viewer: Viewer) -> list[Call]:
    with acting(firm):
        rows = list_documents(firm, viewer, DocumentFilter()).rows
    wanted = [DocumentFilter(), DocumentFilter(text="telenet"), DocumentFilter(where=Where.ARRIVED)]
    return [
        *(partial(neighbours, firm, viewer, each, rows[20].id) for each in wanted),
        partial(open_document, firm, viewer, rows[20].id),
    ]


_QUERIES: dict[str, Callable[[UUID, Viewer], list[Call]]] = {
    "clients": _clients,
    "clients, deep pages": _clients_deep,
    "overview": _overview,
    "documents, bounded counts": _counts,
    "documents, neighbours": _neighbours,
}


def _deep_documents(firm: UUID, viewer: Viewer) -> list[Call]:
    with acting(firm):
        rows = list_documents(firm, viewer, DocumentFilter())
        moments = [rows.rows[0].arrived_at - timedelta(days=days) for days in (60, 180, 300, 360)]
    zero = "00000000-0000-7000-8000-000000000000"
    wanted = [
        DocumentFilter(),
        DocumentFilter(text="telenet"),
        DocumentFilter(where=Where.ARRIVED),
        DocumentFilter(where=Where.ATTENTION),
    ]
    return [
        partial(
            _within,
            firm,
            partial(list_documents, firm, viewer, each, after=f"{at.isoformat()}_{zero}"),
        )
        for at in moments
        for each in wanted
    ]


def _deep_deliveries(firm: UUID, viewer: Viewer) -> list[Call]:
    with acting(firm):
        rows = list_deliveries(firm, viewer, DeliveryFilter())
    top = int(rows.after)
    positions = [top // 2, top // 4, top // 10, 500]
    wanted = [DeliveryFilter(), DeliveryFilter(is_attention=True)]
    return [
        partial(_within, firm, partial(list_deliveries, firm, viewer, each, after=str(position)))
        for position in positions
        for each in wanted
    ]

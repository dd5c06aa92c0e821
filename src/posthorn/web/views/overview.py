"""The first page of a firm: what needs somebody, what waits, what arrived today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from posthorn.connections.change_queries import changes_by_others, waiting_changes
from posthorn.delivery.queries.causes import list_causes
from posthorn.delivery.queries.client_signs import count_statuses
from posthorn.delivery.queries.documents import Where, count_documents
from posthorn.delivery.queries.overview import (
    chart_days,
    count_waiting,
    last_proven,
    read_connections,
)
from posthorn.kernel.clock import now
from posthorn.tenancy.roles import Permission, sees_every_client
from posthorn.web.access import opens
from posthorn.web.cause_lines import lines_of_causes
from posthorn.web.charts import Column, stacked
from posthorn.web.formatter import page_formatter
from posthorn.web.lines import Line
from posthorn.web.places import lost_of
from posthorn.web.shell import page
from posthorn.web.situation import clients_of, first_steps
from posthorn.web.wording import words_of_trouble

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from posthorn.delivery.queries.causes import Cause
    from posthorn.delivery.queries.overview import Connections, Day, Trouble
    from posthorn.web.access import Space
    from posthorn.web.formatter import Formatter
    from posthorn.web.situation import Clients, Step
    from posthorn.web.wording import Words

# The pages behind the figures, and what opens them.
_LINKS: dict[str, Permission | None] = {
    "clients": None,
    "documents": Permission.READ_DOCUMENTS,
    "unassigned": Permission.READ_DOCUMENTS,
    "deliveries": Permission.READ_DOCUMENTS,
    "upload": Permission.WORK_DOCUMENTS,
    "packages": Permission.MANAGE_CONNECTIONS,
}
_MAX_CAUSES = 10
_LEGEND = (
    ("good", _("Delivered")),
    ("wait", _("Waiting")),
    ("bad", _("Refused or stopped")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine(Line):
    """One day of the table beside the chart."""

    day: str
    delivered: str
    waiting: str
    refused: str


@opens()
@require_safe
def overview(request: HttpRequest, space: Space) -> HttpResponse:
    """Show counts, causes and a chart; people who read no documents see clients and packages."""
    if _is_idle(space):
        return page(request, space, "overview/nobody.html", here="overview")
    clients = clients_of(count_statuses(space.firm, space.viewer, now=now()))
    connections = read_connections(space.firm)
    shared = {
        "here": "overview",
        "clients": clients,
        "connections": connections,
        "trouble": _trouble(space, connections.trouble),
        **_addresses(space),
        **_lost(space),
        "links": {name: _link(space, name, needed) for name, needed in _LINKS.items()},
    }
    if not space.reads_documents:
        steps = _steps(space, clients, connections, last_at=None)
        return page(request, space, "overview/clients.html", steps=steps, **shared)
    causes = list_causes(space.firm, space.viewer)
    days = chart_days(space.firm, space.viewer, last=timezone.localdate())
    last_at = last_proven(space.firm, space.viewer)
    return page(
        request,
        space,
        "overview/overview.html",
        attention=sum(cause.deliveries for cause in causes),
        on_its_way=count_waiting(space.firm, space.viewer),
        today=days[-1].delivered,
        last_at=last_at,
        **shared,
        **_work(space, causes),
        **_chart(days),
        steps=_steps(space, clients, connections, last_at=last_at),
    )


def _is_idle(space: Space) -> bool:
    """Tell whether somebody sees nothing because nobody has assigned clients yet."""
    role = space.viewer.role
    return role is not None and not sees_every_client(role) and not space.viewer.assigned


def _work(space: Space, causes: Sequence[Cause]) -> dict[str, object]:
    """Give what people have to do; what belongs to nobody only to those who may see it."""
    firm, viewer = space.firm, space.viewer
    is_whole = viewer.role is not None and sees_every_client(viewer.role)
    return {
        "to_decide": count_documents(firm, viewer, Where.TO_DECIDE),
        "unassigned": count_documents(firm, viewer, Where.UNASSIGNED) if is_whole else 0,
        "is_whole": is_whole,
        "causes": lines_of_causes(space, causes[:_MAX_CAUSES], is_sentence=True),
        "more_causes": max(0, len(causes) - _MAX_CAUSES),
    }


def _chart(days: Sequence[Day]) -> dict[str, object]:
    sums = {
        "good": sum(day.delivered for day in days),
        "wait": sum(day.waiting for day in days),
        "bad": sum(day.refused for day in days),
    }
    formatter = page_formatter()
    lines = [_day_line(day, formatter) for day in days]
    return {
        "days": lines,
        "chart": stacked(_columns(days, lines)) if any(sums.values()) else None,
        "legend": _LEGEND,
        "sums": sums,
    }


def _day_line(day: Day, formatter: Formatter) -> DayLine:
    return DayLine(
        day=formatter.month_day(day.day),
        delivered=formatter.number(day.delivered),
        waiting=formatter.number(day.waiting),
        refused=formatter.number(day.refused),
    )


def _columns(days: Sequence[Day], lines: Sequence[DayLine]) -> list[Column]:
    told = gettext("%(day)s: %(good)s delivered, %(wait)s waiting, %(bad)s refused or stopped")
    columns = []
    for day, line in zip(days, lines, strict=True):
        numbers = {"good": day.delivered, "wait": day.waiting, "bad": day.refused}
        columns.append(Column(told=told % {"day": line.day, **numbers}, numbers=numbers))
    return columns


def _steps(
    space: Space, clients: Clients, connections: Connections, *, last_at: datetime | None
) -> list[tuple[Step, str]]:
    """Give the checklist of a new firm with where each step is taken; nothing once all is done."""
    if not space.may(Permission.MANAGE_CLIENTS):
        return []
    steps = first_steps(
        has_package=connections.fine > 0 or bool(connections.trouble),
        has_client=clients.number > 0,
        has_delivered=last_at is not None,
    )
    own = [step for step in steps if space.may(step.permission)]
    if all(step.is_done for step in own):
        return []
    return [(step, _link(space, step.route, step.permission)) for step in own]


def _trouble(space: Space, found: Sequence[Trouble]) -> list[tuple[Trouble, Words, str]]:
    return [
        (one, words_of_trouble(one), _link(space, "package", Permission.MANAGE_CONNECTIONS, one.id))
        for one in found
    ]


def _lost(space: Space) -> dict[str, object]:
    """Give clients whose company is gone from its package, also while nothing is held for it."""
    role, viewer = space.viewer.role, space.viewer
    sees_all = role is not None and sees_every_client(role)
    clients = None if sees_all else viewer.assigned
    found = lost_of(space.firm, clients, most=_MAX_CAUSES + 1)
    return {"lost": found[:_MAX_CAUSES], "is_more_lost": len(found) > _MAX_CAUSES}


def _addresses(space: Space) -> dict[str, object]:
    """Give changed import addresses: those to confirm, and to administrators those others made."""
    waiting = waiting_changes(space.firm) if space.may(Permission.MANAGE_CLIENTS) else []
    is_told = space.may(Permission.MANAGE_CONNECTIONS)
    changed = changes_by_others(space.firm, space.actor) if is_told else []
    return {
        "waiting": waiting,
        "changed": changed[:_MAX_CAUSES],
        "more_changed": max(0, len(changed) - _MAX_CAUSES),
    }


def _link(space: Space, route: str, needed: Permission | None, *arguments: object) -> str:
    """Give the address of a page; empty for those who may not open it."""
    if needed is not None and not space.may(needed):
        return ""
    return space.url(route, *arguments)

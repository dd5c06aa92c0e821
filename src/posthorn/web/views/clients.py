"""Lists the clients of a firm, those that need somebody first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from posthorn.connections.queries import connections_of
from posthorn.delivery.queries.clients import ClientStatus, Moment, Whose, list_clients
from posthorn.delivery.queries.pages import CursorError
from posthorn.kernel.clock import now
from posthorn.tenancy.roles import Permission, sees_every_client
from posthorn.web.access import opens
from posthorn.web.client_forms import ClientFilterForm
from posthorn.web.client_lines import lines_of_clients
from posthorn.web.client_words import words_of_client
from posthorn.web.shell import next_page, page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from posthorn.delivery.queries.clients import ClientList
    from posthorn.web.access import Space

_CHIPS = (
    ClientStatus.NEEDS_ATTENTION,
    ClientStatus.WAITING_FOR_YOU,
    ClientStatus.NOT_SET_UP,
    ClientStatus.QUIET,
    ClientStatus.PAUSED,
    ClientStatus.ACTIVE,
)


@opens()
@require_safe
def listed(request: HttpRequest, space: Space) -> HttpResponse:
    """Show one page of the list."""
    packages = [(str(row.pk), row.name) for row in connections_of(space.firm)]
    form = ClientFilterForm(request.GET, packages)
    after = request.GET.get("after", "")
    try:
        found = list_clients(space.firm, space.viewer, form.wanted(), at=moment(), after=after)
    except CursorError as error:
        raise BadRequest from error
    return page(
        request,
        space,
        "clients/list.html",
        here="clients",
        form=form,
        lines=lines_of_clients(space, found.page.rows),
        total=found.total,
        is_empty=not form.is_filtered and not any(found.counts.values()),
        chips=_chips(request, space, found),
        next_page=next_page(request, found.page.after),
        first_page=_without(request),
        is_later=bool(after),
        is_filtered=form.is_filtered,
        sees_all=bool(space.viewer.role and sees_every_client(space.viewer.role)),
        may_manage=space.may(Permission.MANAGE_CLIENTS),
        may_assign=space.may(Permission.MANAGE_PEOPLE),
    )


def moment() -> Moment:
    """Give now, and when today and the last seven days began where the reader is."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Moment(now=now(), today=today, week=today - timedelta(days=6))


def _chips(request: HttpRequest, space: Space, found: ClientList) -> list[dict[str, object]]:
    asked = request.GET.get("status", "")
    chips: list[dict[str, object]] = [
        {
            "label": words_of_client(status).word,
            "url": _without(request, "status" if asked == status else "", status=status),
            "is_on": asked == status,
            "count": found.counts[status],
        }
        for status in _CHIPS
        if found.counts[status] or asked == status
    ]
    if space.viewer.role and sees_every_client(space.viewer.role):
        is_on = request.GET.get("whose") == Whose.UNASSIGNED
        url = _without(request, "whose" if is_on else "", whose=Whose.UNASSIGNED)
        chips.append({"label": gettext("Assigned to nobody"), "url": url, "is_on": is_on})
    return [*chips, *_over(request, found)]


def _over(request: HttpRequest, found: ClientList) -> list[dict[str, object]]:
    is_on = bool(request.GET.get("archived"))
    count = found.counts[ClientStatus.ARCHIVED] + found.counts[ClientStatus.LOST]
    if not (count or is_on):
        return []
    url = _without(request, "archived" if is_on else "status", archived="" if is_on else "1")
    return [{"label": gettext("Archived"), "url": url, "is_on": is_on, "count": count}]


def _without(request: HttpRequest, *dropped: str, **changed: str) -> str:
    """Give the address of the first page with other filters."""
    asked = request.GET.copy()
    for name, value in changed.items():
        asked[name] = value
    for name in ("after", *dropped):
        asked.pop(name, None)
    for name in [name for name, value in asked.items() if not value]:
        del asked[name]
    return f"?{asked.urlencode()}"

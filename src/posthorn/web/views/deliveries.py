"""Lists deliveries, and on top what needs attention, grouped by cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from posthorn.connections.queries import connections_of
from posthorn.delivery.queries.causes import list_causes
from posthorn.delivery.queries.deliveries import list_deliveries
from posthorn.delivery.queries.pages import CursorError
from posthorn.delivery.states import State
from posthorn.tenancy.roles import Permission
from posthorn.web import wording
from posthorn.web.access import opens
from posthorn.web.cause_lines import lines_of_causes
from posthorn.web.delivery_lines import lines_of_deliveries
from posthorn.web.forms import ATTENTION, DeliveryFilterForm
from posthorn.web.returning import carried
from posthorn.web.shell import next_page, page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from posthorn.delivery.queries.causes import Cause
    from posthorn.delivery.queries.deliveries import DeliveryFilter
    from posthorn.web.access import Space

_MAX_CAUSES = 10
"""Causes above a list that shows more than what stands still."""
_MAX_OF_ATTENTION = 40
_ALL = "all"
_CHIPS = (State.QUEUED, State.RETRYING, State.HELD, State.ACCEPTED, State.REFUSED)


@opens(Permission.READ_LEDGER)
@require_safe
def listed(request: HttpRequest, space: Space) -> HttpResponse:
    """Show one page of the list, the causes of what stands still on top."""
    form = _form(request, space)
    wanted, after = form.wanted(), request.GET.get("after", "")
    try:
        found = list_deliveries(space.firm, space.viewer, wanted, after=after)
    except CursorError as error:
        raise BadRequest from error
    causes = () if after else _causes(space, wanted)
    most = _most_causes(request, wanted)
    return page(
        request,
        space,
        "deliveries/list.html",
        here="deliveries",
        form=form,
        is_firm=space.is_firm,
        lines=lines_of_deliveries(space, found.rows),
        causes=lines_of_causes(space, causes[:most]),
        more_causes=len(causes[most:]) if most else 0,
        every_cause=space.url("deliveries") + _every_cause(request, wanted),
        next_page=next_page(request, found.after),
        first_page=f"{space.url('deliveries')}{carried(request)}",
        is_later=bool(after),
        is_filtered=form.is_filtered,
        chips=_chips(request, space, form),
    )


def _causes(space: Space, wanted: DeliveryFilter) -> list[Cause]:
    """Give the causes; of a list that is narrowed to some, those."""
    return [
        cause
        for cause in list_causes(space.firm, space.viewer, client=wanted.client)
        if wanted.state in {None, cause.state}
        and wanted.connection in {None, cause.connection}
        and (not wanted.reason or wanted.reason == cause.reason)
        and (not wanted.code or wanted.code == cause.code)
    ]


def _most_causes(request: HttpRequest, wanted: DeliveryFilter) -> int | None:
    if not wanted.is_attention:
        return _MAX_CAUSES
    return None if request.GET.get("causes") == _ALL else _MAX_OF_ATTENTION


def _every_cause(request: HttpRequest, wanted: DeliveryFilter) -> str:
    """Lead to more of the causes: to the list of what stands still, and there to all of them."""
    if wanted.is_attention:
        return carried(request, causes=_ALL)
    return carried(request, state=ATTENTION)


def _form(request: HttpRequest, space: Space) -> DeliveryFilterForm:
    # Which packages a firm has is no business of its clients.
    packages = connections_of(space.firm) if space.is_firm else []
    return DeliveryFilterForm(
        request.GET,
        space,
        [(str(row.pk), row.name) for row in packages],
    )


def _chips(
    request: HttpRequest, space: Space, form: DeliveryFilterForm
) -> list[Mapping[str, object]]:
    here, base = form.cleaned_data.get("state", ""), space.url("deliveries")
    labels = {ATTENTION: gettext("Needs attention")}
    labels |= {state.value: wording.state_word(state) for state in _CHIPS}
    chips: list[Mapping[str, object]] = [
        {
            "label": label,
            "url": base + carried(request, "reason", "code", state="" if code == here else code),
            "is_on": code == here,
        }
        for code, label in labels.items()
    ]
    if form.cleaned_data.get("reason") or form.cleaned_data.get("code"):
        url = base + carried(request, "reason", "code")
        chips.append({"label": gettext("One cause"), "url": url, "is_on": True})
    return chips

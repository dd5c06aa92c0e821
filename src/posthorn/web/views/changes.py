"""Shows a changed import address to a second person, who confirms or refuses it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from posthorn.connections import decisions
from posthorn.connections.change_queries import change_of
from posthorn.connections.errors import ReasonMissingError
from posthorn.tenancy.roles import Permission
from posthorn.web import packages
from posthorn.web.access import opens
from posthorn.web.bindings import client_of
from posthorn.web.forms import ReasonForm
from posthorn.web.integration_form import HERE
from posthorn.web.returning import way_back
from posthorn.web.shell import page
from posthorn.web.views.integrations import asked, office

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from posthorn.connections.change_queries import ChangeRow
    from posthorn.connections.errors import ConnectionsError
    from posthorn.web.access import Space

_CONFIRM = "confirm"


@office
@asked
def change(request: HttpRequest, space: Space, client_id: UUID, change_id: UUID) -> HttpResponse:
    """Show a change with both addresses in full, and take the decision on it."""
    client_of(space, client_id)
    found = change_of(space.firm, client_id, change_id)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, space, found)
    is_confirmed = request.POST.get("decision") == _CONFIRM
    refused = packages.attempt(_decision(request, space, change_id, is_confirmed=is_confirmed))
    if isinstance(refused, ReasonMissingError):
        return _shown(request, space, found, needs_reason=True)
    _tell(request, refused, is_confirmed=is_confirmed)
    return HttpResponseRedirect(space.url("connection", client_id))


def _decision(
    request: HttpRequest, space: Space, change_id: UUID, *, is_confirmed: bool
) -> Callable[[], object]:
    if is_confirmed:
        return partial(decisions.confirm_change, space.firm, change_id, actor=space.actor)
    reason = ReasonForm(request.POST).reason_given()
    return partial(decisions.refuse_change, space.firm, change_id, actor=space.actor, reason=reason)


def _tell(request: HttpRequest, refused: ConnectionsError | None, *, is_confirmed: bool) -> None:
    if refused is not None:
        messages.error(request, packages.refusal_of(refused))
    elif is_confirmed:
        messages.success(request, _("Confirmed. What is sent from now on goes to the new address."))
    else:
        messages.success(request, _("The change is not made; documents go to the old address."))


def _shown(
    request: HttpRequest, space: Space, found: ChangeRow, *, needs_reason: bool = False
) -> HttpResponse:
    return page(
        request,
        space,
        "integrations/change.html",
        here=HERE,
        change=found,
        is_own=found.is_by(space.actor),
        needs_reason=needs_reason,
    )


@opens(Permission.MANAGE_CONNECTIONS)
@require_POST
def seen(request: HttpRequest, space: Space) -> HttpResponse:
    """Take the notices of changed addresses away."""
    decisions.see_changes(space.firm, actor=space.actor)
    return HttpResponseRedirect(way_back(request, space.url("overview")))

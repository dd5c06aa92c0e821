"""Where one client's documents go in a package: how far the look-up is, choosing, asking again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from posthorn.connections import resolutions
from posthorn.tenancy.roles import Permission
from posthorn.web import packages
from posthorn.web.access import opens
from posthorn.web.bindings import client_of, integration_of
from posthorn.web.places import views_of
from posthorn.web.returning import way_back
from posthorn.web.views.integrations import office

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from posthorn.web.access import Space


@opens()
@require_safe
def shown(
    request: HttpRequest, space: Space, client_id: UUID, integration_id: UUID
) -> HttpResponse:
    """Answer how far the look-up is; as a page of its own, the client's integrations."""
    client = client_of(space, client_id)
    integration = integration_of(space, client_id, integration_id)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(space.url("integrations", client_id))
    return render(
        request,
        "integrations/_places.html",
        {
            "space": space,
            "client": client,
            "integration": integration,
            "places": views_of(space.firm, client_id, [integration]).get(integration_id, []),
            "words": packages.words_of_integration(
                integration, packages.words_of_packages(space.firm)(integration.connection)
            ),
            "may_edit": space.may(Permission.MANAGE_CLIENTS),
            "is_piece": True,
        },
    )


@office
@require_POST
def choose(
    request: HttpRequest, space: Space, client_id: UUID, integration_id: UUID
) -> HttpResponse:
    """Take one of the places that the package named."""
    integration_of(space, client_id, integration_id)
    field, value = request.POST.get("field", ""), request.POST.get("value", "")
    if not value:
        messages.error(request, _("Choose one first."))
        return _back(request, space, client_id)
    take = partial(resolutions.choose, space.firm, integration_id, field, value, actor=space.actor)
    return _done(request, space, client_id, _("It is confirmed: documents go there."), take)


@office
@require_POST
def ask_again(
    request: HttpRequest, space: Space, client_id: UUID, integration_id: UUID
) -> HttpResponse:
    """Have the package asked again at once."""
    integration_of(space, client_id, integration_id)
    ask = partial(resolutions.ask_again, space.firm, integration_id, actor=space.actor)
    return _done(request, space, client_id, _("The package is being asked again."), ask)


def _done(
    request: HttpRequest, space: Space, client_id: UUID, done: str, action: Callable[[], object]
) -> HttpResponse:
    refused = packages.attempt(action)
    if refused is not None:
        messages.error(request, packages.refusal_of(refused))
    else:
        messages.success(request, done)
    return _back(request, space, client_id)


def _back(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(way_back(request, space.url("integrations", client_id)))

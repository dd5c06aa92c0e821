"""What is done to one integration of a client: paused, released, removed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from posthorn.connections import integrations as services
from posthorn.connections.errors import ConnectionsError
from posthorn.delivery.queries.packages import PackageCounts, count_integrations
from posthorn.web.bindings import client_of, integration_of
from posthorn.web.forms import ReasonForm
from posthorn.web.integration_form import HERE
from posthorn.web.shell import acted, page
from posthorn.web.views.integrations import asked, office

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from posthorn.web.access import Space


@office
@asked
def pause(
    request: HttpRequest, space: Space, client_id: UUID, integration_id: UUID
) -> HttpResponse:
    """Hold everything of a client for one package, with a reason."""
    if request.method != "POST":
        return _asked(request, space, client_id, integration_id, "integrations/pause.html")
    reason = ReasonForm(request.POST).reason_given()
    integration_of(space, client_id, integration_id)
    stop = partial(
        services.pause_integration, space.firm, integration_id, actor=space.actor, reason=reason
    )
    return _done(request, space, client_id, _("It is paused; what is released waits."), stop)


@office
@require_POST
def release(
    request: HttpRequest, space: Space, client_id: UUID, integration_id: UUID
) -> HttpResponse:
    """End the pause of one package of a client."""
    integration_of(space, client_id, integration_id)
    go = partial(services.release_integration, space.firm, integration_id, actor=space.actor)
    return _done(request, space, client_id, _("It is released; what waited goes now."), go)


@office
@asked
def remove(
    request: HttpRequest, space: Space, client_id: UUID, integration_id: UUID
) -> HttpResponse:
    """End the binding, after a confirmation that says what will be held."""
    if request.method != "POST":
        return _asked(request, space, client_id, integration_id, "integrations/remove.html")
    integration_of(space, client_id, integration_id)
    end = partial(services.remove_integration, space.firm, integration_id, actor=space.actor)
    done = _("The integration is removed; what has not left waits on hold.")
    return _done(request, space, client_id, done, end)


def _asked(
    request: HttpRequest, space: Space, client_id: UUID, integration_id: UUID, template: str
) -> HttpResponse:
    counts = count_integrations(space.firm, client_id) if space.reads_documents else {}
    return page(
        request,
        space,
        template,
        here=HERE,
        client=client_of(space, client_id),
        integration=integration_of(space, client_id, integration_id),
        counts=counts.get(integration_id, PackageCounts(clients=1)),
    )


def _done(
    request: HttpRequest,
    space: Space,
    client_id: UUID,
    done: str,
    action: Callable[[], object],
) -> HttpResponse:
    return acted(request, space.url("integrations", client_id), done, action, ConnectionsError)

"""Integrations of a client: what is connected, what goes where, and how it is changed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from posthorn.connections import integrations as services
from posthorn.connections import queries
from posthorn.connections.flows import flows_of
from posthorn.connections.registry import registry
from posthorn.delivery.queries.packages import last_documents
from posthorn.delivery.queries.trials import offers_trials
from posthorn.sdk.fields import Resolved
from posthorn.tenancy.roles import Permission
from posthorn.web import packages
from posthorn.web.access import opens
from posthorn.web.bindings import (
    client_of,
    integration_of,
    package_of,
    stored_wish,
    tell_of_wait,
    warn_of_doubts,
)
from posthorn.web.extensions import card_of, connector_name, logo_url
from posthorn.web.integration_form import (
    HERE,
    Draft,
    shown_after_asking,
    shown_form,
    waiting_of,
    wish_of,
)
from posthorn.web.offers import Bound
from posthorn.web.places import views_of
from posthorn.web.section import connection_section, save_section
from posthorn.web.shell import page

if TYPE_CHECKING:
    from django.http import HttpRequest

    from posthorn.web.access import Space

office = opens(Permission.MANAGE_CLIENTS)
asked = require_http_methods(["GET", "HEAD", "POST"])


@opens()
@require_safe
def listed(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Show what a client is connected to and what goes where."""
    client = client_of(space, client_id)
    bound = queries.integrations_of(space.firm, client_id)
    words = packages.words_of_packages(space.firm)
    places = views_of(space.firm, client_id, bound)
    last = last_documents(space.firm, [one.id for one in bound]) if space.reads_documents else {}
    rows = [
        {
            "integration": one,
            "places": places.get(one.id, []),
            "last": last.get(one.id),
            "channel": connector_name(one.connection.connector_id),
            "logo": logo_url(registry().get(one.connection.connector_id)),
            "words": packages.words_of_integration(one, words(one.connection)),
            "flows": flows_of([one]),
            "offers_trials": offers_trials(one.connection.connector_id),
        }
        for one in bound
    ]
    return page(
        request,
        space,
        "integrations/list.html",
        here=HERE,
        client=client,
        rows=rows,
        flows=flows_of(bound),
        waiting=waiting_of(space, client_id),
        may_edit=space.may(Permission.MANAGE_CLIENTS),
    )


@office
@require_safe
def choose(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Show which of the firm's extensions can be added."""
    client = client_of(space, client_id)
    taken = {one.connection_id for one in queries.integrations_of(space.firm, client_id)}
    found = [
        (one, card_of(loaded))
        for one in queries.connections_of(space.firm)
        if one.id not in taken and (loaded := registry().get(one.connector_id)) is not None
    ]
    return page(
        request,
        space,
        "integrations/choose.html",
        here=HERE,
        client=client,
        found=found,
        may_install=space.may(Permission.MANAGE_CONNECTIONS),
    )


@office
@asked
def add(request: HttpRequest, space: Space, client_id: UUID, package_id: UUID) -> HttpResponse:
    """Bind a client to an accounting package."""
    client = client_of(space, client_id)
    package, loaded = package_of(space, package_id)
    bound = Bound(space=space, client=client, package=package, loaded=loaded, integration=None)
    if request.method != "POST":
        return shown_form(request, Draft(bound=bound))
    draft = Draft(bound=bound, wish=wish_of(request, bound))
    if "fetch" in request.POST:
        return shown_after_asking(request, draft)
    create = partial(
        services.create_integration,
        space.firm,
        client_id,
        package_id,
        draft.wish,
        actor=space.actor,
    )
    refused = packages.attempt(create)
    if refused is not None:
        return shown_form(request, replace(draft, refused=refused))
    if any(isinstance(one, Resolved) for one in loaded.spec.client_settings):
        said = _("%(client)s is connected. What is released waits until its place is verified.")
    else:
        said = _("%(client)s is connected: what is released from now on goes to %(package)s.")
    messages.success(request, said % {"client": client.name, "package": package.name})
    return _saved(request, draft)


@office
@asked
def edit(request: HttpRequest, space: Space, client_id: UUID, integration_id: UUID) -> HttpResponse:
    """Change an integration's settings and ways."""
    client = client_of(space, client_id)
    mine = integration_of(space, client_id, integration_id)
    package, loaded = package_of(space, mine.connection_id)
    bound = Bound(space=space, client=client, package=package, loaded=loaded, integration=mine)
    if request.method != "POST":
        return shown_form(request, Draft(bound=bound, wish=stored_wish(mine)))
    draft = Draft(bound=bound, wish=wish_of(request, bound))
    if "fetch" in request.POST:
        return shown_after_asking(request, draft)
    save = partial(
        services.save_integration, space.firm, integration_id, draft.wish, actor=space.actor
    )
    refused = packages.attempt(save)
    if refused is not None:
        return shown_form(request, replace(draft, refused=refused))
    messages.success(request, _("The configurations are saved."))
    return _saved(request, draft)


def _saved(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Say what there is to say beside, and go back to the client."""
    bound = draft.bound
    tell_of_wait(request, bound.space, bound.client.pk)
    warn_of_doubts(request, bound.package, bound.loaded, draft.wish)
    return HttpResponseRedirect(bound.space.url("integrations", bound.client.pk))


@opens()
@require_http_methods(["GET", "HEAD", "POST"])
def connection(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Show and save *Accounting package connection*: the sharing switch and the package at once."""
    client = client_of(space, client_id)
    if request.method == "POST":
        if not space.may(Permission.MANAGE_CLIENTS):
            raise Http404
        return save_section(request, space, client)
    context = connection_section(request, space, client)
    if request.headers.get("HX-Target") == "connection-fields":
        return render(request, "integrations/_section_fields.html", {"space": space, **context})
    return page(request, space, "integrations/connection.html", here=HERE, client=client, **context)

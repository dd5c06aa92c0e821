"""Integrations of a client: what is connected, what goes where, and how it is changed."""

from __future__ import annotations

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
from posthorn.connections.change_queries import waiting_changes
from posthorn.connections.errors import BothNeededError
from posthorn.connections.flows import choices_of, flows_of
from posthorn.connections.integrations import Wish
from posthorn.connections.registry import registry
from posthorn.connections.routes import OWN
from posthorn.connections.senders import sender_of
from posthorn.delivery.queries.packages import last_documents
from posthorn.sdk.fields import Resolved, effects_of
from posthorn.sdk.kinds import Kind
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
from posthorn.web.declared import Given, groups_of, settings_from, unplaced
from posthorn.web.extensions import card_of, connector_name, logo_url
from posthorn.web.languages import language
from posthorn.web.places import views_of
from posthorn.web.section import connection_section, save_section
from posthorn.web.shell import page

if TYPE_CHECKING:
    from django.http import HttpRequest

    from posthorn.connections.change_queries import ChangeRow
    from posthorn.connections.errors import ConnectionsError
    from posthorn.connections.registry import Loaded
    from posthorn.web.access import Space
    from posthorn.web.rows import Binding, Company, Package

HERE = "clients"
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
        waiting=_waiting(space, client_id),
        may_edit=space.may(Permission.MANAGE_CLIENTS),
    )


def _waiting(space: Space, client_id: UUID) -> list[ChangeRow]:
    """Give what waits for a second person, to those who may be it."""
    is_asked = space.may(Permission.MANAGE_CLIENTS)
    return waiting_changes(space.firm, client=client_id) if is_asked else []


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
    if request.method != "POST":
        return _shown_form(request, space, client, _Draft(space.firm, package, loaded, Wish()))
    wish = _wish(request, loaded)
    create = partial(
        services.create_integration, space.firm, client_id, package_id, wish, actor=space.actor
    )
    refused = packages.attempt(create)
    if refused is not None:
        draft = _Draft(space.firm, package, loaded, wish, refused=refused)
        return _shown_form(request, space, client, draft)
    if any(isinstance(one, Resolved) for one in loaded.spec.client_settings):
        said = _("%(client)s is connected. What is released waits until its place is verified.")
    else:
        said = _("%(client)s is connected: what is released from now on goes to %(package)s.")
    messages.success(request, said % {"client": client.name, "package": package.name})
    tell_of_wait(request, space, client_id)
    warn_of_doubts(request, package, loaded, wish)
    return HttpResponseRedirect(space.url("integrations", client_id))


@office
@asked
def edit(request: HttpRequest, space: Space, client_id: UUID, integration_id: UUID) -> HttpResponse:
    """Change an integration's settings and ways."""
    client = client_of(space, client_id)
    integration = integration_of(space, client_id, integration_id)
    package, loaded = package_of(space, integration.connection_id)
    if request.method != "POST":
        wish = stored_wish(integration)
        return _shown_form(
            request, space, client, _Draft(space.firm, package, loaded, wish, integration)
        )
    wish = _wish(request, loaded)
    save = partial(services.save_integration, space.firm, integration_id, wish, actor=space.actor)
    refused = packages.attempt(save)
    if refused is not None:
        draft = _Draft(space.firm, package, loaded, wish, integration, refused=refused)
        return _shown_form(request, space, client, draft)
    messages.success(request, _("The configurations are saved."))
    tell_of_wait(request, space, client_id)
    warn_of_doubts(request, package, loaded, wish)
    return HttpResponseRedirect(space.url("integrations", client_id))


class _Draft:
    """An integration as a form shows it."""

    def __init__(
        self,
        firm: UUID,
        package: Package,
        loaded: Loaded,
        wish: Wish,
        integration: Binding | None = None,
        *,
        refused: ConnectionsError | None = None,
    ) -> None:
        self.firm = firm
        self.package = package
        self.loaded = loaded
        self.wish = wish
        self.integration = integration
        self.refused = refused

    @property
    def given(self) -> Given:
        """What the form starts from."""
        kept: frozenset[str] = frozenset()
        if self.integration:
            kept = queries.kept_secrets(self.firm, self.package.id, self.integration.id)
        return Given(
            values=self.wish.values,
            starts=self.package.settings,
            kept=kept,
            codes=packages.codes_of(self.refused),
            reasons=packages.reasons_of(self.refused),
            effects=effects_of(self.loaded.spec.firm_settings, self.package.settings),
            sender=sender_of(self.package.settings),
        )


def _shown_form(request: HttpRequest, space: Space, client: Company, draft: _Draft) -> HttpResponse:
    fields = draft.loaded.spec.client_settings
    mine = draft.integration.id if draft.integration else None
    others = [one for one in queries.integrations_of(space.firm, client.pk) if one.id != mine]
    refused = draft.refused
    choices = choices_of(draft.loaded, dict(draft.wish.routes), list(draft.wish.both), others)
    return page(
        request,
        space,
        "integrations/form.html",
        here=HERE,
        client=client,
        package=draft.package,
        card=card_of(draft.loaded),
        integration=draft.integration,
        groups=groups_of(fields, draft.given, language()),
        problem=packages.refusal_of(refused) if refused else "",
        problems=unplaced(fields, draft.given, language()),
        asks_both=isinstance(refused, BothNeededError),
        uses=packages.uses_of(refused),
        shared_reason=draft.wish.shared_reason,
        waiting=_waiting(space, client.pk),
        choices=choices,
        shared=[one for one in choices if one.others],
        has_ways=any(one.value != OWN and one.is_chosen for each in choices for one in each.ways),
    )


def _wish(request: HttpRequest, loaded: Loaded) -> Wish:
    posted = request.POST
    routes = {kind.value: posted.get(f"route-{kind}", "") or OWN for kind in Kind}
    return Wish(
        values=settings_from(loaded.spec.client_settings, posted),
        routes={kind: route for kind, route in routes.items() if route != OWN},
        both=[kind.value for kind in Kind if kind in posted.getlist("both")],
        shared_reason=posted.get("shared_reason", ""),
    )


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

"""Finds the rows behind a client's integrations; what is not there for a person is not found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext as _

from posthorn.connections import queries
from posthorn.connections.change_queries import waiting_changes
from posthorn.connections.errors import NotFoundError
from posthorn.connections.integrations import Wish
from posthorn.connections.registry import registry
from posthorn.sdk.fields import doubts, effects_of
from posthorn.tenancy.queries import clients_visible_to
from posthorn.web.languages import language

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from posthorn.connections.registry import Loaded
    from posthorn.web.access import Space
    from posthorn.web.rows import Binding, Company, Package


def stored_wish(integration: Binding) -> Wish:
    """Give what an integration is now, as somebody would wish it."""
    return Wish(
        values=integration.settings, routes=integration.routes, both=tuple(integration.both)
    )


def tell_of_wait(request: HttpRequest, space: Space, client_id: UUID) -> None:
    """Say when what was saved waits for a second person."""
    own = [one for one in waiting_changes(space.firm, client=client_id) if one.is_by(space.actor)]
    if own:
        said = _("The changed import address waits for a second person: %(changed)s.")
        messages.warning(request, said % {"changed": own[-1].told})


def warn_of_doubts(request: HttpRequest, package: Package, loaded: Loaded, wish: Wish) -> None:
    """Say which addresses do not look like those of the package: they are kept all the same."""
    effects = effects_of(loaded.spec.firm_settings, package.settings)
    for reason in doubts(loaded.spec.client_settings, wish.values, effects).values():
        messages.warning(request, reason[language()])


def client_of(space: Space, client_id: UUID) -> Company:
    """Give a client that exists for this person; for others it is not there."""
    client = clients_visible_to(space.firm, space.viewer).filter(pk=client_id).first()
    if client is None:
        raise Http404
    return client


def package_of(space: Space, package_id: UUID) -> tuple[Package, Loaded]:
    """Give a package of the firm whose extension is loaded."""
    try:
        package = queries.package_of(space.firm, package_id)
    except NotFoundError:
        raise Http404 from None
    loaded = registry().get(package.connector_id)
    if loaded is None:
        raise Http404
    return package, loaded


def integration_of(space: Space, client_id: UUID, integration_id: UUID) -> Binding:
    """Give an integration of this client that was not removed."""
    try:
        found = queries.integration_of(space.firm, integration_id)
    except NotFoundError:
        raise Http404 from None
    if found.client_id != client_id or found.removed_at is not None:
        raise Http404
    return found

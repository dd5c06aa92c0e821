"""Refuses that two packages get the same kind of one client's documents unless a person says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.connections import routes, routing
from posthorn.connections.errors import BothNeededError
from posthorn.connections.models import Integration
from posthorn.connections.registry import registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posthorn.connections.models import Connection
    from posthorn.connections.registry import Loaded
    from posthorn.sdk.kinds import Kind


def demand(integration: Integration) -> None:
    """Refuse a kind that another integration of the client takes, unless either says *both*.

    A paused integration or one whose extension is off counts: it will take documents again.
    Raises BothNeededError.
    """
    mine = _taken(integration)
    shared: dict[str, frozenset[Kind]] = {}
    for other in _others(integration):
        agreed = {*integration.both, *other.both}
        kinds = (mine & _taken(other)) - agreed
        if kinds:
            shared[other.connection.name] = frozenset(kinds)
    if shared:
        raise BothNeededError(sorted(shared), frozenset().union(*shared.values()))


def demand_for_connection(
    loaded: Loaded, connection: Connection, before: Mapping[str, str]
) -> None:
    """Refuse settings of a firm with which an integration would take a kind it did not take.

    Raises BothNeededError for the first client with two packages for one kind.
    """
    spec = loaded.spec
    rows = connection.integrations.filter(removed_at=None).select_related("client")
    for integration in rows:
        integration.connection = connection
        settings = {**before, **integration.settings}
        seen = routes.settings_for(spec.client_settings, settings, integration.routes)
        was = routes.kinds_taken(loaded, seen, integration.routes)
        if routing.taken_kinds(loaded, integration) - was:
            demand(integration)


def _others(integration: Integration) -> list[Integration]:
    rows = Integration.objects.filter(client_id=integration.client_id, removed_at=None)
    return list(rows.exclude(id=integration.id).select_related("connection").order_by("id"))


def _taken(integration: Integration) -> frozenset[Kind]:
    loaded = registry().get(integration.connection.connector_id)
    return routing.taken_kinds(loaded, integration) if loaded else frozenset()

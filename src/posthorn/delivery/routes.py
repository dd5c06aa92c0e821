"""Reads integrations as the plan sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.connections import routing
from posthorn.connections.registry import registry
from posthorn.connections.stages import Unresolved
from posthorn.delivery.plan import Route
from posthorn.tenancy.clients import is_live

if TYPE_CHECKING:
    from posthorn.connections.models import Integration


def route_of(integration: Integration) -> Route:
    """Read one integration; its connection and client are already loaded with it."""
    connection, client = integration.connection, integration.client
    loaded = registry().get(connection.connector_id)
    takes = routing.taken_kinds(loaded, integration) if loaded else frozenset()
    return Route(
        integration_id=integration.id,
        activated_at=integration.activated_at,
        takes=takes,
        without_address=frozenset(
            kind for kind in takes if loaded and routing.missing_address(loaded, integration, kind)
        ),
        is_connector_loaded=loaded is not None,
        is_extension_on=connection.is_active,
        needs_attention=bool(connection.attention),
        is_connection_paused=connection.paused_at is not None,
        is_integration_paused=integration.paused_at is not None,
        is_client_paused=client.paused_at is not None,
        is_client_live=is_live(client),
        is_shared=client.shares_documents,
        is_unverified=integration.unresolved == Unresolved.UNVERIFIED,
        is_undecided=integration.unresolved == Unresolved.UNDECIDED,
    )

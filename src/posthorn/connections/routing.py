"""Where one integration's documents go and what its connector runs with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.connections import routes, runtime
from posthorn.connections.resolved import seen_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posthorn.connections.models import Integration
    from posthorn.connections.registry import Loaded
    from posthorn.sdk.kinds import Kind


def runtime_settings(loaded: Loaded, integration: Integration) -> Mapping[str, str]:
    """Return the settings the connector runs with, secrets included.

    Needs an open scope of the firm. Raises KeyringError.
    """
    return runtime.runtime_settings(loaded, integration.connection, integration)


def effective_settings(loaded: Loaded, integration: Integration) -> dict[str, str]:
    """Return the firm's and the client's settings as the connector sees them, without secrets."""
    fields = loaded.spec.client_settings
    return routes.settings_for(fields, seen_settings(fields, integration), integration.routes)


def taken_kinds(loaded: Loaded, integration: Integration) -> frozenset[Kind]:
    """Return the kinds this integration takes: what the connector takes, minus routes of none."""
    settings = effective_settings(loaded, integration)
    return routes.kinds_taken(loaded, settings, integration.routes)


def missing_address(loaded: Loaded, integration: Integration, kind: Kind) -> str:
    """Return the id of the empty field that should say where a kind goes, or an empty text."""
    fields = loaded.spec.client_settings
    return routes.missing_field(
        fields, seen_settings(fields, integration), integration.routes, kind
    )

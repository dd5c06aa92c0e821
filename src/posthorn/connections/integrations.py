"""Binds clients to connections; call inside the firm's scope, every change leaves an entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from posthorn.connections import both, vault
from posthorn.connections.errors import (
    ClientOverError,
    IntegrationExistsError,
    NotFoundError,
    SettingsError,
)
from posthorn.connections.models import Connection, Integration
from posthorn.connections.ports import hold_keeper
from posthorn.connections.routes import OWN, route_problems
from posthorn.connections.services import REASON_MAX_CHARS, loaded_connector
from posthorn.connections.settings import Before, Checked, changes, check_settings
from posthorn.kernel.clock import now
from posthorn.sdk.fields import effects_of
from posthorn.sdk.kinds import Kind
from posthorn.tenancy import audit
from posthorn.tenancy.life import OVER, ClientState
from posthorn.tenancy.models import Client

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from posthorn.connections.registry import Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an integration is to be: the whole form, the route of each kind, the kinds for *both*.

    A route is `own`, `none` or `same_as:<kind>`; a kind left out has its own.
    """

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    routes: Mapping[str, str] = field(default_factory=dict)
    both: Collection[str] = ()


def create_integration(
    firm: UUID, client_id: UUID, connection_id: UUID, wish: Wish, *, actor: str
) -> Integration:
    """Bind a client to a connection; what is released from now on goes there.

    Raises NotFoundError, ClientOverError, IntegrationExistsError, ConnectorMissingError,
    SettingsError, BothNeededError.
    """
    with transaction.atomic():
        client = _locked_client(firm, client_id)
        connection = _connection(firm, connection_id)
        bound = Integration.objects.filter(client=client, connection=connection, removed_at=None)
        if bound.exists():
            raise IntegrationExistsError(f"{client} has {connection.name} already.")
        loaded = loaded_connector(connection.connector_id)
        checked = _checked(loaded, connection, wish, Before())
        integration = Integration(firm_id=firm, client=client, connection=connection)
        detail = _changes(integration, wish, checked)
        _apply(integration, checked, wish)
        both.demand(integration)
        integration.save(force_insert=True)
        vault.keep(connection, integration, checked.secrets)
        _record(integration, "integration.created", actor, detail)
    return integration


def save_integration(firm: UUID, integration_id: UUID, wish: Wish, *, actor: str) -> Integration:
    """Replace an integration's settings and routes; its activation time stays.

    Raises NotFoundError, ConnectorMissingError, SettingsError, BothNeededError.
    """
    with transaction.atomic():
        integration = _locked(firm, integration_id)
        connection = integration.connection
        loaded = loaded_connector(connection.connector_id)
        stored = vault.kept_fields(connection, integration)
        known = Before(plain=integration.settings, secrets=stored)
        checked = _checked(loaded, connection, wish, known)
        detail = _changes(integration, wish, checked)
        if detail["changed"] or detail["secrets"] or "routes" in detail:
            integration.version += 1
        _apply(integration, checked, wish)
        both.demand(integration)
        integration.save(update_fields=["settings", "routes", "both", "version"])
        vault.keep(connection, integration, checked.secrets)
        vault.forget(connection, integration, stored - checked.wanted_secrets)
        _record(integration, "integration.saved", actor, detail)
        _reconsider(integration, actor)
    return integration


def remove_integration(firm: UUID, integration_id: UUID, *, actor: str) -> Integration:
    """End the binding; what has not left waits on hold for a decision. Raises NotFoundError."""
    with transaction.atomic():
        integration = _locked(firm, integration_id)
        integration.removed_at = now()
        integration.save(update_fields=["removed_at"])
        connection = integration.connection
        vault.forget(connection, integration, vault.kept_fields(connection, integration))
        _record(integration, "integration.removed", actor, {})
        _reconsider(integration, actor)
    return integration


def pause_integration(
    firm: UUID, integration_id: UUID, *, actor: str, reason: str = ""
) -> Integration:
    """Hold everything for this client's package. Raises NotFoundError."""
    with transaction.atomic():
        integration = _locked(firm, integration_id)
        if integration.paused_at is None:
            integration.paused_at = now()
            integration.pause_reason = reason[:REASON_MAX_CHARS]
            _switch(integration, "integration.paused", actor)
    return integration


def release_integration(firm: UUID, integration_id: UUID, *, actor: str) -> Integration:
    """End the pause of this client's package. Raises NotFoundError."""
    with transaction.atomic():
        integration = _locked(firm, integration_id)
        if integration.paused_at is not None:
            integration.paused_at = None
            integration.pause_reason = ""
            _switch(integration, "integration.released", actor)
    return integration


def _switch(integration: Integration, action: str, actor: str) -> None:
    integration.save(update_fields=["paused_at", "pause_reason"])
    reason = integration.pause_reason
    _record(integration, action, actor, {"reason": reason} if reason else {})
    _reconsider(integration, actor)


def _checked(loaded: Loaded, connection: Connection, wish: Wish, known: Before) -> Checked:
    fields = loaded.spec.client_settings
    wrong = route_problems(fields, wish.routes)
    wrong |= {kind: "unknown_kind" for kind in wish.both if kind not in set(Kind)}
    if wrong:
        raise SettingsError(wrong)
    return check_settings(
        fields,
        wish.values,
        before=known,
        starts=connection.settings,
        effects=effects_of(loaded.spec.firm_settings, connection.settings),
    )


def _apply(integration: Integration, checked: Checked, wish: Wish) -> None:
    integration.settings = checked.plain
    integration.routes = _kept_routes(wish)
    integration.both = sorted(set(wish.both))


def _kept_routes(wish: Wish) -> dict[str, str]:
    return {kind: route for kind, route in wish.routes.items() if route != OWN}


def _changes(integration: Integration, wish: Wish, checked: Checked) -> dict[str, object]:
    detail = changes(integration.settings, checked)
    routes, wanted = _kept_routes(wish), sorted(set(wish.both))
    if routes != integration.routes:
        detail["routes"] = [integration.routes, routes]
    if wanted != integration.both:
        detail["both"] = [integration.both, wanted]
    return detail


def _locked_client(firm: UUID, client_id: UUID) -> Client:
    """Lock a client, so that two integrations of it cannot be made past each other."""
    try:
        client = Client.objects.select_for_update().get(firm_id=firm, id=client_id)
    except Client.DoesNotExist:
        raise NotFoundError("The firm has no such client.") from None
    if ClientState(client.state) in OVER:
        raise ClientOverError(f"{client} is {client.state}: take the client back first.")
    return client


def _connection(firm: UUID, connection_id: UUID) -> Connection:
    try:
        return Connection.objects.get(firm_id=firm, id=connection_id)
    except Connection.DoesNotExist:
        raise NotFoundError("The firm has no such accounting package.") from None


def _locked(firm: UUID, integration_id: UUID) -> Integration:
    """Lock an integration that was not removed, and its client before it."""
    rows = Integration.objects.filter(firm_id=firm, id=integration_id, removed_at=None)
    Client.objects.select_for_update().filter(id__in=rows.values("client_id")).first()
    locked = rows.select_for_update(of=("self",)).select_related("connection", "client").first()
    if locked is None:
        raise NotFoundError("The firm has no such integration.")
    return locked


def _reconsider(integration: Integration, actor: str) -> None:
    hold_keeper().reconsider(integration.firm_id, integration_ids=[integration.id], actor=actor)


def _record(
    integration: Integration, action: str, actor: str, detail: Mapping[str, object]
) -> None:
    audit.record(
        [
            audit.Entry(
                firm=integration.firm_id,
                actor=actor,
                action=action,
                subject_kind="integration",
                subject_id=integration.id,
                detail={
                    "client": str(integration.client_id),
                    "connection": str(integration.connection_id),
                    **detail,
                },
            )
        ]
    )

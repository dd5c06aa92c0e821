"""Binds clients to connections; call inside the firm's scope, every change leaves an entry."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db import transaction

from posthorn.connections import both, resolutions, unbinding, vault
from posthorn.connections.changes import (
    Weighed,
    held_back,
    note,
    propose,
    record_shared,
    weigh,
)
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

    A route is `own`, `none` or `same_as:<kind>`; a kind left out has its own. `shared_reason` says
    why an address is another client's too.
    """

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    routes: Mapping[str, str] = field(default_factory=dict)
    both: Collection[str] = ()
    shared_reason: str = ""


def create_integration(
    firm: UUID, client_id: UUID, connection_id: UUID, wish: Wish, *, actor: str
) -> Integration:
    """Bind a client to a connection; what is released from now on goes there.

    An address other than the client's last may have to wait for a second person: the integration
    is there without it. Raises NotFoundError, ClientOverError, IntegrationExistsError,
    ConnectorMissingError, SettingsError, BothNeededError, AddressInUseError.
    """
    with transaction.atomic():
        connection = _locked_connection(firm, connection_id)
        client = _locked_client(firm, client_id)
        bound = Integration.objects.filter(client=client, connection=connection, removed_at=None)
        if bound.exists():
            raise IntegrationExistsError(f"{client} has {connection.name} already.")
        loaded = loaded_connector(connection.connector_id)
        checked = _checked(loaded, connection, wish, Before())
        integration = Integration(firm_id=firm, client=client, connection=connection)
        weighed = _weigh(integration, loaded, checked, wish)
        held = held_back(checked.plain, loaded, weighed.waits)
        plain = {name: value for name, value in checked.plain.items() if name not in held}
        kept = replace(checked, plain=plain)
        detail = _changes(integration, wish, kept)
        _apply(integration, kept, wish)
        both.demand(integration)
        integration.save(force_insert=True)
        vault.keep(connection, integration, checked.secrets)
        _record(integration, "integration.created", actor, detail)
        resolutions.begin(integration, loaded)
        record_shared(integration, weighed.uses, reason=wish.shared_reason, actor=actor)
        _leave_out(integration, weighed, held, wish, actor)
    return integration


def _leave_out(
    integration: Integration, weighed: Weighed, held: Mapping[str, str], wish: Wish, actor: str
) -> None:
    """Keep what a new integration may not have yet, for a second person."""
    if not held:
        note(integration, weighed.moved, author=actor)
        return
    wanted = {"settings": {name: ["", value] for name, value in held.items()}}
    propose(integration, weighed.moved, wanted, author=actor, shared_reason=wish.shared_reason)


def save_integration(firm: UUID, integration_id: UUID, wish: Wish, *, actor: str) -> Integration:
    """Replace an integration's settings and routes; its activation time stays.

    Where a second person must confirm a changed address, nothing but secrets changes before.
    Raises NotFoundError, ConnectorMissingError, SettingsError, BothNeededError, AddressInUseError.
    """
    with transaction.atomic():
        integration = locked(firm, integration_id)
        rewrite(integration, wish, actor=actor)
    return integration


def rewrite(
    integration: Integration, wish: Wish, *, actor: str, is_confirmed: bool = False
) -> None:
    """Save a locked integration; raises what save_integration raises."""
    connection = integration.connection
    loaded = loaded_connector(connection.connector_id)
    stored = vault.kept_fields(connection, integration)
    checked = _checked(loaded, connection, wish, Before(plain=integration.settings, secrets=stored))
    weighed = _weigh(integration, loaded, checked, wish)
    detail = _changes(integration, wish, checked)
    vault.keep(connection, integration, checked.secrets)
    if weighed.waits and not is_confirmed:
        _postpone(integration, weighed, wish, detail, actor)
        return
    if detail["changed"] or detail["secrets"] or "routes" in detail:
        integration.version += 1
    _apply(integration, checked, wish)
    both.demand(integration)
    integration.save(update_fields=["settings", "routes", "both", "version"])
    vault.forget(connection, integration, stored - checked.wanted_secrets)
    _record(integration, "integration.saved", actor, detail)
    resolutions.begin(integration, loaded)
    if not is_confirmed:
        record_shared(integration, weighed.uses, reason=wish.shared_reason, actor=actor)
        note(integration, weighed.moved, author=actor)
    _reconsider(integration, actor)


def _postpone(
    integration: Integration, weighed: Weighed, wish: Wish, detail: dict[str, object], actor: str
) -> None:
    """Keep a change for a second person; only secrets count at once: nothing goes by them."""
    if detail["secrets"]:
        integration.version += 1
        integration.save(update_fields=["version"])
        saved = {"changed": {}, "secrets": detail["secrets"]}
        _record(integration, "integration.saved", actor, saved)
        _reconsider(integration, actor)
    wanted = {"settings": detail["changed"]}
    wanted |= {name: detail[name] for name in ("routes", "both") if name in detail}
    record_shared(integration, weighed.uses, reason=wish.shared_reason, actor=actor)
    propose(integration, weighed.moved, wanted, author=actor, shared_reason=wish.shared_reason)


def remove_integration(firm: UUID, integration_id: UUID, *, actor: str) -> Integration:
    """End the binding; what has not left waits on hold for a decision. Raises NotFoundError."""
    with transaction.atomic():
        integration = locked(firm, integration_id)
        unbinding.end([integration], actor)
        _reconsider(integration, actor)
    return integration


def pause_integration(
    firm: UUID, integration_id: UUID, *, actor: str, reason: str = ""
) -> Integration:
    """Hold everything for this client's package. Raises NotFoundError."""
    with transaction.atomic():
        integration = locked(firm, integration_id)
        if integration.paused_at is None:
            integration.paused_at = now()
            integration.pause_reason = reason[:REASON_MAX_CHARS]
            _switch(integration, "integration.paused", actor)
    return integration


def release_integration(firm: UUID, integration_id: UUID, *, actor: str) -> Integration:
    """End the pause of this client's package. Raises NotFoundError."""
    with transaction.atomic():
        integration = locked(firm, integration_id)
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


def _weigh(integration: Integration, loaded: Loaded, checked: Checked, wish: Wish) -> Weighed:
    routes, reason = _kept_routes(wish), wish.shared_reason
    return weigh(integration, loaded, checked.plain, routes, reason=reason)


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


def _locked_connection(firm: UUID, connection_id: UUID) -> Connection:
    """Lock a connection before any client: whoever removes it ends all of its integrations."""
    rows = Connection.objects.filter(firm_id=firm, id=connection_id, removed_at=None)
    connection = rows.select_for_update(no_key=True).first()
    if connection is None:
        raise NotFoundError("The firm has no such accounting package.")
    return connection


def locked(firm: UUID, integration_id: UUID) -> Integration:
    """Lock an integration that was not removed, its client first. Raises NotFoundError."""
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

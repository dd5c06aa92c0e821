"""Removes an accounting package from a firm, and with the last one its extension.

What was delivered stays, and so does who confirmed what. Installing it again begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from posthorn.connections import consents, revocations, services, signing, unbinding, vault
from posthorn.connections.choice_models import ChoiceList
from posthorn.connections.grant_models import Grant
from posthorn.connections.models import Connection, Integration
from posthorn.connections.ports import hold_keeper
from posthorn.kernel.clock import now
from posthorn.tenancy import audit
from posthorn.tenancy.models import Client

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.connections.stages import Revocation


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What was removed: `revocation` is None where nobody was signed in."""

    name: str
    connector_id: str
    clients: int
    is_last: bool  # of its extension
    revocation: Revocation | None


def remove_connection(firm: UUID, connection_id: UUID, *, actor: str) -> Removed:
    """End everything about an accounting package; what has not left waits on hold.

    Call it inside the firm's scope. A worker has the sign-in ended at the package, where that is
    possible. Raises NotFoundError.
    """
    with transaction.atomic():
        # Whoever refreshes tokens locks them before the connection, so this does too.
        _locked_grant(connection_id)
        connection = services.lock_connection(firm, connection_id)
        bound = _locked_bindings(connection)
        unbinding.end(bound, actor)
        vault.forget_all(connection)
        ChoiceList.objects.filter(connection=connection).delete()
        _retire(connection)
        grant = _locked_grant(connection_id)
        revocation = revocations.give_up(grant, connection, actor=actor) if grant else None
        is_last = _close(connection, actor)
        removed = Removed(
            name=connection.name,
            connector_id=connection.connector_id,
            clients=len(bound),
            is_last=is_last,
            revocation=revocation,
        )
        _record(connection, removed, actor)
        hold_keeper().reconsider(firm, connection_ids=[connection.id], actor=actor)
    return removed


def _locked_grant(connection_id: UUID) -> Grant | None:
    rows = Grant.objects.filter(connection_id=connection_id)
    return rows.select_for_update(no_key=True).first()


def _locked_bindings(connection: Connection) -> list[Integration]:
    rows = Integration.objects.filter(connection=connection, removed_at=None)
    clients = Client.objects.filter(id__in=rows.values("client_id"))
    list(clients.order_by("id").select_for_update().values_list("id"))
    return list(rows.order_by("id").select_for_update(of=("self",)))


def _retire(connection: Connection) -> None:
    connection.removed_at = now()
    connection.version += 1  # what is under way with it is blamed on nothing any more
    connection.paused_at, connection.pause_reason = None, ""
    connection.attention = connection.attention_field = connection.attention_detail = ""
    connection.attention_since = connection.failing_since = connection.probe_lane = None
    connection.backoff_step = 0
    connection.save()


def _close(connection: Connection, actor: str) -> bool:
    """End sign-ins under way; with the last connection what was confirmed counts no more."""
    firm, connector_id = connection.firm_id, connection.connector_id
    others = Connection.objects.filter(firm_id=firm, connector_id=connector_id, removed_at=None)
    is_last = not others.exists()
    signing.end_all(firm, connector_id, None if is_last else connection.id)
    if is_last:
        consents.withdraw_access(firm, connector_id, actor=actor)
    return is_last


def _record(connection: Connection, removed: Removed, actor: str) -> None:
    entry = audit.Entry(
        firm=connection.firm_id,
        actor=actor,
        action="connection.removed",
        subject_kind="connection",
        subject_id=connection.id,
        detail={
            "name": removed.name,
            "connector": removed.connector_id,
            "clients": removed.clients,
            "revocation": removed.revocation or "",
        },
    )
    audit.record([entry])

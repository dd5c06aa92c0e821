"""Ends integrations that are locked; call inside the firm's scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.connections import resolutions, vault
from posthorn.connections.changes import withdraw_waiting
from posthorn.connections.models import Integration
from posthorn.kernel.clock import now
from posthorn.tenancy import audit

if TYPE_CHECKING:
    from collections.abc import Sequence


def end(integrations: Sequence[Integration], actor: str) -> None:
    """End bindings: their settings stay as a record, their secrets and their places do not.

    Whoever calls has what waits for them looked at again.
    """
    ids, at = [one.id for one in integrations], now()
    Integration.objects.filter(id__in=ids).update(removed_at=at)
    for one in integrations:
        one.removed_at = at
    withdraw_waiting(ids, actor)
    vault.forget_bound(ids)
    resolutions.end(ids)
    audit.record([_entry(one, actor) for one in integrations])


def _entry(integration: Integration, actor: str) -> audit.Entry:
    return audit.Entry(
        firm=integration.firm_id,
        actor=actor,
        action="integration.removed",
        subject_kind="integration",
        subject_id=integration.id,
        detail={
            "client": str(integration.client_id),
            "connection": str(integration.connection_id),
        },
    )

"""Asks an accounting package whether it lets us in, within ten seconds, and keeps what it said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.connections import runtime
from posthorn.connections.consultation import Subject, consult
from posthorn.connections.context import secrets_among
from posthorn.connections.domains.keeping import proven_of
from posthorn.connections.errors import NotFoundError
from posthorn.connections.http import Caller
from posthorn.connections.models import Connection
from posthorn.connections.ports import hold_keeper
from posthorn.connections.services import loaded_connector
from posthorn.kernel.clock import now
from posthorn.kernel.redact import redact
from posthorn.sdk.errors import Misconfigured
from posthorn.tenancy import audit
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from posthorn.connections.errands import Task


KIND = "check"
"""Errands of people who ask whether a package lets us in."""


def check_connection(firm: UUID, connection_id: UUID, *, actor: str) -> str:
    """Return who we are connected as; call it outside any transaction, it asks the network.

    A Misconfigured answer is kept as what needs attention, a good one takes it away. Raises one
    of the six outcomes, NotFoundError, ConnectorMissingError.
    """
    with acting(firm):
        connection = _connection(connection_id)
        loaded = loaded_connector(connection.connector_id)
        settings = runtime.runtime_settings(loaded, connection)
        proven = {row.domain for row in proven_of([firm]).get(firm, ())}
    try:
        caller = Caller(
            firm=firm,
            connection=connection_id,
            connector_id=loaded.id,
            revision=connection.version,
        )
        subject = Subject(loaded=loaded, settings=settings, caller=caller, proven=proven)
        said = consult(subject, lambda connector, context: connector.check(context))
    except Misconfigured as wrong:
        _keep(firm, connection, _Finding(wrong.code, wrong.field, wrong.detail), actor)
        raise
    clean = redact(said, secrets_among(loaded, settings), 200)
    _keep(firm, connection, _Finding(checked_as=clean), actor)
    return clean


def check_for(task: Task) -> Mapping[str, str]:
    """Do a check that somebody asked for on a page; an errand."""
    return {"said": check_connection(task.firm, task.connection, actor=task.actor)}


class _Finding:
    """What a check came to; without a code it went well."""

    def __init__(
        self, code: str = "", field: str = "", detail: str = "", *, checked_as: str = ""
    ) -> None:
        self.code = code
        self.field = field
        self.detail = detail[:500]
        self.checked_as = checked_as


def _keep(firm: UUID, asked: Connection, finding: _Finding, actor: str) -> None:
    with acting(firm):
        connection = Connection.objects.select_for_update().get(id=asked.id)
        if connection.version != asked.version:
            return  # it was saved meanwhile: this answer is about other settings
        was = connection.attention
        connection.checked_at = now()
        connection.checked_as = finding.checked_as
        connection.attention = finding.code
        connection.attention_field = finding.field
        connection.attention_detail = finding.detail
        connection.attention_since = now() if finding.code else None
        connection.save(
            update_fields=[
                "checked_at",
                "checked_as",
                "attention",
                "attention_field",
                "attention_detail",
                "attention_since",
            ]
        )
        audit.record(
            [
                audit.Entry(
                    firm=firm,
                    actor=actor,
                    action="connection.checked",
                    subject_kind="connection",
                    subject_id=connection.id,
                    detail={"code": finding.code, "checked_as": finding.checked_as},
                )
            ]
        )
        if was != finding.code:
            hold_keeper().reconsider(firm, connection_ids=[connection.id], actor=actor)


def _connection(connection_id: UUID) -> Connection:
    try:
        return Connection.objects.get(id=connection_id, removed_at=None)
    except Connection.DoesNotExist:
        raise NotFoundError("The firm has no such accounting package.") from None

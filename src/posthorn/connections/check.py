"""Asks an accounting package whether it lets us in, within ten seconds, and keeps what it said."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from posthorn.connections import runtime
from posthorn.connections.calling import hasty_lines, http_for
from posthorn.connections.context import (
    mailer_for,
    make_context,
    operators_terms,
    secrets_among,
)
from posthorn.connections.domains.keeping import proven_of
from posthorn.connections.errors import NotFoundError
from posthorn.connections.http import Caller
from posthorn.connections.mail import Switchboard
from posthorn.connections.models import Connection
from posthorn.connections.ports import hold_keeper
from posthorn.connections.services import loaded_connector
from posthorn.connections.smtp import Times
from posthorn.kernel.clock import now
from posthorn.kernel.redact import redact
from posthorn.sdk.errors import Misconfigured, Outcome, Unavailable
from posthorn.tenancy import audit
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from uuid import UUID

    from posthorn.connections.mail import Terms
    from posthorn.connections.registry import Loaded

_log = logging.getLogger(__name__)

LIMIT_S = 10.0
Answer = TypeVar("Answer")


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
        caller = Caller(firm=firm, connection=connection_id, connector_id=loaded.id)
        said = within_limit(lambda: _ask(loaded, settings, caller, proven), LIMIT_S)
    except Misconfigured as wrong:
        _keep(firm, connection, _Finding(wrong.code, wrong.field, wrong.detail), actor)
        raise
    clean = redact(said, secrets_among(loaded, settings), 200)
    _keep(firm, connection, _Finding(checked_as=clean), actor)
    return clean


class _Finding:
    """What a check came to; without a code it went well."""

    def __init__(
        self, code: str = "", field: str = "", detail: str = "", *, checked_as: str = ""
    ) -> None:
        self.code = code
        self.field = field
        self.detail = detail[:500]
        self.checked_as = checked_as


class _NoProgress:
    """A check makes no calls worth remembering."""

    def record(self, step: str, remote_id: str) -> None:
        """Refuse: a check only reads."""
        raise RuntimeError(f"A check recorded {step} as {remote_id}; it may only read.")

    def recorded(self, step: str) -> None:
        """Return nothing."""
        del step


def _ask(
    loaded: Loaded, settings: Mapping[str, str], caller: Caller, proven: Collection[str]
) -> str:
    context = make_context(
        loaded,
        settings,
        progress=_NoProgress(),
        now=now(),
        mail=mailer_for(settings, Switchboard(_hasty()), proven),
        http=http_for(loaded, settings, caller, lines=hasty_lines(LIMIT_S)),
    )
    try:
        return loaded.connector.check(context)
    except Outcome:
        raise
    # Foreign code: a bug in it must read as one, and name the connector.
    except Exception as error:  # noqa: BLE001
        _log.error("%s failed in check: %s", loaded.label, type(error).__name__)
        raise Unavailable("internal_error", detail=type(error).__name__) from None


def _hasty() -> Terms:
    terms = operators_terms()
    times = Times(
        connect_s=min(terms.times.connect_s, LIMIT_S),
        reply_s=min(terms.times.reply_s, LIMIT_S),
        accept_s=min(terms.times.accept_s, LIMIT_S),
    )
    return replace(terms, times=times, concurrency=1)


def within_limit(ask: Callable[[], Answer], limit_s: float) -> Answer:
    """Run in a thread of its own: it ends by its own time-outs when nobody waits any more."""
    answer: Future[Answer] = Future()

    def work() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001  carried over to the waiting thread
            answer.set_exception(error)

    threading.Thread(target=work, name="connection-check", daemon=True).start()
    try:
        return answer.result(timeout=limit_s)
    except TimeoutError:
        raise Unavailable("check_timeout") from None


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
        return Connection.objects.get(id=connection_id)
    except Connection.DoesNotExist:
        raise NotFoundError("The firm has no such accounting package.") from None

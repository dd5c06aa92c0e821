"""Asks about the documents of one lane, one after the other, and keeps what is said of each."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from posthorn.connections import routing
from posthorn.connections.calling import reading_lines
from posthorn.connections.consultation import NoProgress
from posthorn.connections.context import make_context
from posthorn.connections.http import Caller
from posthorn.connections.keyring import KeyringError
from posthorn.connections.logins import connection_http
from posthorn.connections.mail import NoMailer
from posthorn.connections.memory import memory_of
from posthorn.connections.models import Integration
from posthorn.connections.registry import registry
from posthorn.delivery import holds
from posthorn.delivery.models import Attempt, Delivery
from posthorn.delivery.readback import claims, keeping
from posthorn.delivery.readback.schedule import at_least
from posthorn.delivery.readback_models import Readback
from posthorn.kernel.clock import now
from posthorn.sdk import Misconfigured, Outcome, RateLimited, Receipt, Scope, Unavailable
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from posthorn.connections.registry import Loaded
    from posthorn.delivery.engine import Lease
    from posthorn.delivery.readback.claims import Slice
    from posthorn.sdk import Context, RemoteStatus

_log = logging.getLogger(__name__)
# What stands in the way of a delivery stands in the way of a question; it may take days to go.
_BLOCKED: Final = timedelta(hours=6)
_RECEIPT: Final = "receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """One document to ask about, as its receipt names it."""

    readback: Readback
    receipt: Receipt


def ask(taken: Slice, lease: Lease) -> None:
    """Ask what a slice holds until a delivery wants the lane; what is left is asked soon."""
    with acting(taken.held.firm_id):
        questions, context, loaded = _loaded(taken)
    if loaded is None or context is None:
        claims.put_off(taken.readbacks, _BLOCKED)
        claims.put_off_lane(taken.held, _BLOCKED)
        return
    for number, question in enumerate(questions):
        left = [each.readback.id for each in questions[number:]]
        if not lease.is_fit() or (number and claims.is_wanted(taken.held)):
            claims.put_off(left, timedelta())
            return
        try:
            status = _answer(loaded, context, question.receipt)
        except Outcome as outcome:
            if _put_off(taken, question.readback, outcome, left):
                return
        else:
            keeping.keep(question.readback, status)


def _loaded(taken: Slice) -> tuple[Sequence[_Question], Context | None, Loaded | None]:
    """Read what is asked and with what; no context where nothing can be asked now."""
    rows = Integration.objects.select_related("connection", "client")
    integration = rows.get(id=taken.integration)
    loaded = registry().get(integration.connection.connector_id)
    if loaded is None or holds.is_blocked(integration):
        return (), None, None
    try:
        settings = routing.runtime_settings(loaded, integration)
    except KeyringError as error:
        _log.error("Lane %s: %s", taken.held.lane_id, error)  # says itself what to do
        return (), None, None
    return _questions(taken.readbacks), _context(taken, loaded, settings), loaded


def _questions(readbacks: Sequence[UUID]) -> list[_Question]:
    rows = list(Readback.objects.filter(id__in=readbacks).order_by("began_at", "id"))
    deliveries = Delivery.objects.in_bulk([row.delivery_id for row in rows])
    wanted = [one.attempt_id for one in deliveries.values()]
    tries = Attempt.objects.filter(id__in=wanted, outcome=_RECEIPT)
    evidence = dict(tries.values_list("delivery_id", "evidence"))
    return [
        _Question(
            readback=row,
            receipt=_receipt(deliveries[row.delivery_id], evidence.get(row.delivery_id, {})),
        )
        for row in rows
    ]


def _receipt(delivery: Delivery, evidence: Mapping[str, object]) -> Receipt:
    said = {str(name): str(value) for name, value in evidence.items()}
    return Receipt(remote_id=delivery.remote_id, url=delivery.url, evidence=said)


def _context(taken: Slice, loaded: Loaded, settings: Mapping[str, str]) -> Context:
    held = taken.held
    caller = Caller(
        firm=held.firm_id,
        connection=held.connection_id,
        connector_id=loaded.id,
        revision=held.connection_version,
        is_patient=True,
    )
    context = make_context(
        loaded,
        settings,
        progress=NoProgress(),
        now=now(),
        http=connection_http(loaded, settings, caller, lines=reading_lines()),
        mail=NoMailer(),
    )
    return replace(context, memory=memory_of(held.connection_id, held.connection_version))


def _answer(loaded: Loaded, context: Context, receipt: Receipt) -> RemoteStatus:
    try:
        return loaded.connector.status(context, receipt)
    except Outcome:
        raise
    # Foreign code: a bug in it must read as one, and name the connector.
    except Exception as error:  # noqa: BLE001
        _log.error("%s failed when asked for a status: %s", loaded.label, type(error).__name__)
        raise Unavailable("internal_error", scope=Scope.DOCUMENT) from None


def _put_off(taken: Slice, asked: Readback, outcome: Outcome, left: Sequence[UUID]) -> bool:
    """Ask later, and tell whether that ends the slice; the delivery is as delivered as before."""
    if isinstance(outcome, RateLimited):  # nothing failed: there was no room
        wait = at_least(outcome.until - now())
    else:
        wait = keeping.note_failure(asked)
    match _scope_of(outcome):
        case Scope.DOCUMENT:
            claims.put_off([asked.id], wait)
            return False
        case Scope.CLIENT:
            claims.put_off_lane(taken.held, wait)
        case Scope.CONNECTION:
            claims.put_off_connection(taken.held, wait)
    claims.put_off(left, wait)
    return True


def _scope_of(outcome: Outcome) -> Scope:
    """Tell what a failure is about: a lost right is one client's, a lost sign-in everybody's."""
    if isinstance(outcome, RateLimited | Unavailable):
        return outcome.scope
    if isinstance(outcome, Misconfigured):
        return Scope.CLIENT if outcome.field else Scope.CONNECTION
    return Scope.DOCUMENT

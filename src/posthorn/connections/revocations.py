"""Ends a sign-in for good: at the package too, where it lets programs do that.

The tokens stay, encrypted, until the package has answered or a day has passed; nothing else can use
them: to everybody who asks for a token the sign-in has ended.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from posthorn.connections import calling, errands, ports
from posthorn.connections.errand_models import Errand
from posthorn.connections.grant_models import Grant
from posthorn.connections.keyring import KeyringError
from posthorn.connections.models import Connection
from posthorn.connections.oauth import Failure, NoTokens
from posthorn.connections.registry import registry
from posthorn.connections.stages import Revocation
from posthorn.connections.tokens import opened_pair
from posthorn.kernel import crash
from posthorn.kernel.clock import now
from posthorn.sdk.errors import Unavailable
from posthorn.sdk.spec import OAuth2
from posthorn.tenancy import audit
from posthorn.tenancy.scope import acting, system

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from posthorn.connections.errands import Task
    from posthorn.connections.oauth import Server
    from posthorn.sdk.languages import Words

KIND: Final = "revoke"
ENDED: Final = "package_removed"
_FOR: Final = timedelta(days=1)
_WAITS: Final = tuple(timedelta(seconds=s) for s in (30, 60, 300, 900, 3_600))
_AT_ONCE: Final = 10


def is_revocable(connector_id: str, settings: Mapping[str, str]) -> bool:
    """Tell whether a worker can have a package end a sign-in to it."""
    server = _server(connector_id, settings)
    return server is not None and bool(server.auth.revoke_url)


def help_of(connector_id: str) -> Words:
    """Return how people end a sign-in at the package by themselves; empty where that is unknown."""
    loaded = registry().get(connector_id)
    auth = loaded.spec.auth if loaded else None
    return auth.revoke_help if isinstance(auth, OAuth2) else {}


def give_up(row: Grant, connection: Connection, *, actor: str) -> Revocation | None:
    """End a locked sign-in of a connection that is removed; None where it had ended already.

    Its tokens go at once where nobody can use them to end it at the package.
    """
    if row.ended_at is not None:
        return None
    row.ended_at, row.ended_code = now(), ENDED
    row.retry_at, row.unanswered = None, 0
    if is_revocable(connection.connector_id, connection.settings):
        row.revocation, row.revoke_until = Revocation.DUE, now() + _FOR
        errands.begin(row.firm_id, connection.id, KIND, actor=actor)
    else:
        _forget(row, Revocation.BY_HAND)
    row.save()
    return Revocation(row.revocation)


def begin_due() -> int:
    """Ask again for what no package has answered yet; gives how many."""
    with system("revoke"):
        asked = Errand.objects.filter(kind=KIND, done_at=None).values("connection_id")
        due = Q(retry_at=None) | Q(retry_at__lte=now())
        rows = Grant.objects.filter(due, revocation=Revocation.DUE)
        free = list(rows.exclude(connection_id__in=asked).order_by("revoke_until")[:_AT_ONCE])
    for row in free:
        with acting(row.firm_id):
            errands.begin(row.firm_id, row.connection_id, KIND, actor="sweep")
    return len(free)


def revoke(task: Task) -> Mapping[str, str]:
    """Have a package end one sign-in; an errand. Raises Unavailable where it is tried again.

    A worker that dies after the call leaves the row as it was: the next one asks again, and a
    token that the package knows no more is no error.
    """
    with acting(task.firm):
        row = Grant.objects.filter(connection_id=task.connection, revocation=Revocation.DUE).first()
        connection = Connection.objects.get(id=task.connection)
    if row is None:
        return {}
    found = None if _is_replaced(row) else _asked(row, connection)
    crash.reach("after_revocation")
    return {"revocation": _settled(task.firm, row.id, found)}


def _asked(row: Grant, connection: Connection) -> NoTokens | None:
    server = _server(connection.connector_id, connection.settings)
    if server is None or not server.auth.revoke_url:
        return NoTokens(failure=Failure.REFUSED, said="not registered")
    if not ports.may_call():
        return NoTokens(failure=Failure.UNREACHED, said="installation_on_hold")
    try:
        access, refresh = opened_pair(row)
    except KeyringError as error:
        return NoTokens(failure=Failure.UNREACHED, said=str(error))
    return server.revoke(calling.token_lines(), refresh or access)


def _is_replaced(row: Grant) -> bool:
    """Tell whether the package has ended it already: its user signed in anew, wherever that was."""
    if not row.is_newest_only:
        return False
    with system("newer sign-in"):
        newer = Grant.objects.filter(
            connector_id=row.connector_id,
            site=row.site,
            app=row.app,
            account_id=row.account_id,
            ended_at=None,
        )
        return newer.exists()


def _settled(firm: UUID, grant: UUID, found: NoTokens | None) -> Revocation:
    """Keep what came of it; raises Unavailable once the time of the next try is kept."""
    with acting(firm):
        row = Grant.objects.select_for_update(no_key=True).get(id=grant)
        if row.revocation != Revocation.DUE:
            return Revocation(row.revocation)
        is_late = row.revoke_until is None or now() >= row.revoke_until
        if found is not None and found.failure is not Failure.REFUSED and not is_late:
            row.retry_at = now() + _WAITS[min(row.unanswered, len(_WAITS) - 1)]
            row.unanswered += 1
            row.save(update_fields=["retry_at", "unanswered"])
        else:
            _forget(row, Revocation.DONE if found is None else Revocation.FAILED)
            row.save()
            if found is None:
                _tell(row, "connection.sign_in_revoked")
            else:
                _tell(row, "connection.sign_in_not_revoked", said=found.said)
    if row.revocation == Revocation.DUE:
        raise Unavailable("sign_in_unanswered", detail=found.said if found else "")
    return Revocation(row.revocation)


def _forget(row: Grant, revocation: Revocation) -> None:
    row.key_id, row.sealed = "", b""
    row.revocation, row.revoke_until = revocation, None


def _server(connector_id: str, settings: Mapping[str, str]) -> Server | None:
    loaded = registry().get(connector_id)
    return calling.server_of(loaded.spec, settings) if loaded else None


def _tell(row: Grant, action: str, **detail: str) -> None:
    entry = audit.Entry(
        firm=row.firm_id,
        actor="engine",
        action=action,
        subject_kind="connection",
        subject_id=row.connection_id,
        detail={"account": row.account_name, **detail},
    )
    audit.record([entry])

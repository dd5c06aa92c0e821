"""Refreshes sign-ins that nothing used for a week, so that the package does not forget them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from posthorn.connections import calling, errands
from posthorn.connections.errand_models import Errand
from posthorn.connections.grant_models import Grant
from posthorn.connections.http import Caller
from posthorn.connections.logins import owner_of
from posthorn.connections.models import Connection
from posthorn.connections.services import loaded_connector
from posthorn.connections.tokens import KEEP_ALIVE, Access, settle
from posthorn.kernel.clock import now
from posthorn.sdk.errors import Misconfigured
from posthorn.tenancy.scope import acting, system

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posthorn.connections.errands import Task

KIND = "keep_alive"
# What keeps one from being refreshed may last: a key that is missing, a registration taken away.
_AGAIN = timedelta(hours=1)
# Few at a time: the errands of people who wait go between them.
_AT_ONCE = 10


def begin_due() -> int:
    """Ask for the refresh of sign-ins unused for a week, switched off or not; gives how many."""
    with system("keep alive"):
        lately = Q(done_at=None) | Q(asked_at__gt=now() - _AGAIN)
        asked = Errand.objects.filter(lately, kind=KIND).values("connection_id")
        rows = Grant.objects.filter(ended_at=None, refreshed_at__lt=now() - KEEP_ALIVE)
        free = rows.exclude(retry_at__gt=now()).exclude(connection_id__in=asked)
        due = list(free.order_by("refreshed_at")[:_AT_ONCE])
    for row in due:
        with acting(row.firm_id):
            errands.begin(row.firm_id, row.connection_id, KIND, actor="sweep")
    return len(due)


def keep_alive(task: Task) -> Mapping[str, str]:
    """Refresh one sign-in; an errand. Raises what `settle` gives instead of a token."""
    with acting(task.firm):
        package = Connection.objects.get(id=task.connection)
    loaded = loaded_connector(package.connector_id)
    server = calling.server_of(loaded.spec, package.settings)
    if server is None:
        raise Misconfigured("sign_in_setup")
    caller = Caller(
        firm=task.firm,
        connection=task.connection,
        connector_id=loaded.id,
        revision=package.version,
    )
    found = settle(owner_of(caller, server, loaded, package.settings), keep_alive=True)
    if not isinstance(found, Access):
        raise found
    return {}

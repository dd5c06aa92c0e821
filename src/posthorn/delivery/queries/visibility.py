"""Narrows deliveries to what one person may see; row-level security stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q

from posthorn.delivery.models import PAUSED, WANTS_SOMEBODY, Delivery
from posthorn.delivery.states import State
from posthorn.tenancy.ids import one_of
from posthorn.tenancy.life import OVER
from posthorn.tenancy.roles import Permission, Role, is_allowed, sees_every_client

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.tenancy.access import Viewer

# An empty Q would vanish in a disjunction, and its *or* would become *only the other*.
_EVERYTHING = Q(pk__isnull=False)
_LIVE = ~Q(client__state__in=[state.value for state in OVER])


def deliveries_of(firm: UUID, viewer: Viewer) -> QuerySet[Delivery]:
    """Give the deliveries whose ledger a person may see; administrators keep it for ever."""
    reached = _by_role(viewer, Permission.READ_LEDGER)
    if viewer.role is not Role.ADMINISTRATOR:
        reached &= _LIVE
    return Delivery.objects.filter(reached | Q(client_id__in=viewer.own), firm_id=firm)


def _by_role(viewer: Viewer, permission: Permission) -> Q:
    if viewer.role is None or not is_allowed(viewer.role, permission):
        return Q(pk__in=[])
    if sees_every_client(viewer.role):
        return _EVERYTHING
    return one_of("client_id", viewer.assigned)


def needs_attention() -> Q:
    """Choose deliveries that somebody must look at: what failed counts until it is solved.

    Solved is: sent again since, or marked as processed. What a pause holds waits, as was wanted.
    """
    return WANTS_SOMEBODY


def is_moving() -> Q:
    """Choose deliveries that are on their way without anybody's help."""
    return Q(state__in=(State.QUEUED, State.SENDING, State.RETRYING))


def is_waiting() -> Q:
    """Choose deliveries on their way, and those that go as soon as a pause ends."""
    return is_moving() | PAUSED


def is_proven() -> Q:
    """Choose deliveries with evidence that the other side has them."""
    return Q(state__in=(State.ACCEPTED, State.DELIVERED))


def newest_first(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Order deliveries by their place in the queues, the last one first."""
    return rows.order_by(F("position").desc())

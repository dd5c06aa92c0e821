"""Narrows deliveries to what one person may see; row-level security stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from posthorn.delivery.models import Delivery
from posthorn.delivery.states import FAILED, Hold, State
from posthorn.tenancy.life import OVER
from posthorn.tenancy.roles import Permission, Role, is_allowed, sees_every_client

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.tenancy.access import Viewer

# An empty Q would vanish in a disjunction, and its *or* would become *only the other*.
_EVERYTHING = Q(pk__isnull=False)
# Somebody wanted these for everything behind the pause, and sees it where it was set.
_PAUSES = (Hold.CONNECTION_PAUSED, Hold.INTEGRATION_PAUSED, Hold.CLIENT_PAUSED)
_PAUSED = Q(state=State.HELD, reason__in=_PAUSES)
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
    return Q(client_id__in=viewer.assigned)


def needs_attention() -> Q:
    """Choose deliveries that somebody must look at: what failed counts until it is solved.

    Solved is: sent again since, or marked as processed. What a pause holds waits, as was wanted.
    """
    later = Delivery.objects.annotate(root=Coalesce("resend_of_id", "id")).filter(
        document_id=OuterRef("document_id"),
        resend_of__isnull=False,  # so is every later one; an index holds just these
        root=Coalesce(OuterRef("resend_of_id"), OuterRef("id")),
        copy__gt=OuterRef("copy"),
    )
    failed = Q(state__in=FAILED, processed_at__isnull=True) & ~Q(Exists(later))
    stuck = Q(state__in=(State.HELD, State.UNKNOWN)) & ~_PAUSED
    return Q(failed | stuck)


def is_moving() -> Q:
    """Choose deliveries that are on their way without anybody's help."""
    return Q(state__in=(State.QUEUED, State.SENDING, State.RETRYING))


def is_waiting() -> Q:
    """Choose deliveries on their way, and those that go as soon as a pause ends."""
    return is_moving() | _PAUSED


def is_proven() -> Q:
    """Choose deliveries with evidence that the other side has them."""
    return Q(state__in=(State.ACCEPTED, State.DELIVERED))


def newest_first(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Order deliveries by their place in the queues, the last one first."""
    return rows.order_by(F("position").desc())

"""What people do with deliveries: hold, release, cancel, send again, mark as processed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from posthorn.archive.kinds import kind_of
from posthorn.delivery import lanes, moves, planner
from posthorn.delivery.models import Delivery
from posthorn.delivery.plan import hold_of
from posthorn.delivery.routes import route_of
from posthorn.delivery.states import (
    HOLDS,
    MOVES,
    STATES,
    Actor,
    Hold,
    State,
    sources_of,
)
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy import audit
from posthorn.tenancy.clients import is_live

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID


class DeliveryError(Exception):
    """Tell the person the sentence; nothing was changed."""

    code = "delivery_error"


class DeliveryNotFoundError(DeliveryError):
    """Look the delivery up again: it is not one of this firm's."""

    code = "delivery_not_found"


class NotPossibleError(DeliveryError):
    """Look at the delivery's state: it does not allow this now."""

    code = "not_possible_now"


def hold(firm: UUID, delivery_id: UUID, *, actor: str, note: str = "") -> None:
    """Put a waiting delivery on hold; it stays so until somebody releases it."""
    delivery = _locked(firm, delivery_id)
    _demand(delivery, State.HELD)
    moves.move([delivery], State.HELD, by=Actor.PERSON, actor=actor, hold=Hold.BY_HAND, note=note)


def release(firm: UUID, delivery_id: UUID, *, actor: str) -> None:
    """Let a delivery on hold go; raises NotPossibleError while its cause still stands."""
    delivery = _locked(firm, delivery_id)
    _demand(delivery, State.QUEUED)
    obstacle = _obstacle(delivery)
    if obstacle is not None:
        message = _("It cannot go yet. %(why)s") % {"why": _(HOLDS[obstacle].why)}
        raise NotPossibleError(message)
    moves.move([delivery], State.QUEUED, by=Actor.PERSON, actor=actor)


def cancel(firm: UUID, delivery_id: UUID, *, actor: str, note: str = "") -> None:
    """Decide that a delivery does not go."""
    delivery = _locked(firm, delivery_id)
    _demand(delivery, State.CANCELLED)
    moves.move([delivery], State.CANCELLED, by=Actor.PERSON, actor=actor, note=note)


def resend(firm: UUID, delivery_id: UUID, *, reason: str, actor: str) -> UUID:
    """Send again what came to an end: a new delivery with its own mark; gives its id."""
    if not reason.strip():
        message = _("Say why it is sent again: the reason is kept with the copy.")
        raise NotPossibleError(message)
    original = _locked(firm, delivery_id)
    if original.resend_of_id:
        _locked(firm, original.resend_of_id)  # copies are counted under the first one's lock
    if not STATES[State(original.state)].is_final:
        message = _("Only what came to an end can be sent again; release or cancel this one.")
        raise NotPossibleError(message)
    if original.integration.removed_at is not None or not is_live(original.client):
        message = _("The client's integration is no longer there.")
        raise NotPossibleError(message)
    copy = _copy(original, reason.strip())
    copy.save(force_insert=True)
    same = Q(id=copy.resend_of_id) | Q(resend_of_id=copy.resend_of_id)
    Delivery.objects.filter(same, copy__lt=copy.copy, copied_at=None).update(copied_at=Now())
    hold = Hold(copy.reason) if copy.reason else None
    planned = planner.planned_entry(copy.document, copy.id, hold, actor)
    audit.record([planned, _note(copy, actor, "delivery.resent", reason)])
    if copy.state == State.QUEUED:
        lanes.wake([copy.lane_id])
    return copy.id


def _copy(original: Delivery, reason: str) -> Delivery:
    root = original.resend_of or original
    number = Delivery.objects.filter(resend_of=root).count() + 1
    obstacle = _obstacle(original)
    return Delivery(
        id=new_id(),
        firm_id=original.firm_id,
        lane_id=original.lane_id,
        client_id=original.client_id,
        document_id=original.document_id,
        integration_id=original.integration_id,
        connection_id=original.connection_id,
        key=f"{root.key}.{number}",
        position=planner.next_positions(1)[0],
        state=State.HELD if obstacle else State.QUEUED,
        reason=obstacle or "",
        next_at=None if obstacle else Now(),
        released_at=original.released_at,
        resend_of=root,
        resend_reason=reason[:300],
        copy=number,
    )


def mark_processed(firm: UUID, delivery_id: UUID, *, actor: str) -> None:
    """Note that somebody has booked it; a mark, not a state."""
    delivery = _locked(firm, delivery_id)
    if delivery.processed_at is None:
        Delivery.objects.filter(id=delivery.id).update(processed_at=now(), processed_by=actor[:200])
        audit.record([_note(delivery, actor, "delivery.processed")])


def unmark_processed(firm: UUID, delivery_id: UUID, *, actor: str) -> None:
    """Take the mark back."""
    delivery = _locked(firm, delivery_id)
    if delivery.processed_at is not None:
        Delivery.objects.filter(id=delivery.id).update(processed_at=None, processed_by="")
        audit.record([_note(delivery, actor, "delivery.unprocessed")])


def possible(state: State) -> Collection[State]:
    """Give the states into which a person may move a delivery."""
    return {
        target
        for (source, target), actors in MOVES.items()
        if source is state and Actor.PERSON in actors
    }


def _locked(firm: UUID, delivery_id: UUID) -> Delivery:
    rows = Delivery.objects.select_related(
        "integration__connection", "integration__client", "document", "client"
    )
    delivery = rows.select_for_update(of=("self",)).filter(firm_id=firm, id=delivery_id).first()
    if delivery is None:
        message = _("There is no such delivery.")
        raise DeliveryNotFoundError(message)
    return delivery


def _demand(delivery: Delivery, target: State) -> None:
    if State(delivery.state) not in sources_of(target, Actor.PERSON):
        word = _(STATES[State(delivery.state)].word)
        message = _("It is “%(state)s”: that cannot be done now.") % {"state": word}
        raise NotPossibleError(message)


def _obstacle(delivery: Delivery) -> Hold | None:
    if delivery.integration.removed_at is not None:
        return Hold.INTEGRATION_REMOVED
    return hold_of(route_of(delivery.integration), kind_of(delivery.document))


def _note(delivery: Delivery, actor: str, action: str, reason: str = "") -> audit.Entry:
    return audit.Entry(
        firm=delivery.firm_id,
        actor=actor,
        action=action,
        subject_kind="delivery",
        subject_id=delivery.id,
        detail={"client": str(delivery.client_id)} | ({"reason": reason} if reason else {}),
    )

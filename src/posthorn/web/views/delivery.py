"""Shows one delivery with its attempts, and lets people act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from posthorn.delivery import actions
from posthorn.delivery.bounces.causes import OF_ADDRESS
from posthorn.delivery.links import revoke_link
from posthorn.delivery.queries.deliveries import open_delivery
from posthorn.delivery.queries.links import link_of
from posthorn.delivery.states import STATES, State
from posthorn.tenancy.roles import Permission
from posthorn.web import wording
from posthorn.web.access import opens
from posthorn.web.arrivals import address_of, arrived
from posthorn.web.asking import Question, ask
from posthorn.web.document_deeds import deeds_of_delivery
from posthorn.web.forms import ReasonForm
from posthorn.web.report_words import told_of
from posthorn.web.return_words import words_of_return
from posthorn.web.returning import way_back
from posthorn.web.shell import acted, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from posthorn.delivery.queries.deliveries import DeliveryPage
    from posthorn.web.access import Space


@opens(Permission.READ_LEDGER)
@require_safe
def shown(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Show one delivery."""
    found = _found(space, delivery_id)
    attempts = [
        (one, wording.words_of_attempt(one, found.row.connector_id)) for one in found.attempts
    ]
    return page(
        request,
        space,
        "deliveries/page.html",
        here="deliveries",
        found=found,
        row=found.row,
        words=wording.words_of_delivery(found.row),
        attempts=attempts,
        deeds=deeds_of_delivery(space, found.row, found.moves) if found.is_workable else [],
        may_process=_may_process(space, found),
        returns=[(one, words_of_return(one)) for one in found.returns],
        reports=told_of(reversed(found.reports), found.row.connector_id),
        mend_url=_mend_url(space, found),
        copies=[(one, wording.words_of_state(one.state)) for one in found.copies],
        original=next((one for one in found.copies if one.copy == 0), None),
        back=space.url("delivery", delivery_id),
        link=link_of(space.firm, delivery_id),
        arrived=arrived(found),
        address=address_of(found),
    )


def _mend_url(space: Space, found: DeliveryPage) -> str:
    """Give the way to the client's addresses, where a mail came back for one of them."""
    is_address = found.row.state is State.BOUNCED and found.row.code in OF_ADDRESS
    if not is_address or not space.is_firm or not space.may(Permission.MANAGE_CLIENTS):
        return ""
    return space.url("integrations", found.row.client)


def _found(space: Space, delivery_id: UUID) -> DeliveryPage:
    found = open_delivery(space.firm, space.viewer, delivery_id)
    if found is None:
        raise Http404
    return found


def _may_process(space: Space, found: DeliveryPage) -> bool:
    state = found.row.state
    has_ended = STATES[state].is_final and state is not State.CANCELLED
    return space.is_firm and found.is_workable and has_ended


def _workable(space: Space, delivery_id: UUID) -> DeliveryPage:
    found = _found(space, delivery_id)
    if not found.is_workable:
        raise Http404
    return found


def _act(
    request: HttpRequest, space: Space, delivery_id: UUID, done: str, action: Callable[[], object]
) -> HttpResponse:
    _workable(space, delivery_id)
    back = way_back(request, space.url("delivery", delivery_id))
    return acted(request, back, done, action, actions.DeliveryError)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def hold(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Put it on hold."""
    note = _reason(request)

    def action() -> None:
        actions.hold(space.firm, delivery_id, actor=space.actor, note=note)

    return _act(request, space, delivery_id, gettext("It is on hold now."), action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def release(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Let it go."""

    def action() -> None:
        actions.release(space.firm, delivery_id, actor=space.actor)

    done = gettext("It is released and goes in its turn.")
    return _act(request, space, delivery_id, done, action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def cancel(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Decide that it does not go; asks first, for it cannot be taken back."""
    found, note = _workable(space, delivery_id), _reason(request)
    if not note.strip() and State.CANCELLED in found.moves:
        return _ask_cancel(request, space, found)

    def action() -> None:
        actions.cancel(space.firm, delivery_id, actor=space.actor, note=note)

    return _act(request, space, delivery_id, gettext("It is cancelled."), action)


def _ask_cancel(request: HttpRequest, space: Space, found: DeliveryPage) -> HttpResponse:
    said = gettext("The document does not go to %(package)s. It can be sent again later.")
    question = Question(
        title=gettext("Cancel the delivery"),
        text=said % {"package": found.row.connection_name},
        url=space.url("cancel", found.row.id),
        verb=gettext("Cancel the delivery"),
        reason=gettext("Write why the delivery is cancelled."),
        is_danger=True,
    )
    return ask(request, space, question, here="deliveries")


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def resend(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Send it again, and go to the copy; asks for the reason first."""
    found, reason = _workable(space, delivery_id), _reason(request)
    if not reason.strip() and STATES[found.row.state].is_final:
        return _ask_resend(request, space, found)
    made: list[UUID] = []

    def action() -> None:
        made.append(actions.resend(space.firm, delivery_id, reason=reason, actor=space.actor))

    done = gettext("It is sent again: this is the copy.")
    response = _act(request, space, delivery_id, done, action)
    return HttpResponseRedirect(space.url("delivery", made[0])) if made else response


def _ask_resend(request: HttpRequest, space: Space, found: DeliveryPage) -> HttpResponse:
    has_arrived = found.row.state in {State.ACCEPTED, State.DELIVERED}
    said = gettext("A copy may appear twice in %(package)s.") if has_arrived else ""
    question = Question(
        title=gettext("Resend to %(package)s") % {"package": found.row.connection_name},
        text=said % {"package": found.row.connection_name},
        url=space.url("resend", found.row.id),
        verb=gettext("Resend"),
        reason=gettext("Say why it is sent again: the reason is kept with the copy."),
    )
    return ask(request, space, question, here="deliveries")


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def process(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Note that it is booked."""

    def action() -> None:
        actions.mark_processed(space.firm, delivery_id, actor=space.actor)

    return _act(request, space, delivery_id, gettext("Marked as processed."), action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def unprocess(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Take that note back."""

    def action() -> None:
        actions.unmark_processed(space.firm, delivery_id, actor=space.actor)

    return _act(request, space, delivery_id, gettext("The mark is taken back."), action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def revoke(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Close the download link for ever."""

    def action() -> None:
        revoke_link(space.firm, delivery_id, actor=space.actor)

    done = gettext("The download link is closed.")
    return _act(request, space, delivery_id, done, action)


def _reason(request: HttpRequest) -> str:
    return ReasonForm(request.POST).reason_given()

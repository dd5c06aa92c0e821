"""Lists deliveries, shows one with its attempts, and lets people act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from posthorn.delivery import actions
from posthorn.delivery.queries.deliveries import list_causes, list_deliveries, open_delivery
from posthorn.delivery.queries.pages import CursorError
from posthorn.delivery.states import STATES, Button, State
from posthorn.tenancy.queries import clients_visible_to
from posthorn.tenancy.roles import Permission
from posthorn.web import wording
from posthorn.web.access import opens
from posthorn.web.forms import DeliveryFilterForm, ReasonForm
from posthorn.web.shell import acted, next_page, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from posthorn.delivery.queries.deliveries import DeliveryPage
    from posthorn.web.access import Space


@opens(Permission.READ_LEDGER)
@require_safe
def listed(request: HttpRequest, space: Space) -> HttpResponse:
    """Show one page of the list, the causes of what stands still on top."""
    clients = clients_visible_to(space.firm, space.viewer)
    form = DeliveryFilterForm(request.GET, [(str(row.pk), str(row)) for row in clients])
    wanted = form.wanted()
    try:
        found = list_deliveries(
            space.firm, space.viewer, wanted, after=request.GET.get("after", "")
        )
    except CursorError as error:
        raise BadRequest from error
    causes = list_causes(space.firm, space.viewer, client=wanted.client)
    return page(
        request,
        space,
        "deliveries/list.html",
        here="deliveries",
        form=form,
        rows=[(row, wording.words_of_delivery(row)) for row in found.rows],
        causes=[(cause, wording.words_of_cause(cause)) for cause in causes],
        next_page=next_page(request, found.after),
        is_filtered=any(form.cleaned_data.values()),
    )


@opens(Permission.READ_LEDGER)
@require_safe
def shown(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Show one delivery."""
    found = _found(space, delivery_id)
    words = wording.words_of_delivery(found.row)
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
        words=words,
        attempts=attempts,
        main=_main_button(space, found),
        may_process=_may_process(space, found),
        others=_other_buttons(space, found),
        copies=[(one, wording.words_of_state(one.state)) for one in found.copies],
        original=next((one for one in found.copies if one.copy == 0), None),
    )


def _found(space: Space, delivery_id: UUID) -> DeliveryPage:
    found = open_delivery(space.firm, space.viewer, delivery_id)
    if found is None:
        raise Http404
    return found


def _main_button(space: Space, found: DeliveryPage) -> Button:
    may_act = space.is_firm and found.is_workable
    return STATES[found.row.state].button if may_act else Button.NONE


def _may_process(space: Space, found: DeliveryPage) -> bool:
    state = found.row.state
    has_ended = STATES[state].is_final and state is not State.CANCELLED
    return space.is_firm and found.is_workable and has_ended


_BUTTON_OF = {
    State.HELD: Button.HOLD,
    State.QUEUED: Button.RELEASE,
    State.CANCELLED: Button.CANCEL,
}


def _other_buttons(space: Space, found: DeliveryPage) -> list[Button]:
    main = _main_button(space, found)
    if main is Button.NONE:
        return []
    able = [button for state, button in _BUTTON_OF.items() if state in found.moves]
    return [button for button in able if button is not main]


def _act(
    request: HttpRequest, space: Space, delivery_id: UUID, done: str, action: Callable[[], object]
) -> HttpResponse:
    if not _found(space, delivery_id).is_workable:
        raise Http404
    back = space.url("delivery", delivery_id)
    return acted(request, back, done, action, actions.DeliveryError)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def hold(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Put it on hold."""
    note = _reason(request)

    def action() -> None:
        actions.hold(space.firm, delivery_id, actor=space.actor, note=note)

    return _act(request, space, delivery_id, "It is on hold now.", action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def release(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Let it go."""

    def action() -> None:
        actions.release(space.firm, delivery_id, actor=space.actor)

    return _act(request, space, delivery_id, "It is released and goes in its turn.", action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def cancel(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Decide that it does not go."""
    note = _reason(request)

    def action() -> None:
        actions.cancel(space.firm, delivery_id, actor=space.actor, note=note)

    return _act(request, space, delivery_id, "It is cancelled.", action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def resend(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Send it again, and go to the copy."""
    reason = _reason(request)
    made: list[UUID] = []

    def action() -> None:
        made.append(actions.resend(space.firm, delivery_id, reason=reason, actor=space.actor))

    response = _act(request, space, delivery_id, "It is sent again: this is the copy.", action)
    return HttpResponseRedirect(space.url("delivery", made[0])) if made else response


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def process(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Note that it is booked."""

    def action() -> None:
        actions.mark_processed(space.firm, delivery_id, actor=space.actor)

    return _act(request, space, delivery_id, "Marked as processed.", action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def unprocess(request: HttpRequest, space: Space, delivery_id: UUID) -> HttpResponse:
    """Take that note back."""

    def action() -> None:
        actions.unmark_processed(space.firm, delivery_id, actor=space.actor)

    return _act(request, space, delivery_id, "The mark is taken back.", action)


def _reason(request: HttpRequest) -> str:
    return ReasonForm(request.POST).reason_given()

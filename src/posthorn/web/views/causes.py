"""Acts on all deliveries that stand still for one cause, after asking with the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from posthorn.delivery.bulk import MAX_AT_ONCE, release_many, resend_many
from posthorn.delivery.queries.story import deliveries_of_cause
from posthorn.delivery.states import STATES, Button
from posthorn.tenancy.roles import Permission
from posthorn.web import wording
from posthorn.web.access import opens
from posthorn.web.asking import Question, ask
from posthorn.web.cause_helps import MANY
from posthorn.web.forms import DeliveryFilterForm
from posthorn.web.returning import way_back
from posthorn.web.tellings import Ending, tell

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from posthorn.delivery.queries.deliveries import DeliveryFilter
    from posthorn.web.access import Space

_MAX_REASON = 300


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def act(request: HttpRequest, space: Space) -> HttpResponse:
    """Release or resend all of a cause; at most MAX_AT_ONCE at a time."""
    form = DeliveryFilterForm(request.POST, space)
    cause = form.wanted()
    deed = STATES[cause.state].button if cause.state else Button.NONE
    ids: tuple[UUID, ...] = ()
    # Of a client that is not there nothing is meant, and not everything.
    if deed in MANY and cause.connection and "client" not in form.errors:
        ids = deliveries_of_cause(space.firm, space.viewer, cause, most=MAX_AT_ONCE)
    if not ids:
        messages.warning(request, gettext("Nothing stands still for this cause any more."))
        return HttpResponseRedirect(way_back(request, space.url("deliveries")))
    why = request.POST.get("why", "")[:_MAX_REASON].strip()
    if "sure" not in request.POST or (deed is Button.RESEND and not why):
        return _ask(request, space, cause, deed, len(ids))
    acted = (
        release_many(space.firm, ids, actor=space.actor)
        if deed is Button.RELEASE
        else resend_many(space.firm, ids, why, actor=space.actor)
    )
    refused = [str(error) for error in acted.refused.values()]
    tell(request, Ending(done=len(acted.done), words=_words(deed), refused=refused))
    return HttpResponseRedirect(way_back(request, space.url("deliveries")))


def _words(deed: Button) -> tuple[str, str]:
    if deed is Button.RELEASE:
        one = gettext("%(number)s delivery was released and goes in its turn.")
        return one, gettext("%(number)s deliveries were released and go in their turn.")
    one = gettext("%(number)s delivery is sent again.")
    return one, gettext("%(number)s deliveries are sent again.")


def _ask(
    request: HttpRequest, space: Space, cause: DeliveryFilter, deed: Button, number: int
) -> HttpResponse:
    is_resend = deed is Button.RESEND
    title = _title(number, is_resend=is_resend)
    state = cause.state
    why = wording.words_of_state(state, cause.reason).why if state else ""
    fields = (
        ("connection", str(cause.connection)),
        ("state", str(cause.state)),
        ("reason", cause.reason),
        ("code", cause.code),
        ("sure", "yes"),
    )
    question = Question(
        title=title,
        text=why,
        url=space.url("act_on_cause"),
        verb=gettext("Resend") if is_resend else gettext("Release"),
        fields=fields,
        reason=gettext("Say why it is sent again: the reason is kept with the copy.")
        if is_resend
        else "",
        reason_name="why",
    )
    return ask(request, space, question, here="deliveries")


def _title(number: int, *, is_resend: bool) -> str:
    said = (
        ngettext("Resend %(number)s delivery", "Resend %(number)s deliveries", number)
        if is_resend
        else ngettext("Release %(number)s delivery", "Release %(number)s deliveries", number)
    )
    return said % {"number": number}

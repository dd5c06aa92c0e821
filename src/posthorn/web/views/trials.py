"""Test mails of an integration: sent to each address, and whether somebody saw them arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST, require_safe

from posthorn.connections.texts import text_of
from posthorn.delivery import actions, trial_desk
from posthorn.delivery.mail_states import TrialState
from posthorn.delivery.queries import trials as queries
from posthorn.delivery.trial_links import revoke_sample
from posthorn.tenancy.roles import Permission
from posthorn.web.access import opens
from posthorn.web.bindings import client_of, integration_of
from posthorn.web.integration_form import HERE
from posthorn.web.languages import language
from posthorn.web.return_words import words_of_return
from posthorn.web.shell import acted, page
from posthorn.web.views.integrations import office
from posthorn.web.wording import Tone, Words, explanation, translated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest

    from posthorn.delivery.queries.returns import ReturnRow
    from posthorn.delivery.queries.trials import TrialRow
    from posthorn.web.access import Space
    from posthorn.web.rows import Binding


def _words(word: str, why: str, tone: Tone) -> Words:
    return Words(word=word, why=why, who="", tone=tone)


STATES: Mapping[TrialState, Words] = {
    TrialState.QUEUED: _words(_("Queued"), _("It is being sent now."), Tone.BUSY),
    TrialState.SENDING: _words(_("Sending"), _("The answer is awaited."), Tone.BUSY),
    TrialState.ACCEPTED: _words(
        _("Accepted by mail server"),
        _("Look in the package whether it arrived, and say so here."),
        Tone.WAIT,
    ),
    TrialState.FAILED: _words(_("Not sent"), _("The mail server did not take it."), Tone.BAD),
    TrialState.UNKNOWN: _words(_("No answer"), _("It may have arrived."), Tone.WAIT),
    TrialState.BOUNCED: _words(_("Returned"), _("It came back."), Tone.BAD),
}
_ARRIVED = _words(_("Arrived"), _("Somebody saw it in the package."), Tone.GOOD)
_MISSING = _words(
    _("Did not arrive"), _("Somebody looked in the package and did not find it."), Tone.BAD
)
KINDS = {
    "purchase": _("Purchase invoices"),
    "purchase_credit": _("Purchase credit notes"),
    "sales": _("Sales invoices"),
    "sales_credit": _("Sales credit notes"),
    "statement": _("Bank statements"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One test mail as the page shows it."""

    row: TrialRow
    kind: str
    words: Words
    returns: Sequence[tuple[ReturnRow, Words]]


@opens()
@require_safe
def listed(
    request: HttpRequest, space: Space, client_id: UUID, integration_id: UUID
) -> HttpResponse:
    """Show the addresses that can be tried and every test mail that was sent."""
    client = client_of(space, client_id)
    integration = _offering(space, client_id, integration_id)
    rows = [_shown(one) for one in queries.trials_of(space.firm, integration_id)]
    spots = queries.spots(space.firm, integration_id)
    return page(
        request,
        space,
        "integrations/trials.html",
        here=HERE,
        client=client,
        integration=integration,
        spots=[(gettext(KINDS[spot.kind]), spot.recipient) for spot in spots],
        trials=rows,
        is_under_way=any(one.row.is_under_way for one in rows),
        may_edit=space.may(Permission.MANAGE_CLIENTS),
    )


def _offering(space: Space, client_id: UUID, integration_id: UUID) -> Binding:
    """Give an integration whose extension offers test mails; for others there is no such page."""
    found = integration_of(space, client_id, integration_id)
    if not queries.offers_trials(found.connection.connector_id):
        raise Http404
    return found


def _shown(row: TrialRow) -> Shown:
    return Shown(
        row=row,
        kind=gettext(KINDS.get(row.kind, row.kind)),
        words=words_of_trial(row),
        returns=[(one, words_of_return(one)) for one in row.returns],
    )


def words_of_trial(row: TrialRow) -> Words:
    """Say how a test mail ended; what a person saw counts more than what a server said."""
    if row.has_arrived is not None:
        return translated(_ARRIVED if row.has_arrived else _MISSING)
    words = translated(STATES[row.state])
    text = text_of(row.code)
    # What a delivery's refusal advises (it is tried again) does not hold for a test.
    why = text.sentence[language()] if text else ""
    if row.state is TrialState.BOUNCED:
        why = explanation("", row.code)
    return Words(word=words.word, why=why or words.why, who="", tone=words.tone)


@office
@require_POST
def ask(request: HttpRequest, space: Space, client_id: UUID, integration_id: UUID) -> HttpResponse:
    """Have a test mail sent to each address."""
    client_of(space, client_id)
    _offering(space, client_id, integration_id)

    def action() -> None:
        trial_desk.ask(space.firm, client_id, integration_id, actor=space.actor)

    number = len(queries.spots(space.firm, integration_id))
    done = ngettext(
        "%(number)s test mail is on its way.", "%(number)s test mails are on their way.", number
    )
    back = space.url("integration_trials", client_id, integration_id)
    return acted(request, back, done % {"number": number}, action, actions.DeliveryError)


@opens()
@require_POST
def answer(
    request: HttpRequest, space: Space, client_id: UUID, integration_id: UUID, trial_id: UUID
) -> HttpResponse:
    """Note whether a test mail arrived."""
    client_of(space, client_id)
    _offering(space, client_id, integration_id)
    if trial_id not in {one.id for one in queries.trials_of(space.firm, integration_id)}:
        raise Http404
    has_arrived = request.POST.get("arrived") == "yes"

    def action() -> None:
        trial_desk.answer(
            space.firm, client_id, trial_id, has_arrived=has_arrived, actor=space.actor
        )

    back = space.url("integration_trials", client_id, integration_id)
    return acted(request, back, gettext("Noted."), action, actions.DeliveryError)


@office
@require_POST
def close(
    request: HttpRequest, space: Space, client_id: UUID, integration_id: UUID, trial_id: UUID
) -> HttpResponse:
    """Close the download link of a test mail."""
    client_of(space, client_id)
    _offering(space, client_id, integration_id)
    if trial_id not in {one.id for one in queries.trials_of(space.firm, integration_id)}:
        raise Http404

    def action() -> None:
        revoke_sample(space.firm, client_id, trial_id, actor=space.actor)

    back = space.url("integration_trials", client_id, integration_id)
    return acted(request, back, gettext("The link is closed."), action, actions.DeliveryError)

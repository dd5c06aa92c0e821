"""Says how a client stands: a word for the list, and a sentence for its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from django.utils.translation import gettext_noop as _

from posthorn.delivery.queries.client_standing import ClientStatus, status_of
from posthorn.tenancy.life import ClientState
from posthorn.web.wording import Tone, Words, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from posthorn.delivery.queries.client_standing import Signs
    from posthorn.tenancy.facts import ClientFacts


def _words(word: str, why: str, who: str, tone: Tone) -> Words:
    return Words(word=word, why=why, who=who, tone=tone)


STATUSES: Mapping[ClientStatus, Words] = {
    ClientStatus.NEEDS_ATTENTION: _words(
        _("Needs attention"),
        _("A delivery stands still until somebody looks at it."),
        _("The file manager looks at its deliveries."),
        Tone.BAD,
    ),
    ClientStatus.WAITING_FOR_YOU: _words(
        _("Waiting for you"),
        _("Documents wait to be approved or sent."),
        _("The file manager decides."),
        Tone.WAIT,
    ),
    ClientStatus.NOT_SET_UP: _words(
        _("Not set up"),
        _("Nothing goes to an accounting package yet."),
        _("A client manager sets it up."),
        Tone.IDLE,
    ),
    ClientStatus.QUIET: _words(
        _("Quiet"),
        _("Nothing has come for much longer than usual."),
        _("The file manager asks the client."),
        Tone.WAIT,
    ),
    ClientStatus.PAUSED: _words(
        _("Paused"),
        _("What is released waits until somebody ends the pause."),
        _("A client manager releases it."),
        Tone.IDLE,
    ),
    ClientStatus.ACTIVE: _words(
        _("Active"),
        _("What is released goes to its accounting package."),
        _("Nobody."),
        Tone.GOOD,
    ),
    ClientStatus.ARCHIVED: _words(
        _("Archived"),
        _("Nothing is taken in or sent, and the firm reads no documents of it."),
        _("Nobody, until it is taken back."),
        Tone.IDLE,
    ),
    ClientStatus.LOST: _words(
        _("Link ended"),
        _("The client ended the link: the firm reads and sends nothing of it any more."),
        _("Only the client's own people can come back."),
        Tone.IDLE,
    ),
}


def words_of_client(status: ClientStatus) -> Words:
    """Say how a client stands."""
    return translated(STATUSES[status])


def sentence_of(client: ClientFacts, signs: Signs) -> str:
    """Say in one sentence how a client stands, with its numbers and dates."""
    status = status_of(signs)
    if status is ClientStatus.NOT_SET_UP:
        return _missing(client, signs)
    told: Mapping[ClientStatus, Callable[[], str]] = {
        ClientStatus.NEEDS_ATTENTION: lambda: _attention(signs.attention),
        ClientStatus.WAITING_FOR_YOU: lambda: waiting(signs.waiting),
        ClientStatus.PAUSED: lambda: _paused(client),
    }
    return told[status]() if status in told else gettext(STATUSES[status].why)


def _attention(number: int) -> str:
    words = ngettext(
        "%(number)s delivery needs somebody.", "%(number)s deliveries need somebody.", number
    )
    return words % {"number": number}


def waiting(number: int) -> str:
    """Say how many documents wait for a decision."""
    words = npgettext(
        "documents of one client",
        "%(number)s document waits to be approved or sent.",
        "%(number)s documents wait to be approved or sent.",
        number,
    )
    return words % {"number": number}


def _paused(client: ClientFacts) -> str:
    at = client.paused_at
    since = date_format(localtime(at), "DATETIME_FORMAT") if at else ""
    words = pgettext("client", "Paused since %(since)s: what is released waits.")
    return words % {"since": since}


def _missing(client: ClientFacts, signs: Signs) -> str:
    if client.state is ClientState.DRAFT:
        return gettext("It is a draft: nothing is taken in or sent until it is active.")
    if client.state is ClientState.INVITED:
        return gettext("Its people are invited; it becomes active once one of them comes in.")
    if not signs.is_bound:
        return gettext("It has no accounting package yet, so nothing goes anywhere.")
    return gettext("It does not share documents with its accountant, so nothing goes anywhere.")

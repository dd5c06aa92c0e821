"""Says what helps against a cause, with one button: release all, send all again, or where to go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch
from django.utils.translation import gettext

from posthorn.delivery.bounces.causes import OF_ADDRESS
from posthorn.delivery.states import HOLDS, Button, Hold, State
from posthorn.tenancy.roles import Permission

if TYPE_CHECKING:
    from posthorn.delivery.queries.causes import Cause
    from posthorn.web.access import Space

MANY = frozenset({Button.RELEASE, Button.RESEND})
_OF_CONNECTION = frozenset({Hold.CONNECTION_ATTENTION, Hold.EXTENSION_OFF})

_OF_PLACE = frozenset({Hold.UNVERIFIED, Hold.UNDECIDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """A button for all of a cause (`deed`), or a link to where it is mended; neither: nothing."""

    deed: Button = Button.NONE
    word: str = ""
    url: str = ""
    link: str = ""  # the word of the link where there is a button as well


def help_of(space: Space, cause: Cause) -> Help:
    """Give what helps; what lifts by itself is mended at its cause, not here."""
    if not space.is_firm or not space.may(Permission.WORK_DOCUMENTS):
        return Help()
    if cause.state is State.HELD and HOLDS[Hold(cause.reason)].is_automatic:
        return _mend(space, cause)
    if cause.button not in MANY:
        return Help()
    word = gettext("Release all") if cause.button is Button.RELEASE else gettext("Resend all")
    url = _address(space, cause)
    link = gettext("Correct the address") if url else ""
    return Help(deed=cause.button, word=word, url=url, link=link)


def _address(space: Space, cause: Cause) -> str:
    """Give the way to the address that a mail came back from, where it is one client's."""
    is_one = cause.clients == 1 and cause.code in OF_ADDRESS
    if cause.state is not State.BOUNCED or not is_one or not space.may(Permission.MANAGE_CLIENTS):
        return ""
    return _link(space, "", "integrations", cause.client).url


def _mend(space: Space, cause: Cause) -> Help:
    if Hold(cause.reason) in _OF_CONNECTION and space.may(Permission.MANAGE_CONNECTIONS):
        return _link(space, gettext("Open the accounting package"), "package", cause.connection)
    if Hold(cause.reason) in _OF_PLACE and cause.clients == 1:
        return _link(space, gettext("Open the integrations"), "integrations", cause.client)
    if cause.clients == 1 and space.may(Permission.MANAGE_CLIENTS):
        return _link(space, gettext("Open the connection"), "connection", cause.client)
    return Help()


def _link(space: Space, word: str, route: str, *arguments: object) -> Help:
    try:
        return Help(word=word, url=space.url(route, *arguments))
    except NoReverseMatch:
        return Help()

"""Says to a client's own people what became of what they shared with their accountant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from posthorn.delivery.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

    from posthorn.delivery.queries.deliveries import DeliveryRow

_ON_ITS_WAY = _("%(document)s is on its way to %(firm)s.")
_NOT_SHARED = _("%(document)s could not be shared with %(firm)s; your accountant sees why.")
SENTENCES: Mapping[State, Promise] = {
    State.QUEUED: _ON_ITS_WAY,
    State.SENDING: _ON_ITS_WAY,
    State.RETRYING: _("%(document)s is on its way to %(firm)s; it is tried again by itself."),
    State.UNKNOWN: _("%(document)s was sent to %(firm)s on %(at)s; the answer is awaited."),
    State.HELD: _(
        "%(document)s waits before it is shared with %(firm)s; your accountant sees why."
    ),
    State.ACCEPTED: _("%(document)s was shared with %(firm)s on %(at)s."),
    State.DELIVERED: _("%(document)s was shared with %(firm)s on %(at)s and is in its books."),
    State.REFUSED: _NOT_SHARED,
    State.BOUNCED: _NOT_SHARED,
    State.REJECTED_BY_PACKAGE: _NOT_SHARED,
    State.EXPIRED: _NOT_SHARED,
    State.CANCELLED: _("%(document)s was not shared with %(firm)s: somebody cancelled it."),
}


def sentence_of(row: DeliveryRow, firm: str) -> str:
    """Say what became of one document on its way to the accountant."""
    return str(SENTENCES[row.state]) % {
        "document": row.number or row.file_name,
        "firm": firm,
        "at": date_format(localtime(row.moved_at), "DATETIME_FORMAT"),
    }

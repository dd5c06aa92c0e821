"""Says why a document is not released, or goes nowhere."""

from __future__ import annotations

from django.utils.translation import gettext

# Tables are marked; who shows them translates.
from django.utils.translation import gettext_noop as _

from posthorn.archive.rules import Refused
from posthorn.delivery.plan import NotPlanned

NOT_PLANNED: dict[NotPlanned, str] = {
    NotPlanned.NOT_SHARED: _("The client does not share documents with the accountant."),
    NotPlanned.NO_INTEGRATION: _("The client is not connected to an accounting package."),
    NotPlanned.BEFORE_ACTIVATION: (
        _("It was released before the client's accounting package was activated.")
    ),
    NotPlanned.KIND_NOT_TAKEN: _("The client's accounting package does not take this kind."),
}

REFUSALS: dict[Refused, str] = {
    Refused.NOT_FOUND: _("There is no such document."),
    Refused.UNREAD: _("It is still being read; try again in a moment."),
    Refused.UNREADABLE: _("The file could not be read, so nothing is sent."),
    Refused.QUARANTINED: _("The file is kept apart, so nothing is sent."),
    Refused.UNASSIGNED: _("Say first whose document it is."),
    Refused.NO_DIRECTION: _("Say first whether the client bought or sold."),
    Refused.REJECTED: _("It was rejected before."),
    Refused.DUPLICATE: _("The same document is here already."),
    Refused.CLIENT_NOT_ACTIVE: _("The client is not active."),
    Refused.NOT_A_PURCHASE: _("Only what the client bought is approved."),
    Refused.NOT_A_SALE: _("Only what the client sold is sent."),
    Refused.CUT: _("The file was cut: its parts go in its place."),
    Refused.SEVERAL_CLIENTS: (
        _(
            "It has statements of accounts that are not all known as this client's: give the client"
            " all their numbers, or ask the bank for a file of each."
        )
    ),
    Refused.CHECK_FAILED: _("The statement contradicts itself: look at it, then send it anyway."),
}


def refusal(refused: Refused) -> str:
    """Say why a document is not released."""
    return gettext(REFUSALS[refused])

"""Tells what happened to a document and to each of its deliveries, the first thing first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from posthorn.delivery.states import State
from posthorn.web import wording
from posthorn.web.report_words import told_of
from posthorn.web.wording import Tone, Words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from posthorn.delivery.queries.deliveries import AttemptRow, DeliveryRow
    from posthorn.delivery.queries.documents import DocumentPage
    from posthorn.delivery.queries.reports import ReportRow
    from posthorn.delivery.queries.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened; `at` is None for what has no time of its own."""

    title: str
    tone: Tone = Tone.IDLE
    at: datetime | None = None
    note: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One delivery with what each of its tries came to."""

    row: DeliveryRow
    words: Words
    remote_id: str
    url: str
    size: int | None
    attempts: tuple[tuple[AttemptRow, Words], ...]
    reports: tuple[tuple[ReportRow, Words], ...]

    @property
    def is_moved_last(self) -> bool:
        """Tell whether it stands as it does for what was said last."""
        return self.row.state is State.REJECTED_BY_PACKAGE


_SOURCES = {
    "web": _("Uploaded"),
    "cli": _("Taken in from a file"),
    "demo": _("Loaded as a sample"),
}
_BASES = {
    "approved": _("Approved"),
    "sent": _("Sent by hand"),
    "on_arrival": _("Released on arrival"),
    "trusted_supplier": _("Released: the supplier is trusted"),
    "all_valid": _("Released: the client takes every valid e-invoice"),
    "sent_anyway": _("Sent anyway"),
    "moved": _("Released for the client it was moved to"),
}
_READINGS = {
    "pending": (_("Waits to be read"), Tone.BUSY),
    "read": (_("Read"), Tone.GOOD),
    "unreadable": (_("Could not be read"), Tone.BAD),
    "quarantined": (_("Kept apart: reading failed three times"), Tone.BAD),
}


def of_document(found: DocumentPage) -> tuple[Event, ...]:
    """Tell what happened to a document before it went anywhere."""
    return (*_arrival(found), *_decision(found))


def _arrival(found: DocumentPage) -> Iterator[Event]:
    document = found.document
    title = gettext(_SOURCES.get(document.source, _("Received")))
    yield Event(
        title=title, tone=Tone.GOOD, at=document.arrived_at, who=_actor(document.arrived_by)
    )
    word, tone = _READINGS[document.reading]
    check = wording.words_of_check(document.verdict).why if document.reading == "read" else ""
    yield Event(title=gettext(word), tone=tone, note=check)
    if found.parts:
        yield Event(title=gettext("Cut into parts"), tone=Tone.GOOD)
    if document.assigned_at and document.client_id:
        by_hand = document.assigned_basis in {"by_hand", "moved", "given"}
        note = gettext("by hand") if by_hand else gettext("by the numbers in the document")
        title = gettext("Given to its client")
        yield Event(title=title, tone=Tone.GOOD, at=document.assigned_at, note=note)


def _decision(found: DocumentPage) -> Iterator[Event]:
    document = found.document
    if document.rejected_at:
        yield Event(
            title=gettext("Rejected"),
            tone=Tone.BAD,
            at=document.rejected_at,
            note=document.rejected_reason,
        )
    if document.released_at:
        yield Event(
            title=gettext(_BASES.get(document.release_basis, _("Released"))),
            tone=Tone.GOOD,
            at=document.released_at,
            who=_actor(document.released_by),
        )


def _actor(name: str) -> str:
    """Name a person; the product itself stays unnamed."""
    return name if "@" in name else ""


def of_delivery(story: Story) -> Told:
    """Tell what became of a delivery."""
    connector = story.row.connector_id
    return Told(
        row=story.row,
        words=wording.words_of_delivery(story.row),
        remote_id=story.remote_id,
        url=story.url,
        size=story.size,
        attempts=tuple((one, wording.words_of_attempt(one, connector)) for one in story.attempts),
        reports=tuple(told_of(story.reports, connector)),
    )

"""Lists what came back by mail for the operator, and counts what waits or found no delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Min

from posthorn.delivery.bounces.recording import safe_text
from posthorn.delivery.letters import Letter
from posthorn.delivery.mail_states import LetterState
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """One letter; `note` says why it found no delivery, or which it found. Size in bytes."""

    id: UUID
    arrived_at: datetime
    source: str
    recipients: tuple[str, ...]
    subject: str
    nature: str
    state: LetterState
    note: str
    size: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """How the letters stand; `oldest_waiting` is how long the oldest one waits."""

    waiting: int
    unmatched: int
    last_at: datetime | None
    oldest_waiting: timedelta | None


def list_letters(*, state: LetterState | None = None, limit: int = 50) -> tuple[LetterRow, ...]:
    """Give letters, the newest first. Reads only."""
    with system("letters"):
        rows = Letter.objects.order_by("-arrived_at")
        chosen = rows.filter(state=state) if state else rows
        return tuple(_row(one) for one in chosen.defer("raw")[:limit])


def open_letter(letter_id: UUID) -> LetterRow | None:
    """Give one letter with its source as safe text; None when it is not there. Reads only."""
    with system("letters"):
        letter = Letter.objects.filter(id=letter_id).first()
        return _row(letter, text=safe_text(bytes(letter.raw))) if letter else None


def inbox() -> Inbox:
    """Count the letters. Reads only."""
    with system("letters"):
        found = dict(Letter.objects.values_list("state").annotate(Count("id")).order_by())
        last = Letter.objects.aggregate(Max("arrived_at"))["arrived_at__max"]
        waiting = Letter.objects.filter(state=LetterState.WAITING)
        oldest = waiting.aggregate(Min("arrived_at"))["arrived_at__min"]
    return Inbox(
        waiting=found.get(LetterState.WAITING, 0),
        unmatched=found.get(LetterState.UNMATCHED, 0) + found.get(LetterState.BROKEN, 0),
        last_at=last,
        oldest_waiting=now() - oldest if oldest else None,
    )


def _row(letter: Letter, *, text: str = "") -> LetterRow:
    return LetterRow(
        id=letter.id,
        arrived_at=letter.arrived_at,
        source=letter.source,
        recipients=tuple(letter.recipients),
        subject=letter.subject,
        nature=letter.nature,
        state=LetterState(letter.state),
        note=letter.note,
        size=letter.size,
        text=text,
    )

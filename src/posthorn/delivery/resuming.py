"""Switches an accounting package on again, with a person's word on what was held meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from posthorn.connections import services
from posthorn.delivery import moves
from posthorn.delivery.actions import DeliveryError
from posthorn.delivery.models import Delivery
from posthorn.delivery.states import Actor, Hold, State

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

# What another package has, or may have: sending it here too could book it twice.
_TAKEN = (State.ACCEPTED, State.DELIVERED, State.SENDING, State.UNKNOWN)
NOTE = "held_while_off"


class Resume(StrEnum):
    """What becomes of the documents that were held while the package was off."""

    ALL = "all"  # everything goes
    UNTAKEN = "untaken"  # what another package took meanwhile is cancelled, the rest goes
    NONE = "none"  # nothing of it goes: all of it is cancelled


class ResumeNeededError(DeliveryError):
    """Ask what becomes of what is held, and say so: there is no answer beforehand."""

    code = "resume_needed"

    def __init__(self, held: Held) -> None:
        self.held = held
        super().__init__(
            f"{held.every} held documents wait for a decision, {held.taken} of them another"
            " package took meanwhile: say all, untaken or none."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How many deliveries wait for the package, and how many of those another package took."""

    every: int
    taken: int

    @property
    def untaken(self) -> int:
        """Those that no other package took."""
        return self.every - self.taken


def count_held(firm: UUID, connection: UUID) -> Held:
    """Count what was held because the package was switched off; two queries."""
    rows = _held(firm, connection)
    return Held(every=rows.count(), taken=rows.filter(_is_taken()).count())


def resume_connection(firm: UUID, connection: UUID, *, answer: Resume | None, actor: str) -> Held:
    """Switch a package on; gives what had been held. Raises NotFoundError, ResumeNeededError."""
    with transaction.atomic():
        # The switch is locked first: who plans or holds meanwhile waits or sees it on.
        services.lock_connection(firm, connection)
        held = count_held(firm, connection)
        if held.every and answer is None:
            raise ResumeNeededError(held)
        if answer in {Resume.UNTAKEN, Resume.NONE}:
            _cancel(_held(firm, connection), actor, only_taken=answer is Resume.UNTAKEN)
        services.activate_connection(firm, connection, actor=actor)
    return held


def _held(firm: UUID, connection: UUID) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        firm_id=firm, connection_id=connection, state=State.HELD, reason=Hold.EXTENSION_OFF
    )


def _is_taken() -> Exists:
    others = Delivery.objects.filter(document_id=OuterRef("document_id"), state__in=_TAKEN)
    return Exists(others.exclude(connection_id=OuterRef("connection_id")))


def _cancel(rows: QuerySet[Delivery], actor: str, *, only_taken: bool) -> None:
    chosen = rows.filter(_is_taken()) if only_taken else rows
    locked = moves.lock(chosen.values_list("id", flat=True))
    moves.move(locked, State.CANCELLED, by=Actor.PERSON, actor=actor, note=NOTE)

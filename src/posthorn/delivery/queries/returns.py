"""Reads what came back by mail for a delivery or a test mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.delivery.bounces.verdict import Nature
from posthorn.delivery.letters import Return

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRow:
    """One mail that came back; without `is_open` nothing that others wrote shows."""

    nature: Nature
    status: str
    code: str
    diagnostic: str
    remote_mta: str
    recipient: str
    subject: str
    text: str
    arrived_at: datetime
    has_moved: bool

    @classmethod
    def of(cls, one: Return, *, is_open: bool) -> ReturnRow:
        """Read one; what others wrote shows only where the content is open."""
        return cls(
            nature=Nature(one.nature),
            status=one.status,
            code=one.code,
            diagnostic=one.diagnostic if is_open else "",
            remote_mta=one.remote_mta,
            recipient=one.recipient if is_open else "",
            subject=one.subject if is_open else "",
            text=one.text if is_open else "",
            arrived_at=one.arrived_at,
            has_moved=one.has_moved,
        )


def returns_of_delivery(firm: UUID, delivery: UUID, *, is_open: bool) -> tuple[ReturnRow, ...]:
    """Give what came back for a delivery, the newest first; the caller decides who may see it."""
    rows = Return.objects.filter(firm_id=firm, delivery_id=delivery).order_by("-arrived_at")
    return tuple(ReturnRow.of(one, is_open=is_open) for one in rows[:_MOST])


def returns_of_trials(firm: UUID, trials: Iterable[UUID]) -> Mapping[UUID, tuple[ReturnRow, ...]]:
    """Give what came back for test mails, by test mail, the newest first."""
    rows = Return.objects.filter(firm_id=firm, trial_id__in=list(trials)).order_by("-arrived_at")
    found: dict[UUID, tuple[ReturnRow, ...]] = {}
    for one in rows[: 4 * _MOST]:
        if one.trial_id is not None:
            known = found.get(one.trial_id, ())
            found[one.trial_id] = (*known, ReturnRow.of(one, is_open=True))
    return found

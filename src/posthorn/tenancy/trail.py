"""Lists what the audit trail says, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posthorn.tenancy.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of the trail; the number grows with time."""

    number: int
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject: UUID | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFilter:
    """What is looked for; `action` matches the beginning, such as `delivery.`."""

    subject: UUID | None = None
    action: str = ""
    actor: str = ""


def trail_of(firm: UUID, wanted: TrailFilter, *, limit: int) -> tuple[Line, ...]:
    """Give a firm's newest entries; inside the firm's scope."""
    return _lines(AuditEntry.objects.filter(firm_id=firm), wanted, limit)


def trail_of_installation(wanted: TrailFilter, *, limit: int) -> tuple[Line, ...]:
    """Give the newest entries that belong to no firm; inside the system's scope."""
    return _lines(AuditEntry.objects.filter(firm_id__isnull=True), wanted, limit)


def _lines(rows: QuerySet[AuditEntry], wanted: TrailFilter, limit: int) -> tuple[Line, ...]:
    if wanted.subject is not None:
        rows = rows.filter(subject_id=wanted.subject)
    if wanted.action:
        rows = rows.filter(action__startswith=wanted.action)
    if wanted.actor:
        rows = rows.filter(actor=wanted.actor)
    return tuple(
        Line(
            number=row.pk,
            at=row.at,
            actor=row.actor,
            action=row.action,
            subject_kind=row.subject_kind,
            subject=row.subject_id,
            detail=row.detail,
        )
        for row in rows.order_by("-pk")[:limit]
    )

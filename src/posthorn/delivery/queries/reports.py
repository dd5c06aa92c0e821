"""Reads what packages said later of deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.delivery.readback_models import StatusReport
from posthorn.sdk.connector import RemoteState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

_MOST = 400  # each of some twenty deliveries was asked about a few times


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """What a package said once; without `is_open` its own words stay closed."""

    state: RemoteState
    code: str
    detail: str
    said_at: datetime


def reports_of(firm: UUID, is_open: Mapping[UUID, bool]) -> Mapping[UUID, Sequence[ReportRow]]:
    """Give what was said of deliveries, the first thing first; the caller decides who may see it.

    `is_open` says of each delivery whether its content is open to the person who looks.
    """
    rows = StatusReport.objects.filter(firm_id=firm, delivery_id__in=list(is_open))
    found: dict[UUID, list[ReportRow]] = {}
    for one in rows.order_by("said_at", "id")[:_MOST]:
        said = ReportRow(
            state=RemoteState(one.state),
            code=one.code,
            detail=one.detail if is_open[one.delivery_id] else "",
            said_at=one.said_at,
        )
        found.setdefault(one.delivery_id, []).append(said)
    return found

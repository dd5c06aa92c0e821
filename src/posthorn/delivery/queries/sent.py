"""Reads what a delivery sent: the bytes that were prepared for it, as far as a person may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.delivery.models import Revision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from posthorn.delivery.models import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a revision held; `summary` is empty where the content is closed. Size in bytes."""

    number: int
    summary: Mapping[str, str]
    sha256: str
    size: int
    media_type: str
    prepared_at: datetime


def sent_of(delivery: Delivery, *, is_open: bool) -> Sent | None:
    """Give what was prepared last, None when nothing was."""
    rows = Revision.objects.filter(firm_id=delivery.firm_id, delivery_id=delivery.id)
    revision = rows.order_by("-number").first()
    if revision is None:
        return None
    told = revision.summary.items() if is_open else ()
    return Sent(
        number=revision.number,
        summary={str(name): str(value) for name, value in told if value},
        sha256=revision.sha256,
        size=revision.size,
        media_type=revision.media_type,
        prepared_at=revision.prepared_at,
    )

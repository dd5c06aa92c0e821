"""Reads where the documents of a delivery can be fetched, and how often they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.delivery.link_models import Download, Link
from posthorn.delivery.links import is_open
from posthorn.kernel.clock import now

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

_MAX_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One time that the document was fetched."""

    at: datetime
    network: str
    user_agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """A delivery's download address; `is_open` tells whether it gives its document now."""

    made_at: datetime
    expires_at: datetime
    is_expired: bool
    is_open: bool
    revoked_at: datetime | None
    revoked_by: str
    times: int
    fetches: tuple[Fetch, ...]  # the last ones, the newest first


def link_of(firm: UUID, delivery_id: UUID) -> LinkRow | None:
    """Give a delivery's download address, None when it went as an attachment."""
    rows = Link.objects.filter(firm_id=firm, delivery_id=delivery_id)
    link = rows.select_related("delivery__client", "document").order_by("-made_at").first()
    if link is None:
        return None
    fetched = Download.objects.filter(firm_id=firm, link_id=link.id)
    return LinkRow(
        made_at=link.made_at,
        expires_at=link.expires_at,
        is_expired=link.expires_at <= now(),
        is_open=is_open(link),
        revoked_at=link.revoked_at,
        revoked_by=link.revoked_by,
        times=fetched.count(),
        fetches=tuple(
            Fetch(at=one.at, network=one.network, user_agent=one.user_agent)
            for one in fetched.order_by("-at")[:_MAX_SHOWN]
        ),
    )

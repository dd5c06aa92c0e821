"""Counts what of some clients is under way: what a pause, an archiving or an end would stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.archive.queries import documents_visible_to
from posthorn.delivery.queries.client_signs import UNDECIDED
from posthorn.delivery.queries.visibility import deliveries_of, is_waiting, needs_attention

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from posthorn.tenancy.access import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """Documents to approve or send; deliveries on their way, and those that need somebody."""

    undecided: int
    on_its_way: int
    attention: int


def count_open(firm: UUID, viewer: Viewer, clients: Collection[UUID]) -> OpenWork:
    """Count what is under way for clients, as far as a person may know; three queries."""
    documents = documents_visible_to(firm, viewer).filter(client_id__in=clients)
    deliveries = deliveries_of(firm, viewer).filter(client_id__in=clients)
    return OpenWork(
        undecided=documents.filter(UNDECIDED).count(),
        on_its_way=deliveries.filter(is_waiting()).count(),
        attention=deliveries.filter(needs_attention()).count(),
    )

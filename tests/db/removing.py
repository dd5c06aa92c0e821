"""Removes accounting packages for tests, and reads what was written about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.connections import removal
from posthorn.delivery import instance
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.connections.removal import Removed

ACTOR = "an@firm"


def be_the_original() -> None:
    """Be the installation itself and no copy, whatever was noted in the data folder before."""
    instance.recognise()
    instance.release(ACTOR)


def remove(firm: UUID, connection: UUID) -> Removed:
    with acting(firm):
        return removal.remove_connection(firm, connection, actor=ACTOR)


def trail(firm: UUID, prefix: str) -> list[str]:
    with acting(firm):
        rows = AuditEntry.objects.filter(action__startswith=prefix).order_by("pk")
        return list(rows.values_list("action", flat=True))

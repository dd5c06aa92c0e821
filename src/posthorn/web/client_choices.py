"""Offers clients to choose from, by the words that people type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.delivery.queries.naming import clients_named
from posthorn.tenancy.access import may_work_documents
from posthorn.tenancy.life import OVER, ClientState
from posthorn.tenancy.queries import clients_visible_to

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.web.access import Space

_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A client to choose."""

    id: UUID
    name: str
    dossier_number: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The clients that typed words mean, the first ones; `is_more` tells that there are others."""

    find: str
    rows: tuple[Choice, ...]
    is_more: bool


def choices_of(space: Space, find: str, now: UUID | None = None) -> Choices:
    """Give clients of a firm to choose from; the one that is chosen now stays among them."""
    rows = clients_visible_to(space.firm, space.viewer).exclude(
        state__in=[state.value for state in OVER]
    )
    if find.strip():
        meant = clients_named(space.firm, space.viewer, find)[: _SHOWN + 1]
        rows = rows.filter(pk__in=meant)
    found = list(rows.values_list("pk", "name", "dossier_number")[: _SHOWN + 1])
    if now is not None and now not in {pk for pk, _, _ in found[:_SHOWN]}:
        own = clients_visible_to(space.firm, space.viewer).filter(pk=now)
        found = [*own.values_list("pk", "name", "dossier_number"), *found]
    shown = tuple(
        Choice(id=pk, name=name, dossier_number=number, is_chosen=pk == now)
        for pk, name, number in found[:_SHOWN]
    )
    return Choices(find=find, rows=shown, is_more=len(found) > _SHOWN)


def client_to_work_on(space: Space, client: UUID | None) -> Choice | None:
    """Give a client on whose documents this person may work; None for any other."""
    rows = clients_visible_to(space.firm, space.viewer)
    row = rows.filter(pk=client).first() if client else None
    if row is None or not may_work_documents(space.viewer, row.pk, ClientState(row.state)):
        return None
    return Choice(id=row.pk, name=row.name, dossier_number=row.dossier_number, is_chosen=True)

"""Finds the one client that somebody typed: a dossier number, a name, or both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from posthorn.archive.search import folded
from posthorn.delivery.queries.naming import client_finder, folded_name
from posthorn.tenancy.life import OVER
from posthorn.tenancy.queries import clients_visible_to

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from posthorn.tenancy.access import Viewer
    from posthorn.tenancy.models import Client

    Columns = tuple[UUID, str, str]

SUGGESTED = 20
"""Clients that are offered at once."""
_CANDIDATES = 8
_COLUMNS = ("pk", "name", "dossier_number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A client as somebody picks it."""

    id: UUID
    dossier_number: str
    name: str

    def __str__(self) -> str:
        return f"{self.dossier_number} {self.name}"


class UnclearClientError(ValueError):
    """Type the dossier number or the whole name: no client, or more than one, is meant."""

    def __init__(self, text: str, candidates: tuple[Pick, ...]) -> None:
        """Take what was typed, and the first clients that it may mean."""
        super().__init__(text)
        self.text = text
        self.candidates = candidates


def suggest_clients(
    firm: UUID, viewer: Viewer, text: str, *, is_working: bool = False, most: int = SUGGESTED
) -> tuple[Pick, ...]:
    """Give clients that typed text may mean, those whose number or name begins with it first.

    `is_working` leaves out archived and lost clients.
    """
    typed = folded(text).strip()
    rows = list(_rows(firm, viewer, is_working=is_working).values_list(*_COLUMNS))
    if typed:
        is_meant = client_finder(firm, text)
        rows = [row for row in rows if is_meant(*row)]
        rows.sort(key=lambda row: not _begins(row, typed))
    return tuple(map(_pick, rows[:most]))


def pick_client(firm: UUID, viewer: Viewer, text: str, *, is_working: bool = False) -> Pick:
    """Find the client that was typed or that a link names by its id; raises UnclearClientError."""
    wanted = text.strip()
    exact = _known(firm, viewer, wanted, is_working=is_working)
    if len(exact) == 1:
        return _pick(exact[0])
    found = tuple(map(_pick, exact[:_CANDIDATES])) or suggest_clients(
        firm, viewer, wanted, is_working=is_working, most=_CANDIDATES
    )
    raise UnclearClientError(wanted, found)


def _known(firm: UUID, viewer: Viewer, wanted: str, *, is_working: bool) -> list[Columns]:
    """Give the client with this id or number, else those of exactly this name."""
    rows = _rows(firm, viewer, is_working=is_working)
    try:
        exact = rows.filter(pk=UUID(wanted))
    except ValueError:
        exact = rows.filter(dossier_number=wanted)
    found = list(exact.values_list(*_COLUMNS))
    if found:
        return found
    key = _one_line(wanted)
    return [
        row
        for row in rows.values_list(*_COLUMNS)
        if key in {_one_line(row[1]), _one_line(f"{row[2]} {row[1]}")}
    ]


def _rows(firm: UUID, viewer: Viewer, *, is_working: bool) -> QuerySet[Client]:
    rows = clients_visible_to(firm, viewer)
    return rows.exclude(state__in=[state.value for state in OVER]) if is_working else rows


def _pick(row: Columns) -> Pick:
    return Pick(id=row[0], name=row[1], dossier_number=row[2])


def _one_line(text: str) -> str:
    return " ".join(folded_name(text).split())


def _begins(row: Columns, typed: str) -> bool:
    return row[2].casefold().startswith(typed) or folded_name(row[1]).startswith(typed)

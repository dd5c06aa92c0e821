"""Lists changed import addresses: what waits for a second person, and what others changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from posthorn.connections import guarded
from posthorn.connections.change_models import AddressChange, Standing
from posthorn.connections.registry import registry
from posthorn.kernel.clock import now
from posthorn.sdk.languages import same_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

NEWS_FOR = timedelta(days=30)
"""How long a change that others made is shown to administrators who have not seen it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One address of a change, and what the fields are called in which it counts."""

    labels: tuple[Mapping[str, str], ...]  # each in four languages
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change of where a client's documents go; `told` has the values masked."""

    id: UUID
    client: UUID
    client_name: str
    dossier_number: str
    integration: UUID
    package: str
    standing: Standing
    moved: tuple[Moved, ...]
    told: str
    author: str
    made_at: datetime
    shared_reason: str

    def is_by(self, actor: str) -> bool:
        """Tell whether somebody made it, and so cannot confirm it."""
        return self.author.casefold() == actor.casefold()


def waiting_changes(firm: UUID, *, client: UUID | None = None) -> list[ChangeRow]:
    """Return what waits for a second person, the oldest first; of one client where it is given."""
    rows = _rows(firm).filter(standing=Standing.WAITING).order_by("made_at", "id")
    return [_row(one) for one in (rows.filter(client_id=client) if client else rows)]


def changes_by_others(firm: UUID, actor: str) -> list[ChangeRow]:
    """Return changes of the last 30 days that somebody else made and nobody has seen since."""
    rows = _rows(firm).filter(standing=Standing.APPLIED, seen_by="", made_at__gt=now() - NEWS_FOR)
    return [_row(one) for one in rows.exclude(author__iexact=actor).order_by("-made_at", "-id")]


def change_of(firm: UUID, client: UUID, change_id: UUID) -> ChangeRow | None:
    """Return one change of a client, None when there is none."""
    found = _rows(firm).filter(client_id=client, id=change_id).first()
    return _row(found) if found is not None else None


def _rows(firm: UUID) -> QuerySet[AddressChange]:
    rows = AddressChange.objects.filter(firm_id=firm)
    return rows.select_related("client", "integration__connection").only(*_TOLD)


_TOLD = (
    "standing",
    "addresses",
    "shared_reason",
    "author",
    "made_at",
    "client__name",
    "client__dossier_number",
    "integration__connection__name",
    "integration__connection__connector_id",
)


def _row(one: AddressChange) -> ChangeRow:
    connection = one.integration.connection
    loaded = registry().get(connection.connector_id)
    labels = {each.id: each.label for each in loaded.spec.client_settings} if loaded else {}
    pairs = {name: (before, after) for name, (before, after) in one.addresses.items()}
    return ChangeRow(
        id=one.id,
        client=one.client_id,
        client_name=one.client.name,
        dossier_number=one.client.dossier_number,
        integration=one.integration_id,
        package=connection.name,
        standing=Standing(one.standing),
        moved=tuple(
            Moved(
                labels=tuple(
                    labels.get(name, same_words(name))
                    for name, other in pairs.items()
                    if other == pair
                ),
                before=pair[0],
                after=pair[1],
            )
            for pair in dict.fromkeys(pairs.values())
        ),
        told=guarded.told(pairs),
        author=one.author,
        made_at=one.made_at,
        shared_reason=one.shared_reason,
    )

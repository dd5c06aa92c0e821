"""Matches a firm's clients with the places a package has, by VAT number, then enterprise number."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.connections.errand_models import Resolution
from posthorn.connections.judgement import numbers_in
from posthorn.connections.models import Integration
from posthorn.sdk.fields import Resolved
from posthorn.tenancy.life import OVER
from posthorn.tenancy.models import Client, ClientNumber
from posthorn.tenancy.numbers import Number, NumberScheme, equivalents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from posthorn.connections.registry import Loaded
    from posthorn.sdk.matches import Match

_ORDER = (NumberScheme.VAT, NumberScheme.ENTERPRISE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A client that is not bound yet, and the one free place with its number, if there is one."""

    client: UUID
    name: str
    dossier_number: str
    number: str  # the client's VAT number, else another one; for reading
    place: Match | None = None


def field_of(loaded: Loaded) -> Resolved | None:
    """Return the setting by which many clients are bound at once: the first that is looked up."""
    found = (one for one in loaded.spec.client_settings if isinstance(one, Resolved))
    return next(found, None)


def propose(
    firm: UUID, connection_id: UUID, places: Sequence[Match], *, field: str
) -> list[Proposal]:
    """Return every client of the firm that the connection does not have, by dossier number."""
    bound = Integration.objects.filter(firm_id=firm, connection_id=connection_id, removed_at=None)
    rows = Client.objects.filter(firm_id=firm).exclude(state__in=[one.value for one in OVER])
    free = list(rows.exclude(id__in=bound.values("client_id")).order_by("dossier_number", "id"))
    numbers = _numbers(firm)
    index = _index(_untaken(firm, connection_id, places, field))
    wanted = {one.id: _place(numbers.get(one.id, ()), index) for one in free}
    # A place that two clients would get is for a person to give.
    once = _once(place for place in wanted.values() if place)
    return [
        Proposal(
            client=one.id,
            name=one.name,
            dossier_number=one.dossier_number,
            number=_shown(numbers.get(one.id, ())),
            place=place if (place := wanted[one.id]) and place.value in once else None,
        )
        for one in free
    ]


def _once(places: Iterable[Match]) -> set[str]:
    seen: dict[str, int] = defaultdict(int)
    for place in places:
        seen[place.value] += 1
    return {value for value, times in seen.items() if times == 1}


def _numbers(firm: UUID) -> Mapping[UUID, list[Number]]:
    found: dict[UUID, list[Number]] = defaultdict(list)
    schemes = [scheme.value for scheme in _ORDER]
    rows = ClientNumber.objects.filter(firm_id=firm, scheme__in=schemes).order_by("value")
    for client, scheme, value in rows.values_list("client_id", "scheme", "value"):
        found[client].append(Number(scheme=NumberScheme(scheme), value=value))
    return found


def _untaken(firm: UUID, connection_id: UUID, places: Sequence[Match], field: str) -> list[Match]:
    rows = Resolution.objects.filter(firm_id=firm, connection_id=connection_id, field=field)
    taken = set(rows.exclude(value="").values_list("value", flat=True))
    return [one for one in places if not one.blocked and one.value not in taken]


def _index(places: Iterable[Match]) -> Mapping[Number, list[Match]]:
    index: dict[Number, list[Match]] = defaultdict(list)
    for place in places:
        for number in {each for one in numbers_in(place.facts) for each in equivalents(one)}:
            index[number].append(place)
    return index


def _place(numbers: Sequence[Number], index: Mapping[Number, list[Match]]) -> Match | None:
    """Return the only place with one of the numbers; VAT numbers decide before others."""
    for scheme in _ORDER:
        found = {
            place.value: place
            for number in numbers
            if number.scheme is scheme
            for place in index.get(number, ())
        }
        if found:
            return next(iter(found.values())) if len(found) == 1 else None
    return None


def _shown(numbers: Sequence[Number]) -> str:
    ordered = sorted(numbers, key=lambda one: _ORDER.index(one.scheme))
    return ordered[0].value if ordered else ""

"""What a route per kind of document means, as pure decisions over settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.sdk.destinations import destination
from posthorn.sdk.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from posthorn.connections.registry import Loaded
    from posthorn.sdk.fields import Field

OWN = "own"
NONE = "none"
SAME_AS = "same_as:"


def source_of(routes: Mapping[str, str], kind: Kind) -> Kind:
    """Return the kind whose destination counts for `kind`: itself, unless a route names another."""
    route = routes.get(kind, OWN)
    return Kind(route.removeprefix(SAME_AS)) if route.startswith(SAME_AS) else kind


def route_problems(fields: Sequence[Field], routes: Mapping[str, str]) -> dict[str, str]:
    """Return kind → code of what is wrong with its route; empty when all can be kept."""
    found = ((name, _route_problem(fields, routes, name)) for name in routes)
    return {name: code for name, code in found if code}


def _route_problem(fields: Sequence[Field], routes: Mapping[str, str], name: str) -> str:
    route = routes[name]
    if name not in set(Kind):
        return "unknown_kind"
    if route in {OWN, NONE}:
        return ""
    other = route.removeprefix(SAME_AS)
    if not route.startswith(SAME_AS) or other not in set(Kind) or other == name:
        return "not_a_route"
    if routes.get(other, OWN).startswith(SAME_AS):
        return "route_of_a_route"
    places = (destination(fields, {}, Kind(kind)) for kind in (name, other))
    return "" if all(places) else "no_destination"


def settings_for(
    fields: Sequence[Field], settings: Mapping[str, str], routes: Mapping[str, str]
) -> dict[str, str]:
    """Return the settings a connector sees: a kind that goes where another goes has its address.

    `fields` are the client's, `settings` the firm's and the client's in one mapping.
    """
    if not any(route.startswith(SAME_AS) for route in routes.values()):
        return dict(settings)
    seen = dict(settings)
    for kind, field in _destination_fields(fields):
        source, narrowed = source_of(routes, kind), field.is_for_credit_notes
        goes_to = destination(fields, settings, source, is_credit_note=narrowed)
        # Written out for every kind, since showing one field may show another's.
        seen |= _conditions(fields, field)
        seen[field.id] = goes_to.value if goes_to else ""
    return {name: value for name, value in seen.items() if value}


def _destination_fields(fields: Sequence[Field]) -> Iterator[tuple[Kind, Field]]:
    yield from ((one.destination_of, one) for one in fields if one.destination_of is not None)


def _conditions(fields: Sequence[Field], field: Field) -> dict[str, str]:
    """Return the settings with which the field is shown."""
    wanted: dict[str, str] = {}
    while field.shown_when is not None:
        name, value = field.shown_when
        wanted[name] = value
        field = next(one for one in fields if one.id == name)
    return wanted


def kinds_taken(
    loaded: Loaded, settings: Mapping[str, str], routes: Mapping[str, str]
) -> frozenset[Kind]:
    """Return the kinds taken with effective settings and routes."""
    able = loaded.connector.capabilities(settings)
    return frozenset(kind for kind in able if routes.get(kind, OWN) != NONE)


def missing_field(
    fields: Sequence[Field], settings: Mapping[str, str], routes: Mapping[str, str], kind: Kind
) -> str:
    """Return the id of the empty field that should say where a kind goes, or an empty text."""
    goes_to = destination(fields, settings, source_of(routes, kind))
    return goes_to.field if goes_to is not None and not goes_to.value else ""

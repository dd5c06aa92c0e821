"""Offers clients to tick, a hundred at a time; those ticked before stay so out of sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms

from posthorn.delivery.queries.picking import suggest_clients

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.http import QueryDict

    from posthorn.delivery.queries.picking import Pick
    from posthorn.web.access import Space

SHOWN = 100
_EVERY = 100_000
_FIND = "find"


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """The clients in sight with their ticks, and the ids of those ticked elsewhere as one line.

    `earlier` and `later` are the places of the parts before and after, None at the ends.
    """

    rows: tuple[tuple[Pick, bool], ...]
    kept: str
    find: str
    number: int
    found: int
    is_long: bool
    earlier: int | None
    later: int | None


def boxes_of(space: Space, sent: QueryDict, chosen: Collection[UUID]) -> Boxes:
    """Give the part of the list that was asked for; all of it where a hundred have room."""
    find = sent.get(_FIND, "").strip()
    found = suggest_clients(space.firm, space.viewer, find, most=_EVERY)
    look = sent.get("look", "")
    place = int(look) if look.isdecimal() and int(look) < len(found) else 0
    rows = tuple((one, one.id in chosen) for one in found[place : place + SHOWN])
    seen = {one.id for one, _ in rows}
    return Boxes(
        rows=rows,
        kept=" ".join(str(one) for one in chosen if one not in seen),
        find=find,
        number=len(chosen),
        found=len(found),
        is_long=bool(find) or len(found) > SHOWN,
        earlier=max(0, place - SHOWN) if place else None,
        later=place + SHOWN if place + SHOWN < len(found) else None,
    )


def is_looking(sent: Mapping[str, object]) -> bool:
    """Tell whether a form was sent to see other clients, and not to be kept."""
    return "look" in sent or sent.get(_FIND, "") != sent.get("found", "")


def ticked(sent: QueryDict) -> set[UUID]:
    """Give the clients that are ticked, in sight or not; what is no id counts as none."""
    found = set()
    for one in (*sent.getlist("clients"), *sent.get("kept", "").split()):
        try:
            found.add(UUID(one))
        except ValueError:
            continue
    return found


class _Boxes(forms.CheckboxSelectMultiple):
    def value_from_datadict(self, data: QueryDict, files: object, name: str) -> list[str]:  # type: ignore[override]  # a request's
        del files
        return [*data.getlist(name), *data.get("kept", "").split()]


class ClientsField(forms.TypedMultipleChoiceField):
    """Reads the ids of the ticked clients, each once."""

    def __init__(self) -> None:
        """Take clients only once they are told with `allow`."""
        super().__init__(coerce=UUID, required=False, widget=_Boxes)
        self.allowed: frozenset[str] = frozenset()

    def valid_value(self, value: object) -> bool:
        """Tell whether a client is one of those to choose from."""
        return str(value) in self.allowed

"""Reads from settings where documents of a kind go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posthorn.sdk.fields import Field, shown
from posthorn.sdk.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where documents of a kind go: the field that says so, and its value (empty: not given)."""

    field: str
    value: str


def destination(
    fields: Sequence[Field],
    settings: Mapping[str, str],
    kind: Kind,
    *,
    is_credit_note: bool = False,
) -> Destination | None:
    """Return where a kind goes with these settings; None when no field of the connector says so.

    A credit note goes to the field for credit notes where that is filled in.
    """
    visible = {one.id for one in shown(fields, settings)}
    goes_to = None
    for one in fields:
        if one.destination_of is not kind or (one.is_for_credit_notes and not is_credit_note):
            continue
        found = _destination(one, fields, settings, visible)
        if one.is_for_credit_notes and found.value:
            return found
        if not one.is_for_credit_notes:
            goes_to = found
    return goes_to


def _destination(
    one: Field, fields: Sequence[Field], settings: Mapping[str, str], visible: set[str]
) -> Destination:
    by_id = {each.id: each for each in fields}
    while one.id not in visible and one.when_hidden in by_id:
        one = by_id[one.when_hidden]
    return Destination(field=one.id, value=settings.get(one.id, "") if one.id in visible else "")

"""Compares where documents go before and after a change; pure, over declared fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.connections import routes
from posthorn.sdk.fields import Email, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from posthorn.sdk.fields import Field
    from posthorn.sdk.kinds import Kind

_SHOWN_CHARS = 2
_DOTS = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The settings of one integration: the firm's and the client's in one, and the routes."""

    settings: Mapping[str, str]
    routes: Mapping[str, str]


def values_of(fields: Sequence[Field], setup: Setup) -> dict[str, str]:
    """Return guarded field → the value that counts for it now, whichever field it stands in."""
    seen = routes.settings_for(fields, setup.settings, setup.routes)
    by_id = {one.id: one for one in fields}
    visible = {one.id for one in shown(fields, seen)}
    values = {one.id: _standing(one, by_id, visible, seen) for one in fields if one.is_guarded}
    for one in fields:
        if one.is_for_credit_notes and not values[one.id]:
            values[one.id] = _of_invoices(fields, values, one.destination_of)
    return {name: value for name, value in values.items() if value}


def _of_invoices(fields: Sequence[Field], values: Mapping[str, str], kind: Kind | None) -> str:
    """Return where a kind's credit notes go without an address of their own."""
    found = (one for one in fields if one.destination_of is kind and not one.is_for_credit_notes)
    return next((values[one.id] for one in found), "")


def _standing(
    one: Field, by_id: Mapping[str, Field], visible: Collection[str], seen: Mapping[str, str]
) -> str:
    while one.id not in visible and one.when_hidden in by_id:
        one = by_id[one.when_hidden]
    return seen.get(one.id, "") if one.id in visible else ""


def changes_between(
    fields: Sequence[Field], before: Setup, after: Setup
) -> dict[str, tuple[str, str]]:
    """Return guarded field → (value before, value after), where they differ."""
    was, will = values_of(fields, before), values_of(fields, after)
    pairs = {name: (was.get(name, ""), will.get(name, "")) for name in {**was, **will}}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def place_of(one: Field, connector: str) -> str:
    """Return what two fields of one client share when they say where the same documents go."""
    return str(one.destination_of) if one.destination_of else f"{connector}.{one.id}"


def folded(value: str, *, is_exact: bool) -> str:
    """Return an address as it is compared: its domain in any case, the rest as the package has it.

    Two that are equal when exact are equal when folded.
    """
    local, at, domain = value.rpartition("@")
    return f"{local if is_exact else local.casefold()}{at}{domain.casefold()}"


def is_address(one: Field) -> bool:
    """Tell an e-mail address, which means the same in every package, from other values."""
    return isinstance(one, Email)


def masked(value: str) -> str:
    """Return a value so that who knows it recognises it and nobody else can use it."""
    local, at, domain = value.rpartition("@")
    if not at:
        local, domain = domain, ""
    if len(local) > 2 * _SHOWN_CHARS:
        local = f"{local[:_SHOWN_CHARS]}{_DOTS}{local[-1]}"
    else:
        local = f"{local[:1]}{_DOTS}"
    return f"{local}{at}{domain}"


def told(changed: Mapping[str, tuple[str, str]]) -> str:
    """Return changes in one line, masked: `in…x@a.example → ja…s@b.example`."""
    pairs = dict.fromkeys(f"{masked(old)} → {masked(new)}" for old, new in changed.values())
    return "; ".join(pairs)

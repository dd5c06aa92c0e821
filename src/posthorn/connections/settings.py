"""Checks what a person typed against the declared fields, and parts it into plain and secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from posthorn.connections.errors import SettingsError
from posthorn.sdk.fields import FieldErrors, Secret, shown, validate

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from posthorn.sdk.effects import Effect
    from posthorn.sdk.fields import Field

# Stands for a secret that is stored and was not typed again.
_STORED = "stored"
_RELAY_LEADS_TO = ("relay_host", "relay_port", "relay_security", "relay_username")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Values that may be kept: plain ones, secrets given anew, and the secrets still asked for."""

    plain: dict[str, str]
    secrets: dict[str, str] = field(repr=False)
    wanted_secrets: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is kept already: plain settings, and the ids of fields with a stored secret."""

    plain: Mapping[str, str] = field(default_factory=dict)
    secrets: Collection[str] = ()


def check_settings(
    fields: Sequence[Field],
    values: Mapping[str, str],
    *,
    before: Before | None = None,
    starts: Mapping[str, str] | None = None,
    effects: Sequence[Effect] = (),
) -> Checked:
    """Return what to keep; an empty secret keeps the stored one. Raises SettingsError.

    `values` is the whole form: a field left out counts as empty. `starts` holds the firm's, and
    `effects` are those of what the firm chose.
    """
    known = before or Before()
    ids = {one.id for one in fields if isinstance(one, Secret)}
    stored = {name: _STORED for name in ids if name in known.secrets and not values.get(name)}
    try:
        cleaned = validate(fields, {**values, **stored}, starts=starts, effects=effects)
    except FieldErrors as wrong:
        raise SettingsError(wrong.codes, wrong.reasons) from None
    plain = {name: value for name, value in cleaned.items() if name not in ids}
    if "relay_password" in stored.keys() & cleaned.keys():
        _demand_password_again(plain, known.plain)
    return Checked(
        plain=plain,
        secrets={
            name: value for name, value in cleaned.items() if name in ids and name not in stored
        },
        wanted_secrets=frozenset(ids & set(cleaned)),
    )


def _demand_password_again(plain: Mapping[str, str], before: Mapping[str, str]) -> None:
    """Refuse to send a stored password to a server for which it was not typed."""
    if any(plain.get(name) != before.get(name) for name in _RELAY_LEADS_TO):
        raise SettingsError({"relay_password": "type_again"})


def secret_fields_shown(fields: Sequence[Field], settings: Mapping[str, str]) -> frozenset[str]:
    """Return the ids of the secrets that count with these settings."""
    return frozenset(one.id for one in shown(fields, settings) if isinstance(one, Secret))


def changes(before: Mapping[str, str], checked: Checked) -> dict[str, object]:
    """Return what an audit entry says: fields with old and new value, secrets by name alone."""
    names = sorted(before.keys() | checked.plain.keys())
    pairs = {name: [before.get(name, ""), checked.plain.get(name, "")] for name in names}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return {"changed": changed, "secrets": sorted(checked.secrets)}

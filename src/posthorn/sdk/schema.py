"""Writes declared settings as JSON Schema, for whoever fills them in without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from posthorn.sdk.fields import OFF, ON, Choice, Email, Flag, Number, RemoteChoice, Resolved, Secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from posthorn.sdk.fields import Field

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema: TypeAlias = "dict[str, object]"


def json_schema(fields: Sequence[Field], *, language: str = "en") -> Schema:
    """Return the schema of the object that holds these settings, in one of the four languages.

    Every value is text, as it is kept. What is asked only beside another value stands in `allOf`.
    """
    schema: Schema = {
        "$schema": DIALECT,
        "type": "object",
        "properties": {one.id: field_schema(one, language) for one in fields},
        "required": [one.id for one in fields if _is_demanded(one) and one.shown_when is None],
        "additionalProperties": False,
    }
    conditions = list(_conditions(fields))
    if conditions:
        schema["allOf"] = conditions
    return schema


def field_schema(field: Field, language: str) -> Schema:
    """Return the schema of one setting."""
    schema: Schema = {"type": "string", "title": field.label[language]}
    if field.help:
        schema["description"] = field.help[language]
    if field.default:
        schema["default"] = field.default
    return schema | _shape(field, language)


def _shape(field: Field, language: str) -> Schema:
    match field:
        case Flag():
            return {"enum": [OFF, ON]}
        case Choice():
            labels = [{"const": value, "title": words[language]} for value, words in field.options]
            return {"enum": [value for value, _ in field.options], "oneOf": labels}
        case Number():
            return {"pattern": "^-?[0-9]{1,18}$", "x-range": [field.minimum, field.maximum]}
        case _:
            return {"maxLength": field.max_chars} | _mark(field)


def _mark(field: Field) -> Schema:
    match field:
        case Secret():
            return {"writeOnly": True}
        case Email():
            return {"format": "email"}
        case RemoteChoice():
            return {"x-depends-on": list(field.depends_on)}
        case Resolved():
            return {"x-depends-on": list(field.depends_on), "x-looked-up": True}
        case _:
            return {}


def _is_demanded(field: Field) -> bool:
    # What starts with a default, or with the firm's own value, may be left out.
    return field.required and not field.default and not field.default_from


def _conditions(fields: Sequence[Field]) -> Iterator[Schema]:
    by_id = {one.id: one for one in fields}
    for one in fields:
        if _is_demanded(one) and one.shown_when is not None:
            yield {"if": _shown(by_id, one), "then": {"required": [one.id]}}


def _shown(by_id: Mapping[str, Field], field: Field) -> Schema:
    """Return what holds of settings with which a field is shown; a default counts when absent."""
    wanted: dict[str, object] = {}
    given: list[str] = []
    while field.shown_when is not None:
        name, value = field.shown_when
        wanted[name] = {"const": value}
        field = by_id[name]
        if field.default != value:
            given.append(name)
    return {"properties": wanted, "required": sorted(given)}

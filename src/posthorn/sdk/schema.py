"""Writes declared settings as JSON Schema, for whoever fills them in without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from posthorn.sdk.fields import (
    OFF,
    ON,
    Choice,
    Email,
    Flag,
    Number,
    RemoteChoice,
    Resolved,
    Secret,
    started,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from posthorn.sdk.effects import Effect
    from posthorn.sdk.fields import Field

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema: TypeAlias = "dict[str, object]"


def json_schema(
    fields: Sequence[Field], *, language: str = "en", effects: Sequence[Effect] = ()
) -> Schema:
    """Return the schema of the object that holds these settings, in one of the four languages.

    Every value is text, as it is kept. What is asked only beside another value stands in `allOf`,
    and so does what an option forbids; `effects` are those of the firm's choices, for a client.
    """
    schema: Schema = {
        "$schema": DIALECT,
        "type": "object",
        "properties": {one.id: _limited(one, language, effects) for one in fields},
        "required": [one.id for one in fields if _is_demanded(one) and one.shown_when is None],
        "additionalProperties": False,
    }
    conditions = [*_conditions(fields), *_consequences(fields, language)]
    if conditions:
        schema["allOf"] = conditions
    return schema


def _limited(field: Field, language: str, effects: Sequence[Effect]) -> Schema:
    schema = field_schema(field, language)
    known = started(field, {}, effects)
    if known:
        schema["default"] = known
    for effect in effects:
        schema |= _bounds(field, effect, language)
    return schema


def _bounds(field: Field, effect: Effect, language: str) -> Schema:
    """Return what an option says of a field; nothing when it says nothing."""
    against = {one.value: one.reason for one in effect.forbids if one.field == field.id}
    patterns = [one for one in effect.patterns if one.field == field.id and one.is_certain]
    notes = [text[language] for text in effect.notes.get(field.id, ())]
    schema: Schema = {}
    if against:
        schema["not"] = {"enum": sorted(against)}
    if patterns:
        # JSON Schema's patterns (ECMA-262) match case and anywhere.
        schema["x-pattern"] = [f"^(?:{one.pattern})$" for one in patterns]
    reasons = [*against.values(), *(one.reason for one in patterns)]
    if reasons:
        schema["$comment"] = " ".join(reason[language] for reason in reasons)
    return schema | ({"x-notes": notes} if notes else {})


def _consequences(fields: Sequence[Field], language: str) -> Iterator[Schema]:
    for choice in fields:
        for effect in choice.effects if isinstance(choice, Choice) else ():
            bounds = {one.id: _with_start(one, effect, language) for one in fields}
            then = {name: bound for name, bound in bounds.items() if bound}
            if effect.refused:
                then[choice.id] = {"not": {"const": effect.option}}
                then[choice.id]["$comment"] = effect.refused[language]
            if then:
                given = [] if choice.default == effect.option else [choice.id]
                wanted = {"properties": {choice.id: {"const": effect.option}}, "required": given}
                yield {"if": wanted, "then": {"properties": then}}


def _with_start(field: Field, effect: Effect, language: str) -> Schema:
    start = effect.starts.get(field.id, "")
    return ({"default": start} if start else {}) | _bounds(field, effect, language)


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

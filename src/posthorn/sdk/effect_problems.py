"""Finds what is wrong with the effects that a choice declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from posthorn.sdk.effects import Effect
from posthorn.sdk.fields import Choice, Field, FieldError, Secret
from posthorn.sdk.languages import Words, languages_missing
from posthorn.sdk.spec import ConnectorSpec


def effect_problems(spec: ConnectorSpec) -> Iterator[str]:
    """Yield every problem of a firm's or a client's choices with effects, one sentence each."""
    reached = {one.id: one for one in (*spec.firm_settings, *spec.client_settings)}
    clients = {one.id: one for one in spec.client_settings}
    for fields, allowed in ((spec.firm_settings, reached), (spec.client_settings, clients)):
        for one in fields:
            if isinstance(one, Choice):
                yield from _choice(one, allowed)


def _choice(choice: Choice, fields: Mapping[str, Field]) -> Iterator[str]:
    options = [value for value, _ in choice.options]
    named = [effect.option for effect in choice.effects]
    if len(set(named)) != len(named) or not set(named) <= set(options):
        yield f"the effects of {choice.id!r} name an option twice, or one that is not there"
    for effect in choice.effects:
        place = f"{choice.id!r} = {effect.option!r}"
        unknown = sorted(set(_names(effect)) - set(fields))
        yield from (f"{place} has an effect on unknown {name!r}" for name in unknown)
        yield from (
            f"{place} lacks words in {', '.join(languages_missing(text))}"
            for text in _texts(effect)
            if languages_missing(text)
        )
        yield from _values(place, effect, fields)
        yield from _patterns(place, effect)


def _names(effect: Effect) -> Iterator[str]:
    yield from effect.starts
    yield from effect.notes
    yield from effect.overruled
    yield from (one.field for one in effect.forbids)
    yield from (one.field for one in effect.patterns)


def _texts(effect: Effect) -> Iterator[Words]:
    if effect.refused:
        yield effect.refused
    yield from (one.reason for one in effect.forbids)
    yield from (one.reason for one in effect.patterns)
    yield from (text for texts in effect.notes.values() for text in texts)


def _values(place: str, effect: Effect, fields: Mapping[str, Field]) -> Iterator[str]:
    pairs = [*effect.starts.items(), *((one.field, one.value) for one in effect.forbids)]
    for name, value in pairs:
        one = fields.get(name)
        if isinstance(one, Secret):
            yield f"{place} gives the secret {name!r} a value"
        elif one is not None and not _is_value(one, value):
            yield f"{place} speaks of {name!r} = {value!r}, which it never is"
    for name, value in effect.starts.items():
        if effect.reason_against(name, value):
            yield f"{place} starts {name!r} with {value!r} and refuses it"


def _is_value(one: Field, value: str) -> bool:
    try:
        return one.clean(value) == value
    except FieldError:
        return False


def _patterns(place: str, effect: Effect) -> Iterator[str]:
    for one in effect.patterns:
        try:
            re.compile(one.pattern)
        except re.error:
            yield f"{place} has a pattern for {one.field!r} that is none: {one.pattern!r}"

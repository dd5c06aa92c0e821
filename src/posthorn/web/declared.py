"""Turns declared settings into the rows of a form, and what was posted back into settings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from posthorn.connections.texts import sentence
from posthorn.sdk.effects import SENDER
from posthorn.sdk.fields import (
    OFF,
    ON,
    Choice,
    Email,
    Flag,
    Number,
    RemoteChoice,
    Secret,
    doubts,
    effects_of,
    shown,
    started,
)
from posthorn.sdk.relay import RELAY_FIELDS
from posthorn.web.form_rows import PREFIX, Group, Look, Option, Row
from posthorn.web.offers import options_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from posthorn.sdk.effects import Effect
    from posthorn.sdk.fields import Field
    from posthorn.sdk.languages import Words
    from posthorn.web.offers import Offer

_FEW = 3
_RELAY_IDS = frozenset(one.id for one in RELAY_FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a form starts from: typed or stored values, the firm's for a client, and what is wrong.

    `kept` are fields with a stored secret; `offers` the lists a package itself gave, per field;
    `codes` maps a field to the code of its error, `reasons` to its words where a choice forbids it.
    `effects` are those of what the firm chose; `sender` is where our mail comes from.
    """

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    starts: Mapping[str, str] = field(default_factory=dict)
    kept: Collection[str] = ()
    offers: Mapping[str, Offer] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, Words] = field(default_factory=dict)
    effects: Sequence[Effect] = ()
    sender: str = ""


def settings_from(fields: Sequence[Field], posted: Mapping[str, str]) -> dict[str, str]:
    """Read the settings of a posted form; a toggle that was not posted is off."""
    return {one.id: _posted(one, posted) for one in fields}


def _posted(one: Field, posted: Mapping[str, str]) -> str:
    value = posted.get(PREFIX + one.id, "")
    return (ON if value == ON else OFF) if isinstance(one, Flag) else value


def filled_in(fields: Sequence[Field], values: Mapping[str, str]) -> dict[str, str]:
    """Give the values with what the chosen options know; what another option knew is undone."""
    filled = dict(values)
    for one in fields:
        if isinstance(one, Choice):
            touched = {name for effect in one.effects for name in effect.starts}
            chosen = [each for each in effects_of([one], values) if each in one.effects]
            for each in fields:
                if each.id in touched:
                    filled[each.id] = started(each, {}, chosen)
    return filled


def groups_of(fields: Sequence[Field], given: Given, language: str) -> tuple[Group, ...]:
    """Give the rows of a form in the language of the page, those of the mail server apart."""
    given = _with_own_effects(fields, given)
    own = tuple(_row(one, given, language) for one in fields if one.id not in _RELAY_IDS)
    relay = tuple(_row(one, given, language) for one in fields if one.id in _RELAY_IDS)
    groups = [Group(heading="", rows=own, is_open=True)] if own else []
    if relay:
        note = next((option.label for option in relay[0].options if option.is_chosen), "")
        heading, is_open = RELAY_FIELDS[0].label[language], _is_needed(fields, given)
        groups.append(Group(heading=heading, rows=relay, is_open=is_open, note=note))
    return tuple(groups)


def row_of(fields: Sequence[Field], name: str, given: Given, language: str) -> Row:
    """Give the row of one field, as it stands in the whole form."""
    one = next(each for each in fields if each.id == name)
    return _row(one, _with_own_effects(fields, given), language)


def facts_of(fields: Sequence[Field], given: Given, language: str) -> list[tuple[str, str]]:
    """Give label and value of what counts with these settings, for reading; no secret's value."""
    given = _with_own_effects(fields, given)
    values = {one.id: _value(one, given) for one in fields}
    return [(one.label[language], _fact(one, given, language)) for one in shown(fields, values)]


def _fact(one: Field, given: Given, language: str) -> str:
    if isinstance(one, Secret):
        return gettext("Saved") if one.id in given.kept else ""
    value = _value(one, given)
    if isinstance(one, Flag):
        return gettext("On") if value == ON else gettext("Off")
    chosen = [option.label for option in _options(one, value, given, language) if option.is_chosen]
    return chosen[0] if chosen else value


def unplaced(fields: Sequence[Field], given: Given, language: str) -> list[str]:
    """Give what is wrong with something that has no field in the form."""
    known = {one.id for one in fields}
    return [sentence(code, language) for name, code in given.codes.items() if name not in known]


def _is_needed(fields: Sequence[Field], given: Given) -> bool:
    relay = [one for one in fields if one.id in _RELAY_IDS]
    changed = any(_value(one, given) != one.default for one in relay)
    return changed or any(one.id in given.codes for one in relay)


def _value(one: Field, given: Given) -> str:
    if one.id in given.values:
        return given.values[one.id]
    return started(one, given.starts, given.effects)


def _with_own_effects(fields: Sequence[Field], given: Given) -> Given:
    return replace(given, effects=(*given.effects, *effects_of(fields, given.values)))


def _doubt(one: Field, value: str, given: Given, language: str) -> str:
    offer = given.offers.get(one.id)
    if offer and offer.misses(value):
        return offer.warning(value)
    found = doubts([replace(one, shown_when=None)], {one.id: value}, given.effects)
    return found[one.id][language] if one.id in found else ""


def _error(one: Field, given: Given, language: str) -> str:
    if one.id in given.reasons:
        return given.reasons[one.id][language]
    code = given.codes.get(one.id, "")
    return sentence(code, language) if code else ""


def _help(one: Field, given: Given, language: str) -> str:
    is_overruled = any(one.id in each.overruled for each in given.effects)
    return "" if is_overruled else one.help.get(language, "")


def _notes(one: Field, given: Given, language: str) -> tuple[str, ...]:
    """Give what the chosen options say of a field, our From address filled in."""
    texts = [text[language] for each in given.effects for text in each.notes.get(one.id, ())]
    known = [text for text in texts if given.sender or SENDER not in text]
    return tuple(text.replace(SENDER, given.sender) for text in known)


def _row(one: Field, given: Given, language: str) -> Row:
    value = _value(one, given)
    options = tuple(_options(one, value, given, language))
    offer = given.offers.get(one.id)
    return Row(
        id=one.id,
        look=_look(one, options),
        label=one.label[language],
        help=_help(one, given, language),
        value="" if isinstance(one, Secret) else value,
        error=_error(one, given, language),
        is_required=one.required,
        is_saved=isinstance(one, Secret) and one.id in given.kept,
        shown_when=f"{PREFIX}{one.shown_when[0]}={one.shown_when[1]}" if one.shown_when else "",
        options=options,
        input_type=_input_type(one),
        max_chars=one.max_chars,
        notes=_notes(one, given, language),
        doubt=_doubt(one, value, given, language),
        refills=isinstance(one, Choice) and any(each.starts for each in one.effects),
        offer=offer,
    )


def _options(one: Field, value: str, given: Given, language: str) -> Iterator[Option]:
    if isinstance(one, Choice):
        for each, label in one.options:
            told = label[language] + _inherited(one, each, given, language)
            yield Option(value=each, label=told, is_chosen=each == value)
    elif isinstance(one, RemoteChoice) and one.id in given.offers:
        for each, text in options_of(one, given.offers[one.id], value):
            yield Option(value=each, label=text, is_chosen=each == value)


def _inherited(one: Choice, option: str, given: Given, language: str) -> str:
    """Give what an option that means the firm's choice comes to now, such as ` (off)`."""
    if not one.inherits or option != one.default:
        return ""
    counts = given.starts.get(one.inherits, "") or OFF
    found = next((label[language] for each, label in one.options if each == counts), "")
    return f" ({found.lower()})" if found else ""


def _look(one: Field, options: Sequence[Option]) -> Look:
    if isinstance(one, Secret):
        return Look.HIDDEN
    if isinstance(one, Flag):
        return Look.TOGGLE
    if isinstance(one, Choice) and len(options) <= _FEW:
        return Look.CARDS
    return Look.SELECT if options else Look.LINE


def _input_type(one: Field) -> str:
    if isinstance(one, Secret):
        return "password"
    return {Email: "email", Number: "number"}.get(type(one), "text")

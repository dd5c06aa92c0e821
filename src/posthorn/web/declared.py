"""Turns declared settings into the rows of a form, and what was posted back into settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from posthorn.connections.texts import sentence
from posthorn.sdk.fields import (
    OFF,
    ON,
    Choice,
    Email,
    Flag,
    Number,
    RemoteChoice,
    Secret,
    shown,
)
from posthorn.sdk.relay import RELAY_FIELDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from posthorn.sdk.fields import Field

# A connector may call a setting `name`; a form of ours has such a field too.
PREFIX = "set-"
_FEW = 3
_RELAY_IDS = frozenset(one.id for one in RELAY_FIELDS)


class Look(StrEnum):
    """How a field is drawn."""

    LINE = "line"
    HIDDEN = "hidden"
    TOGGLE = "toggle"
    CARDS = "cards"
    SELECT = "select"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the values to choose from."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field as a page shows it; `value` is never a secret's."""

    id: str
    look: Look
    label: str
    help: str
    value: str
    error: str
    is_required: bool
    is_saved: bool
    shown_when: str
    options: tuple[Option, ...]
    input_type: str
    max_chars: int

    @property
    def name(self) -> str:
        """The name under which it is posted."""
        return PREFIX + self.id

    @property
    def is_toggle(self) -> bool:
        """Tell a switch from everything else."""
        return self.look is Look.TOGGLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that stand together; one with a heading is folded until it is needed."""

    heading: str
    rows: tuple[Row, ...]
    is_open: bool
    note: str = ""  # what is chosen in it, to be read while it is folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a form starts from: typed or stored values, the firm's for a client, and what is wrong.

    `kept` are fields with a stored secret; `choices` the options a package itself gave, per field;
    `codes` maps a field to the code of its error.
    """

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    starts: Mapping[str, str] = field(default_factory=dict)
    kept: Collection[str] = ()
    choices: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)


def settings_from(fields: Sequence[Field], posted: Mapping[str, str]) -> dict[str, str]:
    """Read the settings of a posted form; a toggle that was not posted is off."""
    return {one.id: _posted(one, posted) for one in fields}


def _posted(one: Field, posted: Mapping[str, str]) -> str:
    value = posted.get(PREFIX + one.id, "")
    return (ON if value == ON else OFF) if isinstance(one, Flag) else value


def groups_of(fields: Sequence[Field], given: Given, language: str) -> tuple[Group, ...]:
    """Give the rows of a form in the language of the page, those of the mail server apart."""
    own = tuple(_row(one, given, language) for one in fields if one.id not in _RELAY_IDS)
    relay = tuple(_row(one, given, language) for one in fields if one.id in _RELAY_IDS)
    groups = [Group(heading="", rows=own, is_open=True)] if own else []
    if relay:
        note = next((option.label for option in relay[0].options if option.is_chosen), "")
        heading, is_open = RELAY_FIELDS[0].label[language], _is_needed(fields, given)
        groups.append(Group(heading=heading, rows=relay, is_open=is_open, note=note))
    return tuple(groups)


def facts_of(fields: Sequence[Field], given: Given, language: str) -> list[tuple[str, str]]:
    """Give label and value of what counts with these settings, for reading; no secret's value."""
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
    return given.starts.get(one.default_from, "") or one.default


def _row(one: Field, given: Given, language: str) -> Row:
    value = _value(one, given)
    options = tuple(_options(one, value, given, language))
    code = given.codes.get(one.id, "")
    return Row(
        id=one.id,
        look=_look(one, options),
        label=one.label[language],
        help=one.help.get(language, ""),
        value="" if isinstance(one, Secret) else value,
        error=sentence(code, language) if code else "",
        is_required=one.required,
        is_saved=isinstance(one, Secret) and one.id in given.kept,
        shown_when=f"{PREFIX}{one.shown_when[0]}={one.shown_when[1]}" if one.shown_when else "",
        options=options,
        input_type=_input_type(one),
        max_chars=one.max_chars,
    )


def _options(one: Field, value: str, given: Given, language: str) -> Iterator[Option]:
    if isinstance(one, Choice):
        for each, label in one.options:
            yield Option(value=each, label=label[language], is_chosen=each == value)
    elif isinstance(one, RemoteChoice) and given.choices.get(one.id):
        listed = list(given.choices[one.id])
        if value not in {each for each, _ in listed}:
            listed.insert(0, (value, value))  # what is stored stays, though the list lost it
        for each, text in listed:
            yield Option(value=each, label=text, is_chosen=each == value)


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

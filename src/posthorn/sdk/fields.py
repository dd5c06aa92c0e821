"""Settings a connector asks for: declared once, rendered as screen, API and command line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from posthorn.sdk.addresses import AddressError, clean_address
from posthorn.sdk.effects import Effect
from posthorn.sdk.kinds import Kind
from posthorn.sdk.languages import Words

ON = "on"
OFF = "off"

# C0, DEL, C1 (0x85 is a line end to some parsers) and the two Unicode line ends.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


class FieldError(ValueError):
    """Show the reason beside the field, else the sentence of `code` (in field_errors.toml)."""

    def __init__(self, code: str, reason: Words | None = None) -> None:
        self.code = code
        self.reason = reason
        super().__init__(code)


class FieldErrors(ValueError):  # noqa: N818  several errors at once, one per field
    """Mark every named field; `codes` maps field id to the code of its error.

    `reasons` holds the words of those that another choice forbids.
    """

    def __init__(
        self, codes: Mapping[str, str], reasons: Mapping[str, Words] | None = None
    ) -> None:
        self.codes = dict(codes)
        self.reasons = dict(reasons or {})
        super().__init__(", ".join(f"{name}: {code}" for name, code in self.codes.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What every setting has. Values are text; an empty one counts as not given."""

    id: str
    label: Words
    help: Words = field(default_factory=dict)
    required: bool = False
    default: str = ""
    default_from: str = ""  # id of the firm setting whose value a client starts with
    shown_when: tuple[str, str] | None = None  # an earlier field's id and its value
    when_hidden: str = ""  # id of the field whose value counts while this one is hidden
    destination_of: Kind | None = None  # documents of this kind go to this field's value
    is_for_credit_notes: bool = False  # a destination of credit notes alone, where it is filled in
    sensitive: bool = False  # says where documents go: a change of it may need a second person
    max_chars: int = 200

    @property
    def is_guarded(self) -> bool:
        """Tell whether this says where documents go, so that a wrong value sends them astray."""
        return self.sensitive or self.destination_of is not None

    def clean(self, value: str) -> str:
        """Return the value to keep. Raises FieldError."""
        if _CONTROL.search(value):
            raise FieldError("control_characters")
        if len(value) > self.max_chars:
            raise FieldError("too_long")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Field):
    """One line of text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret(Field):
    """Something kept encrypted and never shown again; spaces are part of it."""

    max_chars: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Email(Field):
    """One e-mail address; upper and lower case before the @ are kept as typed."""

    max_chars: int = 320

    def clean(self, value: str) -> str:
        """Return the address, its domain in ASCII. Raises FieldError."""
        try:
            return clean_address(Field.clean(self, value))
        except AddressError as error:
            raise FieldError(error.code) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Field):
    """A whole number between two bounds, both included."""

    minimum: int = 0
    maximum: int = 2**31 - 1

    def clean(self, value: str) -> str:
        """Return the number without leading zeros. Raises FieldError."""
        if not _WHOLE_NUMBER.fullmatch(value):
            raise FieldError("not_a_number")
        number = int(value)
        if not self.minimum <= number <= self.maximum:
            raise FieldError("out_of_range")
        return str(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Field):
    """A toggle: on or off."""

    default: str = OFF

    def clean(self, value: str) -> str:
        """Return on or off. Raises FieldError."""
        if value not in (ON, OFF):
            raise FieldError("not_a_flag")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Field):
    """One of a fixed list of values, each with its label; `effects` on other settings, if any.

    With `inherits` the default option means what the firm chose in that setting; a form says so.
    """

    options: tuple[tuple[str, Words], ...]
    effects: tuple[Effect, ...] = ()
    inherits: str = ""  # id of the firm's setting

    def clean(self, value: str) -> str:
        """Return the value when it is one of the options. Raises FieldError."""
        if value not in {option for option, _ in self.options}:
            raise FieldError("not_a_choice")
        for one in self.effects:
            if one.option == value and one.refused:
                raise FieldError("not_possible", one.refused)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteChoice(Field):
    """One of a list the package itself gives; asked again when a field it depends on changes."""

    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(Field):
    """What the package's screen shows and people copy; looked up there, its own key is kept.

    `Connector.matches` says what the typed text names; the confirmed match's `value` is what the
    connector finds in its settings, never the text. Unless `is_shared`, two clients of one firm
    cannot have the same value.
    """

    none_code: str  # of errors.toml: said when nothing matches
    depends_on: tuple[str, ...] = ()
    is_shared: bool = False


def shown(fields: Sequence[Field], values: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the fields a person sees with these values, in their order."""
    visible: dict[str, Field] = {}
    for one in fields:
        if one.shown_when is None:
            visible[one.id] = one
            continue
        name, wanted = one.shown_when
        if name in visible and (values.get(name) or visible[name].default) == wanted:
            visible[one.id] = one
    return tuple(visible.values())


def effects_of(fields: Sequence[Field], values: Mapping[str, str]) -> tuple[Effect, ...]:
    """Return what the options chosen with these values mean for other settings."""
    return tuple(
        effect
        for one in fields
        if isinstance(one, Choice)
        for effect in one.effects
        if effect.option == (values.get(one.id) or one.default)
    )


def validate(
    fields: Sequence[Field],
    values: Mapping[str, str],
    *,
    starts: Mapping[str, str] | None = None,
    effects: Sequence[Effect] = (),
) -> dict[str, str]:
    """Return the values to keep: shown fields only, defaults filled in, empty ones left out.

    `starts` holds the firm's settings, for fields that start with one of them; `effects` what the
    firm chose, beside what is chosen here. Raises FieldErrors naming every field that is wrong,
    required and missing, unknown, or forbidden by a choice.
    """
    known = {one.id for one in fields}
    errors = {name: FieldError("unknown_setting") for name in values if name not in known}
    active = (*effects, *effects_of(fields, values))
    filled = {one.id: _given_or_start(one, values, starts or {}, active) for one in fields}
    cleaned: dict[str, str] = {}
    for one in shown(fields, filled):
        try:
            value = _cleaned(one, filled[one.id], active)
        except FieldError as error:
            errors[one.id] = error
            continue
        if value:
            cleaned[one.id] = value
    if errors:
        raise FieldErrors(
            {name: error.code for name, error in errors.items()},
            {name: error.reason for name, error in errors.items() if error.reason},
        )
    return cleaned


def started(one: Field, starts: Mapping[str, str], effects: Sequence[Effect]) -> str:
    """Return what a field holds when nothing was given: the firm's, a choice's, or its default."""
    known = next((each.starts[one.id] for each in effects if one.id in each.starts), "")
    return starts.get(one.default_from, "") or known or one.default


def doubts(
    fields: Sequence[Field], values: Mapping[str, str], effects: Sequence[Effect]
) -> dict[str, Words]:
    """Return field id → why its value is probably not meant, for values that may be kept."""
    found: dict[str, Words] = {}
    for one in shown(fields, values):
        for effect in effects:
            reason = effect.doubt_about(one.id, values.get(one.id, ""))
            if reason:
                found[one.id] = reason
    return found


def _given_or_start(
    one: Field, values: Mapping[str, str], starts: Mapping[str, str], effects: Sequence[Effect]
) -> str:
    given = values.get(one.id, "")
    if not isinstance(one, Secret):
        given = given.strip(" \t")
    return given or started(one, starts, effects)


def _cleaned(one: Field, value: str, effects: Sequence[Effect]) -> str:
    if not value:
        if one.required:
            raise FieldError("required")
        return ""
    cleaned = one.clean(value)
    for effect in effects:
        reason = effect.reason_against(one.id, cleaned)
        if reason:
            raise FieldError("not_with_this_choice", reason)
    return cleaned

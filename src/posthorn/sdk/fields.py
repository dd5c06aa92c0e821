"""Settings a connector asks for: declared once, rendered as screen, API and command line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from posthorn.sdk.addresses import AddressError, clean_address
from posthorn.sdk.kinds import Kind
from posthorn.sdk.languages import Words

ON = "on"
OFF = "off"

# C0, DEL, C1 (0x85 is a line end to some parsers) and the two Unicode line ends.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


class FieldError(ValueError):
    """Show the sentence of `code` (in field_errors.toml) beside the field."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class FieldErrors(ValueError):  # noqa: N818  several errors at once, one per field
    """Mark every named field; `codes` maps field id to the code of its error."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        self.codes = dict(codes)
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
    max_chars: int = 200

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
    """One of a fixed list of values, each with its label."""

    options: tuple[tuple[str, Words], ...]

    def clean(self, value: str) -> str:
        """Return the value when it is one of the options. Raises FieldError."""
        if value not in {option for option, _ in self.options}:
            raise FieldError("not_a_choice")
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


def validate(
    fields: Sequence[Field], values: Mapping[str, str], *, starts: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the values to keep: shown fields only, defaults filled in, empty ones left out.

    `starts` holds the firm's settings, for fields that start with one of them. Raises FieldErrors
    naming every field that is wrong, required and missing, or unknown.
    """
    known = {one.id for one in fields}
    errors = {name: "unknown_setting" for name in values if name not in known}
    filled = {one.id: _given_or_start(one, values, starts or {}) for one in fields}
    cleaned: dict[str, str] = {}
    for one in shown(fields, filled):
        try:
            value = _cleaned(one, filled[one.id])
        except FieldError as error:
            errors[one.id] = error.code
            continue
        if value:
            cleaned[one.id] = value
    if errors:
        raise FieldErrors(errors)
    return cleaned


def _given_or_start(one: Field, values: Mapping[str, str], starts: Mapping[str, str]) -> str:
    given = values.get(one.id, "")
    if not isinstance(one, Secret):
        given = given.strip(" \t")
    return given or starts.get(one.default_from, "") or one.default


def _cleaned(one: Field, value: str) -> str:
    if value:
        return one.clean(value)
    if one.required:
        raise FieldError("required")
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where documents of a kind go: the field that says so, and its value (empty: not given)."""

    field: str
    value: str


def destination(
    fields: Sequence[Field], settings: Mapping[str, str], kind: Kind
) -> Destination | None:
    """Return where a kind goes with these settings; None when no field of the connector says so."""
    by_id = {one.id: one for one in fields}
    visible = {one.id for one in shown(fields, settings)}
    for one in fields:
        if one.destination_of is kind:
            counts = one
            while counts.id not in visible and counts.when_hidden in by_id:
                counts = by_id[counts.when_hidden]
            value = settings.get(counts.id, "") if counts.id in visible else ""
            return Destination(field=counts.id, value=value)
    return None

"""Writes an examination as JSON and reads it back: all that a reading process may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from posthorn.archive.examined import Examined

_MAX_TEXT = 4_000  # characters of any one text: longer ones are no number, name or date


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a document cannot be read: a code, what to do, and what was seen in the file."""

    code: str
    advice: str
    detail: str


class WireError(ValueError):
    """Count it against the document: its reading process said what no reader says."""


def packed(examined: Examined) -> dict[str, Any]:
    """Give what was examined as JSON values."""
    plain: dict[str, Any] = _plain(asdict(examined))
    return plain


def _plain(value: object) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, (date, Decimal)):
        return str(value)
    return value[:_MAX_TEXT] if isinstance(value, str) else value


def unpacked(values: object) -> Examined:
    """Read what was examined from JSON values; raises WireError for anything else."""
    try:
        examined: Examined = _built(Examined, values)
    except (TypeError, ValueError, ArithmeticError, KeyError) as error:
        raise WireError(str(error)) from error
    return examined


def _built(kind: Any, values: object) -> Any:  # noqa: ANN401  # one of the dataclasses
    if not isinstance(values, Mapping):
        raise TypeError(kind)
    hints = _hints(kind)
    return kind(**{name: _value(hints[name], value) for name, value in values.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:  # noqa: ANN401  # one of the dataclasses
    return get_type_hints(kind)


def _value(hint: Any, value: object) -> object:  # noqa: ANN401  # a type
    if get_origin(hint) is Mapping:
        return _texts(value)
    choices = [choice for choice in get_args(hint) if choice is not type(None)] or [hint]
    if value is None:
        return None
    kind = choices[0]
    if isinstance(value, list):
        return tuple(_value(kind, each) for each in value)
    return _built(kind, value) if is_dataclass(kind) else _scalar(kind, value)


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return {str(name): str(text) for name, text in value.items()}


def _scalar(kind: Any, value: object) -> object:  # noqa: ANN401  # a type
    if kind in {bool, int}:
        if not isinstance(value, kind):
            raise TypeError(kind)
        return value
    if not isinstance(value, str):
        raise TypeError(kind)
    if issubclass(kind, StrEnum):
        return kind(value)
    if kind is date:
        return date.fromisoformat(value)
    return Decimal(value) if kind is Decimal else value

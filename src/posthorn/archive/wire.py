"""Writes facts as JSON and reads them back: what a reading process may say, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from posthorn.documents.model import Facts, Party, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a document cannot be read: a code, what to do, and what was seen in the file."""

    code: str
    advice: str
    detail: str


class WireError(ValueError):
    """Count it against the document: its reading process said what no reader says."""


def packed(facts: Facts) -> dict[str, Any]:
    """Give facts as JSON values."""
    plain: dict[str, Any] = _plain(asdict(facts))
    return plain


def _plain(value: object) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, (date, Decimal)):
        return str(value)
    return value


def unpacked(values: object) -> Facts:
    """Read facts from JSON values; raises WireError for anything that is none."""
    try:
        facts: Facts = _built(Facts, values)
    except (TypeError, ValueError, ArithmeticError, KeyError) as error:
        raise WireError(str(error)) from error
    return facts


def _built(kind: Any, values: object) -> Any:  # noqa: ANN401  # one of the three dataclasses
    if not isinstance(values, Mapping):
        raise TypeError(kind)
    hints = get_type_hints(kind)
    return kind(**{name: _value(hints[name], value) for name, value in values.items()})


def _value(hint: Any, value: object) -> object:  # noqa: ANN401  # a type
    choices = [choice for choice in get_args(hint) if choice is not type(None)] or [hint]
    if value is None:
        return None
    kind = choices[0]
    if isinstance(value, list):
        return tuple(_value(kind, each) for each in value)
    if kind in {Party, Statement}:
        return _built(kind, value)
    if not isinstance(value, str):
        raise TypeError(hint)
    return _text(kind, value)


def _text(kind: Any, value: str) -> object:  # noqa: ANN401  # a type
    if issubclass(kind, StrEnum):
        return kind(value)
    if kind is date:
        return date.fromisoformat(value)
    return Decimal(value) if kind is Decimal else value

"""What a bookkeeper reads when a code comes up: sentence and advice, from a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from posthorn.sdk.languages import Words, languages_missing

ERRORS_FILE = "errors.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorText:
    """One code explained: what happened, and what to do, per language."""

    sentence: Words
    advice: Words


class TextsError(ValueError):
    """Complete the TOML file: the message names the code and what it lacks."""


def read_error_texts(source: str) -> Mapping[str, ErrorText]:
    """Return code → text from TOML. Raises TextsError when a code lacks a language."""
    try:
        tables = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise TextsError(str(error)) from error
    return MappingProxyType({code: _error_text(code, table) for code, table in tables.items()})


def error_texts(package: str, file_name: str = ERRORS_FILE) -> Mapping[str, ErrorText]:
    """Return the texts in a package's file. Raises TextsError when it is absent or incomplete."""
    file = resources.files(package).joinpath(file_name)
    if not file.is_file():
        msg = f"{package} has no {file_name}"
        raise TextsError(msg)
    return read_error_texts(file.read_text("utf-8"))


def _error_text(code: str, table: object) -> ErrorText:
    return ErrorText(sentence=_words(code, table, "sentence"), advice=_words(code, table, "advice"))


def _words(code: str, table: object, part: str) -> Words:
    found = table.get(part) if isinstance(table, dict) else None
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        msg = f"[{code}] needs a table {part!r} of language = text"
        raise TextsError(msg)
    missing = languages_missing(found)
    if missing:
        msg = f"[{code}.{part}] lacks {', '.join(missing)}"
        raise TextsError(msg)
    return MappingProxyType(found)

"""Reads facts from a TOML table, each with its sources and how sure it is; refuses what is odd."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class PresetError(ValueError):
    """Correct the file: the message names it and what is wrong."""


class Confidence(StrEnum):
    """How sure a fact is."""

    HIGH = "H"  # the package's own page
    MEDIUM = "M"  # the page of a vendor that delivers to it
    LOW = "L"  # thin, or contradicted
    OWN = "own"  # our careful choice where nobody says anything; `why` gives the reason

    @property
    def is_certain(self) -> bool:
        """Tell whether a value against this fact is refused, and not only doubted."""
        return self in {Confidence.HIGH, Confidence.OWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a fact comes from."""

    confidence: Confidence
    by: tuple[str, ...] = ()  # keys of the preset's sources
    why: str = ""


class Facts:
    """The facts of one preset; each is asked for once, and what is left over is a mistake."""

    def __init__(self, table: Mapping[str, object], sources: Collection[str]) -> None:
        self._left = dict(table)
        self._sources = sources
        self._evidence: dict[str, Evidence] = {}

    def flag(self, name: str) -> bool | None:
        """Return a yes or no, None where it is not known."""
        found = self._take(name)
        if found is None or isinstance(found, bool):
            return found
        raise PresetError(f"{name} is neither true nor false")

    def number(self, name: str) -> int | None:
        """Return a whole number above 0, None where it is not known."""
        found = self._take(name)
        if found is None or (type(found) is int and found > 0):
            return found  # a bool is no number here
        raise PresetError(f"{name} is no whole number above 0")

    def word(self, name: str, allowed: Collection[str]) -> str | None:
        """Return one of the allowed words, None where it is not known."""
        found = self._take(name)
        if found is None:
            return None
        return _word(name, found, allowed)

    def words(
        self, name: str, allowed: Collection[str] | re.Pattern[str]
    ) -> tuple[str, ...] | None:
        """Return a list of allowed words, which may be empty; None where it is not known."""
        found = self._take(name)
        if found is None:
            return None
        if not isinstance(found, list) or len(set(map(str, found))) != len(found):
            raise PresetError(f"{name} is no list, or says something twice")
        return tuple(_word(name, each, allowed) for each in found)

    def texts(self, name: str, keys: Collection[str]) -> Mapping[str, str]:
        """Return a table of single facts, each a text; a key that is missing is not known."""
        table = self._left.pop(name, {})
        if not isinstance(table, dict) or not set(table) <= set(keys):
            raise PresetError(f"{name} is no table of {', '.join(keys)}")
        found = {key: self._read(f"{name}.{key}", fact) for key, fact in table.items()}
        for key, value in found.items():
            if not isinstance(value, str) or not value.isascii() or not value.isprintable():
                raise PresetError(f"{name}.{key} is no plain text")
        return MappingProxyType({key: str(value) for key, value in found.items()})

    def finish(self) -> Mapping[str, Evidence]:
        """Return where each fact comes from. Raises PresetError for one that nobody knows."""
        if self._left:
            raise PresetError(f"unknown: {', '.join(sorted(self._left))}")
        used = {key for one in self._evidence.values() for key in one.by}
        if set(self._sources) != used:
            raise PresetError(f"sources nobody names: {sorted(set(self._sources) - used)}")
        return MappingProxyType(self._evidence)

    def _take(self, name: str) -> object:
        return self._read(name, self._left.pop(name)) if name in self._left else None

    def _read(self, name: str, fact: object) -> object:
        if not isinstance(fact, dict) or not {"is", "confidence"} <= set(fact):
            raise PresetError(f"{name} is no table with `is` and `confidence`")
        if not set(fact) <= {"is", "confidence", "by", "why"}:
            raise PresetError(f"{name} says more than is, by, why and confidence")
        self._evidence[name] = _evidence(name, fact, self._sources)
        return fact["is"]


def _evidence(name: str, fact: Mapping[str, object], sources: Collection[str]) -> Evidence:
    by, why = fact.get("by", []), fact.get("why", "")
    if not isinstance(by, list) or not set(map(str, by)) <= set(sources):
        raise PresetError(f"{name} names a source that is not there")
    confidence = Confidence(_word(name, fact["confidence"], set(Confidence)))
    if not isinstance(why, str) or bool(why) != (confidence is Confidence.OWN):
        raise PresetError(f"{name} needs `why` when it is our own choice, and only then")
    if not by and not why:
        raise PresetError(f"{name} has no source")
    return Evidence(confidence=confidence, by=tuple(map(str, by)), why=why)


def _word(name: str, found: object, allowed: Collection[str] | re.Pattern[str]) -> str:
    is_allowed = isinstance(found, str) and (
        bool(allowed.fullmatch(found)) if isinstance(allowed, re.Pattern) else found in allowed
    )
    if not is_allowed:
        raise PresetError(f"{name} cannot be {found!r}")
    return str(found)

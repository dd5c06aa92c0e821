"""The rules in force on a day, arranged for speed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules
from typing import Any, TypeAlias

from posthorn.documents.checks.rules import EN16931, PEPPOL, Family, Rule, Select, Test

Plan: TypeAlias = tuple[tuple[Select, tuple[tuple[Test, Rule], ...]], ...]
_FAMILIES = {"en16931": EN16931, "peppol": PEPPOL}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules of one release, grouped by the elements they are asked of."""

    id: str
    valid_from: date
    rules: tuple[Rule, ...]
    plan: Plan


def in_force(on: date | None = None) -> RuleSet:
    """Return the rules in force on a day; the newest without a day, the oldest before all."""
    known = _known()
    for ruleset in reversed(known):
        if on is None or ruleset.valid_from <= on:
            return ruleset
    return known[0]


@cache
def _known() -> tuple[RuleSet, ...]:
    _load()
    text = files(__package__).joinpath("rulesets.toml").read_text("utf-8")
    tables = sorted(tomllib.loads(text)["ruleset"], key=lambda table: table["valid_from"])
    return tuple(_built(table) for table in tables)


def _load() -> None:
    """Import the modules of rules, each of which adds its own to its family."""
    for family in _FAMILIES:
        package = import_module(f"{__package__}.{family}")
        for module in iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")


def _built(table: dict[str, Any]) -> RuleSet:
    rules = tuple(
        rule
        for name, family in _FAMILIES.items()
        for rule in _of_release(family, tuple(table[name]))
    )
    return RuleSet(
        id=table["id"], valid_from=table["valid_from"], rules=rules, plan=_planned(rules)
    )


def _of_release(family: Family, release: tuple[int, ...]) -> Iterable[Rule]:
    return (rule for rule in family.rules if rule.release.since <= release < rule.release.until)


def _planned(rules: Iterable[Rule]) -> Plan:
    by_select: dict[Select, list[tuple[Test, Rule]]] = {}
    for rule in rules:
        by_select.setdefault(rule.select, []).append((rule.test, rule))
    return tuple((select, tuple(group)) for select, group in by_select.items())

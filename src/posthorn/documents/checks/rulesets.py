"""The rules in force on a day, arranged for speed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, TypeAlias, TypedDict

from posthorn.documents.checks.rules import (
    EN16931,
    PEPPOL,
    AskedRule,
    Family,
    Rule,
    Sweep,
    Test,
)
from posthorn.documents.checks.selects import Index, Narrow, Select

Asked: TypeAlias = tuple[tuple[Test, AskedRule], ...]
# For each index, by key, what is narrowed down how and then asked what.
Plan: TypeAlias = tuple[tuple[Index, Mapping[str, Sequence[tuple[Narrow | None, Asked]]]], ...]
_FAMILIES = {"en16931": EN16931, "peppol": PEPPOL}


class Arranged(TypedDict):
    """Rules, arranged for speed."""

    rules: tuple[Rule, ...]  # those of the sweeps among them
    plan: Plan  # those that are asked, by the elements they are asked of
    sweeps: tuple[Sweep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules of one release, grouped by the elements they are asked of, and the sweeps."""

    id: str
    valid_from: date
    rules: tuple[Rule, ...]
    plan: Plan
    sweeps: tuple[Sweep, ...]


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
    # Not importlib.resources, which takes 5 ms to load.
    text = Path(__file__).with_name("rulesets.toml").read_text("utf-8")
    tables = sorted(tomllib.loads(text)["ruleset"], key=lambda table: table["valid_from"])
    return tuple(_built(table) for table in tables)


def _load() -> None:
    """Import the modules of rules, each of which adds its own to its family."""
    for family in _FAMILIES:
        package = import_module(f"{__package__}.{family}")
        for module in iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")


def _built(table: dict[str, Any]) -> RuleSet:
    plan = arranged({family: tuple(table[name]) for name, family in _FAMILIES.items()})
    return RuleSet(id=table["id"], valid_from=table["valid_from"], **plan)


def arranged(releases: Mapping[Family, tuple[int, ...]]) -> Arranged:
    """Return the rules of these releases of their families, as a rule set has them."""
    asked: list[AskedRule] = []
    sweeps: list[Sweep] = []
    for family, release in releases.items():
        # By name: the order in which modules happened to be loaded must not show.
        rules = sorted(family.rules, key=lambda rule: rule.id)
        asked += (rule for rule in rules if _is_in(release, rule))
        by_name = sorted(family.sweeps, key=lambda sweep: sweep.name)
        sweeps += (_of_release(release, sweep) for sweep in by_name)
    swept = (rule for sweep in sweeps for rule in sweep.rules.values())
    return {"rules": (*asked, *swept), "plan": planned(asked), "sweeps": tuple(sweeps)}


def _is_in(release: tuple[int, ...], rule: Rule) -> bool:
    return rule.release.since <= release < rule.release.until


def _of_release(release: tuple[int, ...], sweep: Sweep) -> Sweep:
    rules = {name: rule for name, rule in sweep.rules.items() if _is_in(release, rule)}
    return Sweep(name=sweep.name, rules=rules, find=sweep.find)


def planned(rules: Iterable[AskedRule]) -> Plan:
    """Return the rules by index, key and selection."""
    by_select: dict[Select, list[tuple[Test, AskedRule]]] = {}
    for rule in rules:
        by_select.setdefault(rule.select, []).append((rule.test, rule))
    plan: dict[Index, dict[str, list[tuple[Narrow | None, Asked]]]] = {}
    for select, group in by_select.items():
        by_key = plan.setdefault(select.index, {})
        for key in select.keys:
            by_key.setdefault(key, []).append((select.narrow, tuple(group)))
    return tuple(plan.items())

"""Parts of documents on which a rule of Peppol holds, and on which it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from string import Formatter

from posthorn.documents.checks.check import outcomes
from posthorn.documents.checks.rules import PEPPOL
from posthorn.documents.checks.rulesets import RuleSet, arranged, in_force
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.sentences import catalogue
from tests.pure.documents.checks.en16931.parts import put, tree_of

__all__ = ["COUNTRY", "Row", "country", "failures", "found", "named", "put", "severities"]

COUNTRY = "cac:PostalAddress/cac:Country/cbc:IdentificationCode"


@dataclass(frozen=True, slots=True)
class Row:
    """A rule, a part on which it holds, one on which it does not, and the values it then quotes."""

    id: str
    good: str
    bad: str
    values: dict[str, str] = field(default_factory=dict)
    root: str = "Invoice"


@cache
def ruleset() -> RuleSet:
    """Return Peppol's rules alone."""
    newest = in_force()  # which brings the modules in
    return replace(newest, **arranged({PEPPOL: (3, 0, 21)}))


@cache
def severities() -> dict[str, Severity]:
    """Return how much each rule of the newest release weighs."""
    rules = [*ruleset().rules, *(rule for each in ruleset().sweeps for rule in each.rules.values())]
    return {rule.id: rule.severity for rule in rules}


def found(part: str, root: str = "Invoice") -> dict[str, list[tuple[str, dict[str, str]]]]:
    """Return by rule where a part of a document breaks it, and the values that are quoted."""
    tree = tree_of(part, root)
    all_found: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for element, finding in outcomes(ruleset(), Subject(tree)):
        place = (tree.path_of(element), dict(finding.values))
        all_found.setdefault(finding.id, []).append(place)
    return all_found


def failures(rows: tuple[Row, ...]) -> list[str]:
    """Return what is not as the rows say, in words; a table is one test, for speed."""
    return [f"{row.id} {n}: {words}" for n, row in enumerate(rows) for words in _failures(row)]


def _failures(row: Row) -> Iterator[str]:
    if row.id in found(row.good, row.root):
        yield f"breaks on {row.good}"
    broken = found(row.bad, row.root).get(row.id)
    if broken is None:
        yield f"holds on {row.bad}"
    elif broken[0][1] != row.values:
        yield f"quotes {broken[0][1]}, not {row.values}"
    for language, template in catalogue()[row.id].items():
        asked = {name for _, name, _, _ in Formatter().parse(template) if name}
        if not asked <= set(row.values):
            yield f"quotes nothing for {asked - set(row.values)} in {language}"


def named(rows: tuple[Row, ...]) -> set[str]:
    return {row.id for row in rows}


def country(of: str, code: str) -> str:
    """Write a party with its country and nothing else: of Supplier or Customer."""
    return put(f"cac:Accounting{of}Party/cac:Party/{COUNTRY}", code)

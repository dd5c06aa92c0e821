"""The smallest parts of invoices on which a rule holds or does not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TypeAlias

from posthorn.documents import xml
from posthorn.documents.checks.check import outcomes
from posthorn.documents.checks.rules import AskedRule
from posthorn.documents.checks.rulesets import RuleSet, in_force, planned
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Finding

_SPACE = "urn:oasis:names:specification:ubl:schema:xsd"
# The rule, a part on which it holds, and one on which it does not.
Row: TypeAlias = tuple[str, str, str]


@cache
def ruleset(rule: str) -> RuleSet:
    """Return one rule of EN 16931 alone, or the sweep that has it."""
    newest = in_force()  # which brings the modules in
    asked = [one for one in newest.rules if one.id == rule and isinstance(one, AskedRule)]
    return replace(
        newest,
        plan=planned(asked),
        sweeps=tuple(one for one in newest.sweeps if rule in one.rules),
    )


def put(path: str, content: str = "") -> str:
    """Write elements within each other: `cac:Party/cbc:ID@schemeID=0208`."""
    for step in reversed(path.split("/")):
        name, *attributes = step.split("@")
        said = "".join(' {}="{}"'.format(*one.split("=")) for one in attributes)
        content = f"<{name}{said}>{content}</{name}>"
    return content


def tree_of(part: str, root: str = "Invoice") -> xml.Tree:
    prefixes = (
        f'xmlns="{_SPACE}:{root}-2" xmlns:cac="{_SPACE}:CommonAggregateComponents-2" '
        f'xmlns:cbc="{_SPACE}:CommonBasicComponents-2" '
        f'xmlns:ext="{_SPACE}:CommonExtensionComponents-2"'
    )
    return xml.parse(f"<{root} {prefixes}>{part}</{root}>".encode())


def findings(rule: str, part: str, root: str = "Invoice") -> list[tuple[str, Finding]]:
    """Return where a rule of today finds something in a part of a document, and what."""
    tree = tree_of(part, root)
    broken = outcomes(ruleset(rule), Subject(tree))
    return [(tree.path_of(at), finding) for at, finding in broken if finding.id == rule]


def fires(rule: str, part: str, root: str = "Invoice") -> bool:
    """Tell whether a rule of today does not hold for a part of a document."""
    return bool(findings(rule, part, root))


def values(rule: str, part: str, root: str = "Invoice") -> list[tuple[str, dict[str, str]]]:
    """Return where a rule finds something in a part of a document, and the values it quotes."""
    return [(place, dict(finding.values)) for place, finding in findings(rule, part, root)]

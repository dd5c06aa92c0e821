"""Checks one file and tells all that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from posthorn.documents import xml
from posthorn.documents.checks import schema
from posthorn.documents.checks.rules import Broken, Rule
from posthorn.documents.checks.rulesets import RuleSet, in_force
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Finding, Severity
from posthorn.documents.xml import Element, Tree

INTERNAL = "POSTHORN-INTERNAL"


class Verdict(StrEnum):
    """How a check ends."""

    VALID = "valid"
    INVALID = "invalid"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a check found in a UBL document."""

    ruleset: str
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """Tell whether anything found is fatal."""
        is_fatal = any(finding.severity is Severity.FATAL for finding in self.findings)
        return Verdict.INVALID if is_fatal else Verdict.VALID


def check(tree: Tree, *, on: date | None = None) -> Report:
    """Check a UBL Invoice or CreditNote: schema first, then the rules in force on a day.

    Without a day the newest rules are asked. An error inside a rule is a finding of its own.
    """
    ruleset = in_force(on)
    broken = _ask(ruleset, Subject(tree))
    findings = [_finding(tree, rule, at, answer) for rule, at, answer in broken]
    return Report(ruleset=ruleset.id, findings=(*schema.findings(tree), *findings))


def _ask(
    ruleset: RuleSet, subject: Subject
) -> list[tuple[Rule, Element, Broken | Exception | None]]:
    # The hot path: a call for each rule and element, and nothing else.
    broken: list[tuple[Rule, Element, Broken | Exception | None]] = []
    for select, rules in ruleset.plan:
        for element in select(subject):
            for test, rule in rules:
                try:
                    answer = test(element, subject)
                except Exception as error:  # noqa: BLE001  # a rule's bug must not stop the others
                    broken.append((rule, element, error))
                    continue
                if not answer:
                    broken.append((rule, element, answer if isinstance(answer, Broken) else None))
    return broken


def _finding(
    tree: Tree, rule: Rule, element: Element, answer: Broken | Exception | None
) -> Finding:
    if isinstance(answer, Exception):
        values = {"rule": rule.id, "error": type(answer).__name__}
        return _placed(tree, element, Finding(id=INTERNAL, values=values))
    if answer is None:
        return _placed(tree, element, Finding(id=rule.id, severity=rule.severity))
    made = Finding(id=rule.id, severity=rule.severity, values=answer.values)
    return _placed(tree, answer.at or element, made)


def _placed(tree: Tree, element: Element, finding: Finding) -> Finding:
    return Finding(
        id=finding.id,
        severity=finding.severity,
        xpath=xml.path_of(element),
        line=tree.line_of(element),
        values=finding.values,
    )

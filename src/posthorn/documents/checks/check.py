"""Checks one file and tells all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Final, TypeAlias

from posthorn.documents.checks import schema
from posthorn.documents.checks.rules import Answer, Broken, Rule
from posthorn.documents.checks.rulesets import Asked, RuleSet, in_force
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Finding, Verdict, verdict_of
from posthorn.documents.xml import Element, Tree

INTERNAL: Final = "POSTHORN-INTERNAL"
Outcome: TypeAlias = tuple[Element, Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a check found in a UBL document."""

    ruleset: str
    findings: tuple[Finding, ...]  # of the schema, then of the rules: by line, then by rule

    @property
    def verdict(self) -> Verdict:
        """Tell whether anything found is fatal."""
        return verdict_of(self.findings)


def check(tree: Tree, *, on: date | None = None) -> Report:
    """Check a UBL Invoice or CreditNote: schema first, then the rules in force on a day.

    Without a day the newest rules are asked. An error inside a rule is a finding of its own.
    """
    ruleset = in_force(on)
    broken = outcomes(ruleset, Subject(tree))
    findings = [_placed(tree, element, finding) for element, finding in broken]
    findings.sort(key=lambda each: (each.line or 0, each.id))
    return Report(ruleset=ruleset.id, findings=(*schema.findings(tree), *findings))


def outcomes(ruleset: RuleSet, subject: Subject) -> list[Outcome]:
    """Return what does not hold and where, its place in the file not yet worked out."""
    made: list[Outcome] = []
    for index, by_key in ruleset.plan:
        try:
            known = index(subject)
        except Exception as error:  # noqa: BLE001  # must not stop the other rules
            groups = chain.from_iterable(by_key.values())
            for asked in dict.fromkeys(asked for _, asked in groups):
                _fail(made, asked, subject.root, error)
            continue
        for key, found in known.items():
            for narrow, asked in by_key.get(key, ()):
                try:
                    _ask(made, asked, found if narrow is None else narrow(found, subject), subject)
                except Exception as error:  # noqa: BLE001  # the selection's own, of all its rules
                    _fail(made, asked, subject.root, error)
    made += _swept(ruleset, subject)
    return made


def _ask(made: list[Outcome], asked: Asked, of: Iterable[Element], subject: Subject) -> None:
    # The hot path: a call for each rule and element, and nothing else.
    for element in of:
        for test, rule in asked:
            try:
                answer = test(element, subject)
            except Exception as error:  # noqa: BLE001  # must not stop the other rules
                made.append(_failed(rule.id, element, error))
                continue
            if not answer:
                made.append(_broken(rule, element, answer))


def _fail(made: list[Outcome], asked: Asked, element: Element, error: Exception) -> None:
    made.extend(_failed(rule.id, element, error) for _, rule in asked)


def _swept(ruleset: RuleSet, subject: Subject) -> Iterator[Outcome]:
    for sweep in ruleset.sweeps:
        try:
            for identifier, answer in sweep.find(subject):
                if identifier in sweep.rules:
                    yield _broken(sweep.rules[identifier], subject.root, answer)
        except Exception as error:  # noqa: BLE001  # as for a rule
            yield _failed(sweep.name, subject.root, error)


def _broken(rule: Rule, element: Element, answer: Answer) -> Outcome:
    if isinstance(answer, Broken):
        made = Finding(id=rule.id, severity=rule.severity, values=answer.values)
        return answer.at or element, made
    return element, Finding(id=rule.id, severity=rule.severity)


def _failed(name: str, element: Element, error: Exception) -> Outcome:
    return element, Finding(id=INTERNAL, values={"rule": name, "error": type(error).__name__})


def _placed(tree: Tree, element: Element, finding: Finding) -> Finding:
    return replace(finding, xpath=tree.path_of(element), line=tree.line_of(element))

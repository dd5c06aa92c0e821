"""The page of every rule and refusal of the check, from the rules and their sentences."""

from __future__ import annotations

import re
from collections import Counter

from posthorn.documents.checks.rules import Rule
from posthorn.documents.checks.rulesets import RuleSet, in_force
from posthorn.documents.findings import Severity
from posthorn.documents.sentences import catalogue
from tools.docs.markdown import code, page, table

_INTRODUCTION = """\
`posthorn check` tells of a UBL invoice or credit note whether it follows the UBL 2.1 schema, the
rules of EN 16931 and those of Peppol BIS Billing 3.0. A finding carries the rule's own identifier,
its place in the file, and a sentence in Dutch, French, English or German; this page has the English
ones. A document with a fatal finding is invalid; a warning leaves it valid."""
_UNUSED = """\
Elements that UBL has and Peppol BIS does not use, one identifier for each; remove them. They are
not listed one by one."""
_OTHERS = """\
The schema, files that cannot be read, bank statements, conversion, and what the check says of
itself."""
_NUMBER = re.compile(r"(\d+)")


def render() -> str:
    """Give the page."""
    ruleset = in_force()
    listed = [rule for rule in ruleset.rules if rule.id in catalogue()]
    unused = [rule for rule in ruleset.rules if rule.id not in catalogue()]
    return page(
        "Rules of the check",
        "src/posthorn/documents/checks/",
        _INTRODUCTION,
        _counts(ruleset),
        table(("Rule", "Weight", "What to change"), _rows(listed)),
        "## Elements not used",
        _UNUSED,
        table(("Rules", "How many", "What to change"), _families(unused)),
        "## Other codes",
        _OTHERS,
        table(("Code", "What to do"), _others(ruleset)),
    )


def _counts(ruleset: RuleSet) -> str:
    fatal = sum(rule.severity is Severity.FATAL for rule in ruleset.rules)
    warnings = len(ruleset.rules) - fatal
    return (
        f"In force: `{ruleset.id}`, since {ruleset.valid_from:%Y-%m-%d}: {fatal} fatal rules,"
        f" {warnings} warnings."
    )


def _rows(rules: list[Rule]) -> list[tuple[str, ...]]:
    weights = {rule.id: rule.severity.value for rule in rules}
    return [(code(each), weights[each], _english(each)) for each in sorted(weights, key=_in_order)]


def _families(rules: list[Rule]) -> list[tuple[str, ...]]:
    counted = Counter(rule.id.rpartition("-")[0] for rule in rules)
    return [
        (code(f"{family}-…"), str(number), _english(family))
        for family, number in sorted(counted.items())
    ]


def _others(ruleset: RuleSet) -> list[tuple[str, ...]]:
    rules = {rule.id for rule in ruleset.rules}
    families = {each.rpartition("-")[0] for each in rules}
    return [(code(each), _english(each)) for each in sorted(set(catalogue()) - rules - families)]


def _english(identifier: str) -> str:
    return catalogue()[identifier]["en"]


def _in_order(identifier: str) -> list[tuple[int, str]]:
    """Sort BR-9 before BR-10."""
    parts = _NUMBER.split(identifier)
    return [(int(part), "") if part.isdigit() else (0, part) for part in parts]

from __future__ import annotations

from string import Formatter

from posthorn.documents.checks.en16931.unused import TABLE
from posthorn.documents.checks.rules import AskedRule
from posthorn.documents.checks.rulesets import in_force
from posthorn.documents.sentences import LANGUAGES, catalogue
from tests.pure.documents.checks.en16931 import (
    test_datatypes,
    test_document,
    test_lines,
    test_parties,
    test_syntax,
    test_unused,
)
from tests.pure.documents.checks.en16931.parts import findings, put

MODULES = (
    "allowances",
    "datatypes",
    "delivery",
    "document",
    "lines",
    "parties",
    "payment",
    "periods",
    "references",
    "syntax",
    "syntax_parties",
    "unused",
    "vat_breakdown",
)
BROKEN = [
    (rule, broken)
    for module in (
        test_datatypes,
        test_document,
        test_lines,
        test_parties,
        test_syntax,
        test_unused,
    )
    for rule, _, broken in module.ROWS
] + [(rule, test_syntax.within(place, put(path) * 2)) for rule, place, path in test_syntax.SINGLE]


def rules() -> set[str]:
    """Return the identifiers of the rules that stand in the modules tested here."""
    places = {f"posthorn.documents.checks.en16931.{module}" for module in MODULES}
    asked = (rule for rule in in_force().rules if isinstance(rule, AskedRule))
    return {rule.id for rule in asked if rule.test.__module__ in places}


def test_every_rule_is_tried() -> None:
    assert {rule for rule, _ in BROKEN} - set(TABLE.severities) == rules()


def test_sentence_quotes_what_the_rule_gives() -> None:
    unknown = [
        (rule, language, broken)
        for rule, broken in BROKEN
        for _, finding in findings(rule, broken)
        for language in LANGUAGES
        if not placeholders(rule, language) <= set(finding.values)
    ]
    assert unknown == []


def placeholders(rule: str, language: str) -> set[str]:
    known = catalogue().get(rule) or catalogue()[rule.rpartition("-")[0]]
    return {name for _, name, _, _ in Formatter().parse(known[language]) if name is not None}


def test_every_rule_has_a_sentence_in_four_languages() -> None:
    without = [
        (rule, language)
        for rule in sorted(rules() | set(TABLE.severities))
        for language in LANGUAGES
        if placeholders(rule, language) != placeholders(rule, "en")
    ]
    assert without == []


def test_no_sentence_is_left_without_a_rule() -> None:
    own = ("BR-0", "BR-1", "BR-2", "BR-3", "BR-4", "BR-5", "BR-6", "UBL-")
    spoken = {rule for rule in catalogue() if rule.startswith(own)}
    assert spoken - {"UBL-CR", "UBL-DT"} == rules() - {"UBL-DT-18"}

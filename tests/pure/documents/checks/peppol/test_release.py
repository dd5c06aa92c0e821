"""The release as a whole: how many rules, how heavy, and that each is proved and has its words."""

from __future__ import annotations

from collections import Counter
from importlib import import_module

from posthorn.documents.checks.rules import PEPPOL
from posthorn.documents.checks.rulesets import arranged
from posthorn.documents.codelists import codelist
from posthorn.documents.findings import Severity
from posthorn.documents.sentences import LANGUAGES, catalogue
from tests.pure.documents.checks.peppol.rows import named, severities

FAMILIES = (
    "general",
    "amounts",
    "codes",
    "identifiers",
    "netherlands",
    "germany",
    "denmark",
    "north",
    "south",
)
WARNINGS = {
    *(f"PEPPOL-COMMON-R{n}" for n in ("044", "045", "046", "047")),
    *(f"PEPPOL-COMMON-R{n}" for n in ("054", "055", "056-1", "056-2", "057")),
    *(f"DE-R-{n}" for n in ("017", "019", "020", "026", "027", "028", "T02")),
    *(f"SE-R-{n}" for n in ("007", "008", "009", "010", "011", "012")),
    *("NO-R-002", "IS-R-001", "GR-S-008-1", "GR-S-011"),
}
CODES = {
    "peppol-address-schemes": 82,
    "peppol-allowance-reasons": 19,
    "peppol-attachment-types": 6,
    "peppol-charge-reasons": 178,
    "peppol-credit-note-types": 5,
    "peppol-currencies": 178,
    "peppol-invoice-types": 26,
    "peppol-period-codes": 3,
}


def test_may_2026_has_165_rules() -> None:
    assert Counter(severities().values()) == {Severity.FATAL: 139, Severity.WARNING: 26}
    assert {rule for rule, weight in severities().items() if weight == "warning"} == WARNINGS


def test_every_rule_is_proved_and_speaks_four_languages() -> None:
    here = __name__.rpartition(".")[0]
    tables = (import_module(f"{here}.test_{family}").ROWS for family in FAMILIES)

    assert set().union(*map(named, tables)) == set(severities())
    assert {rule: set(catalogue()[rule]) for rule in severities()} == {
        rule: set(LANGUAGES) for rule in severities()
    }


def test_release_before_did_not_know_what_may_2026_brought() -> None:
    before = {rule.id for rule in arranged({PEPPOL: (3, 0, 20)})["rules"]}

    assert set(severities()) - before == {
        f"PEPPOL-COMMON-R{n}" for n in ("052", "053", "054", "055", "056-1", "056-2", "057")
    }


def test_code_lists_have_the_codes_of_may_2026() -> None:
    assert {name: len(codelist(name)) for name in CODES} == CODES
    assert codelist("peppol-currencies") - codelist("currencies") == {"STN"}
    assert codelist("currencies") - codelist("peppol-currencies") == {"STD"}
    assert codelist("peppol-address-schemes") < codelist("address-schemes")
    assert codelist("peppol-invoice-types") < codelist("invoice-types")
    assert codelist("peppol-credit-note-types") < codelist("credit-note-types")

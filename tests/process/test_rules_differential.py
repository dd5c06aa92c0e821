"""Our rules against the official stylesheets, over all documents at hand and mutants of them."""

from __future__ import annotations

import re

import pytest

from posthorn.documents.checks.rulesets import in_force
from posthorn.documents.findings import Severity
from tests.oracle.comparison import Tally, compared, made
from tests.oracle.known import KNOWN, OURS, unexplained
from tests.oracle.stylesheets import EN16931, PEPPOL, place

MUTANTS = 500
# Their tests hold of every document (BR-CO-05 to 08 by their own word, BR-DEC-13 and 15 by error).
WITHOUT_MEANING = {*(f"BR-CO-0{n}" for n in range(5, 9)), "BR-DEC-13", "BR-DEC-15"}


@pytest.fixture(scope="module")
def tally() -> Tally:
    """Compare once."""
    return compared(mutants=MUTANTS)


@pytest.mark.xdist_group("oracle")
def test_ours_and_the_official_rules_name_the_same_fatal_ids(tally: Tally) -> None:
    assert [str(each) for each in unexplained(tally.differences)] == []


@pytest.mark.xdist_group("oracle")
def test_mutants_break_most_rules_and_leave_some_documents_valid(tally: Tally) -> None:
    # Else the comparison would compare nothing.
    assert tally.documents >= MUTANTS
    assert tally.valid > tally.documents / 10
    assert len(tally.rules) > 150


def test_a_mutant_is_known_by_its_number() -> None:
    assert made(1, 7) == made(1, 7)
    assert made(1, 7) != made(2, 7)


def test_only_rules_of_peppol_may_differ() -> None:
    assert [known.id for known in KNOWN if known.id.startswith(("BR-", "UBL-"))] == []


def test_every_official_rule_has_ours_with_the_same_weight() -> None:
    en16931 = _official(r'"id">([^<]+)</xsl:attribute>\s*<xsl:attribute name="flag">(\w+)', EN16931)
    wanted = {rule: flag for rule, flag in en16931.items() if rule not in WITHOUT_MEANING}

    assert {rule: flag for rule, flag in _ours("en16931").items() if rule in wanted} == wanted
    assert set(_ours("en16931")) == set(wanted)


def test_peppol_rules_are_those_of_the_stylesheet_and_of_later_releases() -> None:
    peppol = {rule: flag for flag, rule in _pairs(r'flag="(\w+)"\s*id="([^"]+)"', PEPPOL)}
    ours = _ours("peppol")
    later = {known.id for known in KNOWN if known.side is OURS}

    assert set(peppol) <= set(ours)
    assert {rule for rule in peppol if ours[rule] != peppol[rule]} <= later
    new = {rule for rule, flag in ours.items() if rule not in peppol and flag == Severity.FATAL}
    assert new <= later


def _ours(family: str) -> dict[str, str]:
    return {rule.id: rule.severity for rule in in_force().rules if rule.family == family}


def _official(pattern: str, of: tuple[str, str]) -> dict[str, str]:
    return dict(_pairs(pattern, of))


def _pairs(pattern: str, of: tuple[str, str]) -> list[tuple[str, str]]:
    return re.findall(pattern, place(of).read_text("utf-8"))

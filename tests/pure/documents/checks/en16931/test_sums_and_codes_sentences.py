from __future__ import annotations

import string

import pytest

from posthorn.documents.checks.rulesets import in_force
from posthorn.documents.sentences import LANGUAGES, catalogue
from tests.pure.documents.checks.en16931 import (
    test_calculations,
    test_codes,
    test_conditions,
    test_decimals,
    test_vat_amounts,
    test_vat_categories,
    test_vat_exclusions,
    test_vat_rates,
)
from tests.pure.documents.checks.en16931.parts import Row, values
from tests.pure.documents.checks.en16931.sales import pairs, rules

_FAMILIES = tuple(
    f"BR-{family}-"
    for family in ("CO", "DEC", "CL", "S", "Z", "E", "AE", "IC", "G", "O", "AF", "AG", "B")
)
ROWS: tuple[Row, ...] = (
    *test_calculations.ROWS,
    *test_codes.ROWS,
    *test_conditions.ROWS,
    *test_decimals.ROWS,
    *test_vat_amounts.ROWS,
    *test_vat_categories.ROWS,
    *test_vat_exclusions.ROWS,
    *test_vat_rates.ROWS,
)


def test_every_rule_of_these_families_is_tried() -> None:
    known = {rule.id for rule in in_force().rules if rule.id.startswith(_FAMILIES)}

    assert known == set(rules(ROWS))
    assert len(known) == 159


@pytest.mark.parametrize("family", _FAMILIES)
def test_rules_say_in_four_languages_what_to_change_with_the_values_they_give(family: str) -> None:
    for rule in (rule for rule in rules(ROWS) if rule.startswith(family)):
        _, broken = pairs(ROWS, rule)
        given = {name for _, quoted in values(rule, broken[0]) for name in quoted}
        sentences = catalogue()[rule]

        assert (rule, sorted(sentences)) == (rule, sorted(LANGUAGES))
        for language in LANGUAGES:
            parsed = string.Formatter().parse(sentences[language])
            assert (rule, {name for _, name, _, _ in parsed if name}) == (rule, given)

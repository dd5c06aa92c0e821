"""The rate that goes with a category of VAT (BR-*-05 on lines, -06 on allowances, -07 on charges).

Categories: S standard rate, Z zero rate, E exempt, AE reverse charge, K intra-community supply
(BR-IC), G export outside the EU, O not subject to VAT, L IGIC of the Canary Islands (BR-AF), M IPSI
of Ceuta and Melilla (BR-AG). The rate is BT-152 of a line, BT-96 of an allowance, BT-103 of a
charge. An allowance or charge of a line that names a category is asked as well.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from posthorn.documents.checks.en16931.arithmetic import only
from posthorn.documents.checks.en16931.vat_facts import (
    allowances_by_code,
    charges_by_code,
    lines_by_code,
)
from posthorn.documents.checks.rules import EN16931, Answer, Broken, Test
from posthorn.documents.checks.selects import Select
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element


def _rates(category: Element, subject: Subject) -> list[Decimal]:
    """Return the rates that are numbers; of two, one that is right will do, as officially."""
    numbers = (subject.number(percent) for percent in category.kids.get("cbc:Percent", ()))
    return [number for number in numbers if number is not None]


def rate_is_above_zero(category: Element, subject: Subject) -> Answer:
    """S: there is a rate, above zero (EN 16931-1, BR-S-5 to 7)."""
    rates = _rates(category, subject)
    return any(rate > 0 for rate in rates) or Broken(found=rates[0] if rates else None)


def rate_is_zero(category: Element, subject: Subject) -> Answer:
    """Z, E, AE, K, G: there is a rate, and it is 0 (EN 16931-1, BR-Z-5 to 7 and alike)."""
    rate = only(subject, category, "cbc:Percent")
    return rate == 0 or Broken(found=rate)


def rate_is_not_below_zero(category: Element, subject: Subject) -> Answer:
    """L, M: there is a rate, 0 or more (EN 16931-1, BR-AF-5 to 7, BR-AG-5 to 7)."""
    rates = _rates(category, subject)
    return any(rate >= 0 for rate in rates) or Broken(found=rates[0] if rates else None)


def has_no_rate(category: Element, _: Subject) -> Answer:
    """O: there is no rate (EN 16931-1, BR-O-5 to 7)."""
    return "cbc:Percent" not in category.kids or Broken(found=category.text("cbc:Percent"))


# Code, rules of lines, allowances and charges, what they ask.
_RATES: Final[tuple[tuple[str, str, str, str, Test], ...]] = (
    ("S", "BR-S-05", "BR-S-06", "BR-S-07", rate_is_above_zero),
    ("Z", "BR-Z-05", "BR-Z-06", "BR-Z-07", rate_is_zero),
    ("E", "BR-E-05", "BR-E-06", "BR-E-07", rate_is_zero),
    ("AE", "BR-AE-05", "BR-AE-06", "BR-AE-07", rate_is_zero),
    ("K", "BR-IC-05", "BR-IC-06", "BR-IC-07", rate_is_zero),
    ("G", "BR-G-05", "BR-G-06", "BR-G-07", rate_is_zero),
    ("O", "BR-O-05", "BR-O-06", "BR-O-07", has_no_rate),
    ("L", "BR-AF-05", "BR-AF-06", "BR-AF-07", rate_is_not_below_zero),
    ("M", "BR-AG-05", "BR-AG-06", "BR-AG-07", rate_is_not_below_zero),
)

for _code, _line, _allowance, _charge, _test in _RATES:
    EN16931.add(_line, Select(lines_by_code, _code), _test)
    EN16931.add(_allowance, Select(allowances_by_code, _code), _test)
    EN16931.add(_charge, Select(charges_by_code, _code), _test)

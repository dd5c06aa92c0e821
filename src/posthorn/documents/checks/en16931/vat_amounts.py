"""What a breakdown of VAT must say (BR-*-08 the base, -09 the tax, -10 the reason).

Asked of each breakdown (BG-23) of the document; for the categories see `vat_rates`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from posthorn.documents.checks.en16931.arithmetic import is_near, only, share
from posthorn.documents.checks.en16931.contexts import LINES
from posthorn.documents.checks.en16931.vat_facts import breakdowns_by_code, code_of
from posthorn.documents.checks.en16931.vat_sums import sums_of
from posthorn.documents.checks.rules import EN16931, Answer, Broken, Test
from posthorn.documents.checks.selects import Select
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element


def base_is_the_sum(category: Element, subject: Subject) -> Answer:
    """BT-116: the base is what is sold in this category (EN 16931-1, BR-Z-8 and alike)."""
    code, sums = code_of(category), sums_of(subject)
    found = _of_breakdown(category, subject, "cbc:TaxableAmount")
    for lines in LINES:
        if found is not None and subject.named(lines) and found == sums.of(lines, code):
            return True
    return Broken(expected=sums.of(subject.line_name, code), found=found)


def base_at_rate_is_the_sum(category: Element, subject: Subject) -> Answer:
    """BT-116: the base is what is sold at this rate, give or take 1 (BR-S-8, BR-AF-8, BR-AG-8)."""
    if "cbc:Percent" not in category.kids:
        return True  # "for each rate": nothing is asked where there is none
    code, sums = code_of(category), sums_of(subject)
    rate = only(subject, category, "cbc:Percent")
    found = _of_breakdown(category, subject, "cbc:TaxableAmount")
    if rate is None or found is None or code in sums.unclear:
        return Broken(expected=None, found=found, rate=rate)
    for lines in LINES:
        # The standard rate must be sold somewhere; for the islands any line will do.
        is_sold = sums.has(lines, code, rate) if code == "S" else bool(subject.named(lines))
        if is_sold and _is_near_in_doubles(found, sums.of(lines, code, rate)):
            return True
    return Broken(expected=sums.of(subject.line_name, code, rate), found=found, rate=rate)


def _is_near_in_doubles(found: Decimal, expected: Decimal | None) -> bool:
    # The official test takes 1 from text, which XPath does in binary floating point: of 1001.15
    # there remains a little less than 1000.15 (XPath 2.0, 3.4). Exact sums would differ from it.
    if expected is None:
        return False
    return Decimal(float(found) - 1) < expected < Decimal(float(found) + 1)


def tax_is_the_rate_of_the_base(category: Element, subject: Subject) -> Answer:
    """BT-117: the tax is the base times the rate, give or take 1 (BR-S-9, BR-AF-9, BR-AG-9)."""
    rate = only(subject, category, "cbc:Percent")
    base = _of_breakdown(category, subject, "cbc:TaxableAmount")
    tax = _of_breakdown(category, subject, "cbc:TaxAmount")
    expected = None if base is None or rate is None else share(base, rate)
    if tax is not None and expected is not None and is_near(tax, expected):
        return True
    return Broken(expected=expected, found=tax, rate=rate)


def tax_is_zero(category: Element, subject: Subject) -> Answer:
    """BT-117: there is no tax in this category (EN 16931-1, BR-Z-9 and alike)."""
    tax = _of_breakdown(category, subject, "cbc:TaxAmount")
    return tax == 0 or Broken(found=tax)


def has_an_exemption_reason(category: Element, _: Subject) -> Answer:
    """BT-120, BT-121: it says why there is no VAT (EN 16931-1, BR-E-10 and alike)."""
    return _has_reason(category)


def has_no_exemption_reason(category: Element, _: Subject) -> Answer:
    """BT-120, BT-121: taxed sales give no reason for an exemption (BR-S-10 and alike)."""
    if not _has_reason(category):
        return True
    reasons = ("cbc:TaxExemptionReason", "cbc:TaxExemptionReasonCode")
    return Broken(found=next(filter(None, map(category.text, reasons)), None))


def _has_reason(category: Element) -> bool:
    kids = category.kids
    return "cbc:TaxExemptionReason" in kids or "cbc:TaxExemptionReasonCode" in kids


def _of_breakdown(category: Element, subject: Subject, name: str) -> Decimal | None:
    return only(subject, category.parent, name) if category.parent is not None else None


# Code, rule of the base, rule of the tax.
_WITHOUT_TAX: Final = (
    ("Z", "BR-Z-08", "BR-Z-09"),
    ("E", "BR-E-08", "BR-E-09"),
    ("AE", "BR-AE-08", "BR-AE-09"),
    ("K", "BR-IC-08", "BR-IC-09"),
    ("G", "BR-G-08", "BR-G-09"),
    ("O", "BR-O-08", "BR-O-09"),
)
_AT_RATES: Final = (
    ("S", "BR-S-08", "BR-S-09"),
    ("L", "BR-AF-08", "BR-AF-09"),
    ("M", "BR-AG-08", "BR-AG-09"),
)
_REASONS: Final[tuple[tuple[str, str, Test], ...]] = (
    ("S", "BR-S-10", has_no_exemption_reason),
    ("Z", "BR-Z-10", has_no_exemption_reason),
    ("E", "BR-E-10", has_an_exemption_reason),
    ("AE", "BR-AE-10", has_an_exemption_reason),
    ("K", "BR-IC-10", has_an_exemption_reason),
    ("G", "BR-G-10", has_an_exemption_reason),
    ("O", "BR-O-10", has_an_exemption_reason),
    ("L", "BR-AF-10", has_no_exemption_reason),
    ("M", "BR-AG-10", has_no_exemption_reason),
)
_SELECTS: Final = {code: Select(breakdowns_by_code, code) for code, _, _ in _REASONS}

for _code, _base, _tax in _WITHOUT_TAX:
    EN16931.add(_base, _SELECTS[_code], base_is_the_sum)
    EN16931.add(_tax, _SELECTS[_code], tax_is_zero)
for _code, _base, _tax in _AT_RATES:
    EN16931.add(_base, _SELECTS[_code], base_at_rate_is_the_sum)
    EN16931.add(_tax, _SELECTS[_code], tax_is_the_rate_of_the_base)
for _code, _reason, _test in _REASONS:
    EN16931.add(_reason, _SELECTS[_code], _test)

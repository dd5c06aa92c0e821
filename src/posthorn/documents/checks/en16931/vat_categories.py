"""What a category of VAT asks of the whole document (BR-*-01 to -04, and what some add).

-01: what is sold in a category stands in the breakdown. -02 to -04: who sells in a category, on
lines (-02), by allowances (-03) or by charges (-04), has the numbers it takes; so has the buyer.
For the categories see `vat_rates`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from posthorn.documents.checks.en16931.contexts import strings
from posthorn.documents.checks.en16931.vat_facts import (
    allowances_by_code,
    charges_by_code,
    codes_in_use,
    items_by_code,
    items_under_any_by_code,
    vat_of,
)
from posthorn.documents.checks.en16931.vat_parties import (
    seller_and_buyer_are_registered,
    seller_and_buyer_have_vat_numbers,
    seller_has_vat_number,
    seller_is_registered,
)
from posthorn.documents.checks.rules import EN16931, Answer, Broken, Test
from posthorn.documents.checks.selects import Index, Select, root
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule


def documents_with(index: Index, code: str) -> Select:
    """Select the document itself, if it has anything under a code."""
    return Select(index, code, narrow=lambda _, subject: (subject.root,))


def has_one_breakdown_in(code: str) -> Test:
    """Make the test that a category has exactly one breakdown (BR-AE-1, BR-E-1 and alike)."""

    def test(_: Element, subject: Subject) -> Answer:
        count = len(vat_of(subject).breakdowns.get(code, ()))
        return count == 1 or Broken(found=count)

    return test


for _identifier, _code in (
    ("BR-Z-01", "Z"),
    ("BR-E-01", "E"),
    ("BR-AE-01", "AE"),
    ("BR-IC-01", "K"),
    ("BR-G-01", "G"),
    ("BR-O-01", "O"),
):
    EN16931.add(_identifier, documents_with(codes_in_use, _code), has_one_breakdown_in(_code))


@rule("BR-S-01", root)
def standard_rate_is_sold_and_broken_down(_: Element, subject: Subject) -> Answer:
    """BG-23: S is in the breakdown where it is sold, and nowhere else (EN 16931-1, BR-S-1)."""
    vat = vat_of(subject)
    return ("S" in vat.sold_under_any) == ("S" in vat.breakdowns_under_any)


@rule("BR-AF-01", root)
def igic_is_sold_and_broken_down(_: Element, subject: Subject) -> Answer:
    """BG-23: L is in the breakdown where it is sold, and nowhere else (EN 16931-1, BR-AF-1)."""
    vat = vat_of(subject)
    if "L" not in vat.sold:
        return "L" not in vat.breakdowns
    return any(map(_is_exact("L"), vat.breakdowns_under_any.get("L", ())))


@rule("BR-AG-01", root)
def ipsi_is_sold_and_broken_down(_: Element, subject: Subject) -> Answer:
    """BG-23: M is in the breakdown where it is sold, and nowhere else (EN 16931-1, BR-AG-1)."""
    vat = vat_of(subject)
    if "M" not in vat.sold:
        return "M" not in vat.breakdowns
    return any(map(_is_exact("M"), vat.breakdowns.get("M", ())))


def _is_exact(code: str) -> Callable[[Element], bool]:
    # Some official tests forgive blanks around a code, these do not.
    return lambda category: code in strings(category.kids.get("cbc:ID", ()))


def have(parties: Callable[[Subject], bool]) -> Test:
    """Make a test of the document from one of its parties."""
    return lambda _, subject: parties(subject)


# Code, rules of lines, allowances and charges, what they ask of the parties.
_PARTIES: Final = (
    ("Z", "BR-Z-02", "BR-Z-03", "BR-Z-04", have(seller_is_registered)),
    ("E", "BR-E-02", "BR-E-03", "BR-E-04", have(seller_is_registered)),
    ("AE", "BR-AE-02", "BR-AE-03", "BR-AE-04", have(seller_and_buyer_are_registered)),
    ("K", "BR-IC-02", "BR-IC-03", "BR-IC-04", have(seller_and_buyer_have_vat_numbers)),
    ("G", "BR-G-02", "BR-G-03", "BR-G-04", have(seller_has_vat_number)),
    ("M", "BR-AG-02", "BR-AG-03", "BR-AG-04", have(seller_is_registered)),
)
for _code, _line, _allowance, _charge, _test in _PARTIES:
    EN16931.add(_line, documents_with(items_by_code, _code), _test)
    EN16931.add(_allowance, documents_with(allowances_by_code, _code), _test)
    EN16931.add(_charge, documents_with(charges_by_code, _code), _test)

EN16931.add("BR-S-03", documents_with(allowances_by_code, "S"), have(seller_is_registered))
EN16931.add("BR-S-04", documents_with(charges_by_code, "S"), have(seller_is_registered))
EN16931.add("BR-AF-02", documents_with(items_by_code, "L"), have(seller_is_registered))
EN16931.add("BR-AF-03", documents_with(allowances_by_code, "L"), have(seller_is_registered))


@rule("BR-S-02", documents_with(items_under_any_by_code, "S"))
def seller_of_standard_rate_is_registered(_: Element, subject: Subject) -> Answer:
    """BT-31, BT-32, BT-63: who sells at the standard rate has a tax number (EN 16931-1, BR-S-2)."""
    return bool(vat_of(subject).items.get("S")) and seller_is_registered(subject)


@rule("BR-AF-04", documents_with(charges_by_code, "L"))
def seller_of_charge_with_igic_is_registered(_: Element, subject: Subject) -> Answer:
    """BT-31, BT-32, BT-63: who charges IGIC has a tax number (EN 16931-1, BR-AF-4)."""
    is_charged = any(map(_is_exact("L"), vat_of(subject).charges["L"]))
    return not is_charged or seller_is_registered(subject)

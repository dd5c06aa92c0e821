"""The totals of a document add up (BR-CO-10 to BR-CO-17).

BR-CO-05 to BR-CO-08 are nowhere: that a reason and its code mean the same, no program can tell.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from posthorn.documents.checks.en16931.arithmetic import (
    cents,
    is_near,
    minus,
    only,
    plus,
    share,
    total,
    whole,
)
from posthorn.documents.checks.en16931.contexts import (
    BLANKS,
    every,
    is_allowance,
    is_charge,
    is_vat,
    string,
)
from posthorn.documents.checks.en16931.vat_breakdown import rows
from posthorn.documents.checks.rules import EN16931, Answer, Broken
from posthorn.documents.checks.selects import at, lines, named, root
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule
_BOOLEAN: Final = frozenset({"true", "false", "1", "0"})  # XML Schema 2, 3.2.2
_totals = named("cac:LegalMonetaryTotal")


@rule("BR-CO-10", _totals)
def lines_add_up(totals: Element, subject: Subject) -> Answer:
    """BT-106 is the sum of the net amounts of the lines, BT-131 (EN 16931-1, BR-CO-10)."""
    found = only(subject, totals, "cbc:LineExtensionAmount")
    nets = [net for line in lines(subject) for net in line.kids.get("cbc:LineExtensionAmount", ())]
    added = total(subject, nets)
    return _same(_rounded(added), found)


@rule("BR-CO-11", _totals)
def allowances_add_up(totals: Element, subject: Subject) -> Answer:
    """BT-107 is the sum of the allowances of the document, BT-92 (EN 16931-1, BR-CO-11)."""
    taken = [element for element in _siblings(totals) if is_allowance(element)]
    return _adds_up(subject, totals, "cbc:AllowanceTotalAmount", taken)


@rule("BR-CO-12", _totals)
def charges_add_up(totals: Element, subject: Subject) -> Answer:
    """BT-108 is the sum of the charges of the document, BT-99 (EN 16931-1, BR-CO-12)."""
    added = [element for element in _siblings(totals) if is_charge(element)]
    return _adds_up(subject, totals, "cbc:ChargeTotalAmount", added)


@rule("BR-CO-13", _totals)
def total_without_vat_is_right(totals: Element, subject: Subject) -> Answer:
    """BT-109 is BT-106 less allowances BT-107 plus charges BT-108 (EN 16931-1, BR-CO-13)."""
    found = only(subject, totals, "cbc:TaxExclusiveAmount")
    nets = only(subject, totals, "cbc:LineExtensionAmount")
    expected = nets
    if "cbc:ChargeTotalAmount" in totals.kids:
        expected = _plus(expected, only(subject, totals, "cbc:ChargeTotalAmount"))
    if "cbc:AllowanceTotalAmount" in totals.kids:
        expected = _minus(expected, only(subject, totals, "cbc:AllowanceTotalAmount"))
    # Rounded only where something was added, as the official test does.
    return _same(nets if expected is nets else _rounded(expected), found)


@rule("BR-CO-14", at("cac:TaxTotal"))
def vat_adds_up(vat: Element, subject: Subject) -> Answer:
    """BT-110 is the sum of the VAT of the breakdowns, BT-117 (EN 16931-1, BR-CO-14)."""
    if "cac:TaxSubtotal" not in vat.kids:
        return True
    added = total(subject, every(vat, "cac:TaxSubtotal", "cbc:TaxAmount"))
    return _same(_rounded(added), only(subject, vat, "cbc:TaxAmount"))


@rule("BR-CO-15", root)
def total_with_vat_is_right(invoice: Element, subject: Subject) -> Answer:
    """BT-112 is BT-109 plus the VAT in the invoice's currency, BT-110 (EN 16931-1, BR-CO-15)."""
    for currency in invoice.kids.get("cbc:DocumentCurrencyCode", ()):
        vat = [
            amount
            for amount in every(invoice, "cac:TaxTotal", "cbc:TaxAmount")
            if amount.attributes.get("currencyID") == currency.value
        ]
        bare = every(invoice, "cac:LegalMonetaryTotal", "cbc:TaxExclusiveAmount")
        full = every(invoice, "cac:LegalMonetaryTotal", "cbc:TaxInclusiveAmount")
        expected = _rounded(_plus(_one(subject, bare), _one(subject, vat)))
        found = _one(subject, full)
        if expected is None or expected != found:
            return Broken(expected=expected, found=found)
    return True


@rule("BR-CO-16", _totals)
def amount_due_is_right(totals: Element, subject: Subject) -> Answer:
    """BT-115 is BT-112 less paid BT-113 plus rounding BT-114 (EN 16931-1, BR-CO-16)."""
    found = only(subject, totals, "cbc:PayableAmount")
    expected = only(subject, totals, "cbc:TaxInclusiveAmount")
    if "cbc:PrepaidAmount" in totals.kids:
        expected = _rounded(_minus(expected, only(subject, totals, "cbc:PrepaidAmount")))
    if "cbc:PayableRoundingAmount" not in totals.kids:
        return _same(expected, found)
    rounding = only(subject, totals, "cbc:PayableRoundingAmount")
    return _same(expected, _rounded(_minus(found, rounding))) or Broken(
        expected=_plus(expected, rounding), found=found
    )


@rule("BR-CO-17", rows)
def vat_is_the_rate_of_the_base(subtotal: Element, subject: Subject) -> Answer:
    """BT-117 is BT-116 times the rate BT-119, give or take 1 (EN 16931-1, BR-CO-17)."""
    rates = _rates(subtotal)
    tax = only(subject, subtotal, "cbc:TaxAmount")
    rate = _one(subject, rates)
    if tax is None or (rates and rate is None):
        return Broken(expected=None, found=tax, rate=None)
    if rate is None or not whole(rate):
        # The official test rounds the rate: below half a per cent no VAT is due.
        return not whole(tax) or Broken(expected=0, found=tax, rate=rate or 0)
    base = only(subject, subtotal, "cbc:TaxableAmount")
    if base is None:
        return Broken(expected=None, found=tax, rate=rate)
    expected = share(base, rate)
    return is_near(tax, expected) or Broken(expected=expected, found=tax, rate=rate)


def _rates(subtotal: Element) -> list[Element]:
    categories = subtotal.kids.get("cac:TaxCategory", ())
    return [
        rate
        for category in categories
        if is_vat(category)
        for rate in category.kids.get("cbc:Percent", ())
    ]


def _siblings(totals: Element) -> list[Element]:
    return totals.parent.kids.get("cac:AllowanceCharge", []) if totals.parent is not None else []


def _is_clear(element: Element) -> bool:
    said = element.kids.get("cbc:ChargeIndicator", ())
    return all(string(word).strip(BLANKS) in _BOOLEAN for word in said)


def _adds_up(subject: Subject, totals: Element, name: str, parts: list[Element]) -> Answer:
    if not all(_is_clear(element) for element in _siblings(totals)):
        # The official test stops at the word that is neither true nor false.
        return Broken(expected=None, found=totals.text(name))
    if not parts and name not in totals.kids:
        return True
    amounts = [amount for element in parts for amount in element.kids.get("cbc:Amount", ())]
    return _same(_rounded(total(subject, amounts)), only(subject, totals, name))


def _one(subject: Subject, elements: list[Element]) -> Decimal | None:
    return subject.number(elements[0]) if len(elements) == 1 else None


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else plus(one, other)


def _minus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else minus(one, other)


def _rounded(number: Decimal | None) -> Decimal | None:
    return None if number is None else cents(number)


def _same(expected: Decimal | None, found: Decimal | None) -> Answer:
    if expected is not None and expected == found:
        return True
    return Broken(expected=expected, found=found)

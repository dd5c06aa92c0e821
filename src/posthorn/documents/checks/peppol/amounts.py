"""How the amounts of allowances, prices and lines hang together in Peppol.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_DOWN, Context, Decimal
from typing import Final

from posthorn.documents.checks.peppol.text import tidied
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken
from posthorn.documents.checks.selects import anywhere, lines, named
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_ZERO: Final = Decimal(0)
_ONE: Final = Decimal(1)
_SLACK: Final = Decimal("0.02")
# Wide enough that only a division rounds; XPath's divides to 18 places (Saxon, half down).
_EXACT: Final = Context(prec=200)
_QUOTIENT: Final = Decimal("1e-18")
_HALF: Final = Decimal("0.5")
_BOOLEANS: Final = frozenset({"true", "false"})
_AMOUNT: Final = "cbc:Amount"
_BASE: Final = "cbc:BaseAmount"
_PERCENT: Final = "cbc:MultiplierFactorNumeric"
_INVOICED_OBJECT: Final = "130"  # UNTDID 1001


def _figure(element: Element, name: str, subject: Subject, absent: Decimal) -> Decimal | None:
    """Return the first child's number; what stands for an absent one, None for no number."""
    found = element.kids.get(name)
    return subject.number(found[0]) if found else absent


def _is_near(figure: Decimal, other: Decimal) -> bool:
    return figure == other or abs(_EXACT.subtract(figure, other)) <= _SLACK


def _not_of_prices(found: Sequence[Element], subject: Subject) -> list[Element]:
    """Narrow allowances and charges to those of the document and of its lines."""
    root, line = subject.root, subject.line_name
    return [
        one
        for one in found
        if (parent := one.parent) is root
        or (parent is not None and parent.name == line and parent.parent is root)
    ]


_charges: Final = named("cac:AllowanceCharge").then(_not_of_prices)


@rule("PEPPOL-EN16931-R041", _charges)
def percentage_has_a_base(charge: Element, _: Subject) -> Answer:
    """BT-93, 100, 137, 142: with a percentage goes the amount it is of."""
    return _PERCENT not in charge.kids or _BASE in charge.kids


@rule("PEPPOL-EN16931-R042", _charges)
def base_has_a_percentage(charge: Element, _: Subject) -> Answer:
    """BT-94, 101, 138, 143: with a base amount goes a percentage."""
    return _BASE not in charge.kids or _PERCENT in charge.kids


@rule("PEPPOL-EN16931-R040", _charges)
def amount_is_percentage_of_base(charge: Element, subject: Subject) -> Answer:
    """BT-92, 99, 136, 141: the amount is the percentage of the base, 0.02 more or less."""
    if not (_PERCENT in charge.kids and _BASE in charge.kids):
        return True
    base = _figure(charge, _BASE, subject, _ZERO)
    percent = _figure(charge, _PERCENT, subject, _ZERO)
    amount = _figure(charge, _AMOUNT, subject, _ZERO)
    if base is None or percent is None or amount is None:
        return True  # no numbers at all: the schema says so
    expected = _EXACT.multiply(base, percent).scaleb(-2, _EXACT)
    return _is_near(amount, expected) or Broken(expected=f"{expected:.2f}", found=amount)


@rule("PEPPOL-EN16931-R043", _charges)
def tells_charge_from_allowance(charge: Element, _: Subject) -> Answer:
    """BG-20, 21, 27, 28: the indicator is true or false, not 1 or 0."""
    if (_PERCENT in charge.kids) != (_BASE in charge.kids):
        return True  # R041 and R042 come first
    found = tidied(charge, "cbc:ChargeIndicator")
    return found in _BOOLEANS or Broken(found=found or None)


@rule("PEPPOL-EN16931-R120", lines)
def line_is_quantity_times_price(line: Element, subject: Subject) -> Answer:
    """BT-131: a line is quantity by price, with charges and without allowances, within 0.02."""
    name = "cbc:CreditedQuantity" if subject.is_credit_note else "cbc:InvoicedQuantity"
    quantity = _figure(line, name, subject, _ONE)
    found = _figure(line, "cbc:LineExtensionAmount", subject, _ZERO)
    price, extra = _price(line, subject), _extra(line, subject)
    if quantity is None or found is None or price is None or extra is None:
        return True
    expected = _EXACT.multiply(quantity, price)
    if extra:
        expected = _EXACT.add(expected, extra)
    return _is_near(found, expected) or Broken(expected=f"{expected:.2f}", found=found)


def _price(line: Element, subject: Subject) -> Decimal | None:
    """Return the price of one (BT-146 by BT-149); zero without a price, None for no number."""
    found = line.kids.get("cac:Price")
    if not found:
        return _ZERO
    amount = _figure(found[0], "cbc:PriceAmount", subject, _ZERO)
    base = _figure(found[0], "cbc:BaseQuantity", subject, _ONE)
    if amount is None or base is None:
        return None
    if base in {_ZERO, _ONE}:
        return amount
    return _EXACT.divide(amount, base).quantize(_QUOTIENT, ROUND_HALF_DOWN, _EXACT)


def _extra(line: Element, subject: Subject) -> Decimal | None:
    """Return the charges of a line less its allowances, each sum to the cent."""
    charges = line.kids.get("cac:AllowanceCharge")
    if not charges:
        return _ZERO
    sums = {"true": _ZERO, "false": _ZERO}
    for charge in charges:
        kind = tidied(charge, "cbc:ChargeIndicator")
        amount = _figure(charge, _AMOUNT, subject, _ZERO)
        if amount is None:
            return None
        if kind in sums:
            sums[kind] = _EXACT.add(sums[kind], amount)
    return _EXACT.subtract(_to_the_cent(sums["true"]), _to_the_cent(sums["false"]))


def _to_the_cent(amount: Decimal) -> Decimal:
    # XPath rounds a half up, towards more, below zero too (XPath functions 3.1, 4.4.4).
    shifted = _EXACT.add(amount.scaleb(2, _EXACT), _HALF)
    return shifted.to_integral_value(ROUND_FLOOR).scaleb(-2, _EXACT)


@rule("PEPPOL-EN16931-R121", lines)
def price_is_of_a_quantity(line: Element, subject: Subject) -> Answer:
    """BT-149: the quantity that a price is for is more than zero."""
    found = line.first("cac:Price", "cbc:BaseQuantity")
    number = subject.number(found) if found is not None else None
    return number is None or number > 0 or Broken(at=found, found=number)


@rule("PEPPOL-EN16931-R100", lines)
def line_is_about_one_object(line: Element, _: Subject) -> Answer:
    """BT-128: a line refers to at most one invoiced object."""
    count = len(line.kids.get("cac:DocumentReference", ()))
    return count <= 1 or Broken(count=count)


@rule("PEPPOL-EN16931-R101", lines)
def line_refers_to_an_object(line: Element, _: Subject) -> Answer:
    """BT-128: the reference of a line is of type 130, an invoiced object."""
    return "cac:DocumentReference" not in line.kids or any(
        kind.value == _INVOICED_OBJECT
        for kind in line.each("cac:DocumentReference", "cbc:DocumentTypeCode")
    )


@rule("PEPPOL-EN16931-R044", anywhere("cac:Price/cac:AllowanceCharge"))
def price_has_no_charge(charge: Element, _: Subject) -> Answer:
    """BT-147: a price has a discount, never a charge."""
    return tidied(charge, "cbc:ChargeIndicator") == "false"


@rule("PEPPOL-EN16931-R046", anywhere("cac:Price/cac:AllowanceCharge"))
def net_is_gross_less_discount(discount: Element, subject: Subject) -> Answer:
    """BT-146: the net price is the gross price (BT-148) less the discount (BT-147)."""
    price = discount.parent
    gross = discount.first(_BASE)
    if gross is None or price is None:
        return True
    net, less = price.first("cbc:PriceAmount"), discount.first(_AMOUNT)
    if net is None or less is None:
        return Broken(expected=None, found=None)
    figures = subject.number(net), subject.number(gross), subject.number(less)
    if figures[0] is None or figures[1] is None or figures[2] is None:
        return True
    expected = _EXACT.subtract(figures[1], figures[2])
    return figures[0] == expected or Broken(expected=expected, found=figures[0])


@rule("PEPPOL-EN16931-R130", anywhere("cac:Price/cbc:BaseQuantity"))
def price_is_in_the_unit_of_the_quantity(base: Element, subject: Subject) -> Answer:
    """BT-150: the unit of the price is that of the quantity (BT-130), where both are given."""
    unit = base.attributes.get("unitCode")
    line = base.parent.parent if base.parent is not None else None
    if unit is None or line is None:
        return True
    if not ("cbc:InvoicedQuantity" in line.kids or "cbc:CreditedQuantity" in line.kids):
        return True
    name = "cbc:CreditedQuantity" if subject.is_credit_note else "cbc:InvoicedQuantity"
    expected = [found.attributes.get("unitCode") for found in line.each(name)]
    return unit in expected or Broken(expected=expected[0] if expected else None, found=unit)

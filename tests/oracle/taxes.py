"""Mutations of VAT: another category or rate, on one place or all, reasons added and taken."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Final

from lxml import etree

from tests.oracle.codes import CATEGORIES, VATEX
from tests.oracle.countries import CAC, CBC
from tests.oracle.structure import Mutation, name_of, picked

_KINDS: Final = ("TaxCategory", "ClassifiedTaxCategory")
_SELLER: Final = f"{CAC}AccountingSupplierParty/{CAC}Party/{CAC}PartyTaxScheme"
_BUYER: Final = f"{CAC}AccountingCustomerParty/{CAC}Party/{CAC}PartyTaxScheme"
_AGENT: Final = f"{CAC}TaxRepresentativeParty"
_LINES: Final = (f"{CAC}InvoiceLine", f"{CAC}CreditNoteLine")
_ALLOWANCES: Final = f"{CAC}AllowanceCharge"
# What the rules of a category ask for beside it; each alone hides behind the others.
_RESTS_ON: Final = (
    (_SELLER, _AGENT),
    (_SELLER, _AGENT, _BUYER),
    (_SELLER, _AGENT, *_LINES),
    (_SELLER, _AGENT, _ALLOWANCES),
    (_BUYER,),
    (_BUYER, *_LINES),
    (_AGENT,),
    (f"{CAC}Delivery", f"{CAC}InvoicePeriod"),
    (f"{CAC}TaxTotal/{CAC}TaxSubtotal",),
    (f"{CAC}TaxTotal",),
)
_USED: Final = ("S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B")


def recategorise(root: etree._Element, dice: random.Random) -> str | None:
    """Change the category in one place."""
    having = _categories(root)
    if not having:
        return None
    one = dice.choice(having)
    one.text = dice.choice(CATEGORIES)
    return f"{name_of(one)} = {one.text!r}"


def convert(root: etree._Element, dice: random.Random) -> str | None:
    """Change every category to another, with its rate and, in part, its reason."""
    having = _categories(root)
    if not having:
        return None
    wanted = dice.choice(_USED)
    is_zero = wanted not in ("S", "L", "M", "B")
    reason, drops_rate = dice.random() < 0.6, wanted == "O" and dice.random() < 0.8
    for one in having:
        one.text = wanted
        category = one.getparent()
        if category is None:
            continue
        percent = category.find(f"{CBC}Percent")
        if percent is not None and drops_rate:
            category.remove(percent)
        elif percent is not None and is_zero:
            percent.text = "0"
        if reason and is_zero and wanted != "Z" and category.tag == f"{CAC}TaxCategory":
            _give_reason(category, dice)
    if is_zero:
        _settle_at_zero(root)
    return f"all to {wanted}{' with reason' if reason else ''}"


def convert_without_number(root: etree._Element, dice: random.Random) -> str | None:
    """Change every category, then take VAT numbers away, or what else a category rests on."""
    said = convert(root, dice)
    if said is None:
        return None
    taken = dice.choice(_RESTS_ON)
    for path in taken:
        for each in root.findall(path):
            parent = each.getparent()
            if parent is not None:
                parent.remove(each)
    return (
        f"{said} without {' '.join(etree.QName(path.split('/')[-1]).localname for path in taken)}"
    )


def convert_one(root: etree._Element, dice: random.Random) -> str | None:
    """Change every category, then one of them again, or its rate."""
    said = convert(root, dice)
    having = list(root.iter(f"{CBC}Percent")) if dice.random() < 0.5 else _categories(root)
    if said is None or not having:
        return said
    one = picked(having, dice)
    one.text = dice.choice(("21", "0", "-1", "")) if one.tag == f"{CBC}Percent" else "S"
    return f"{said}, {name_of(one)} = {one.text}"


def double_subtotal(root: etree._Element, dice: random.Random) -> str | None:
    """Repeat a VAT breakdown line, as it is or with another rate."""
    having = list(root.iter(f"{CAC}TaxSubtotal"))
    if not having:
        return None
    one = dice.choice(having)
    made = deepcopy(one)
    one.addnext(made)
    percent = made.find(f"{CAC}TaxCategory/{CBC}Percent")
    if percent is not None and dice.random() < 0.5:
        percent.text = dice.choice(("6", "12", "0", f"{percent.text}.0", f"{percent.text}0"))
    return f"double subtotal {'' if percent is None else percent.text}"


def give_reason(root: etree._Element, dice: random.Random) -> str | None:
    """Add an exemption reason, a code or words."""
    having = list(root.iter(f"{CAC}TaxCategory"))
    if not having:
        return None
    return f"reason {_give_reason(dice.choice(having), dice)}"


def scheme(root: etree._Element, dice: random.Random) -> str | None:
    """Name another tax."""
    having = list(root.iter(f"{CAC}TaxScheme"))
    if not having:
        return None
    one = dice.choice(having)
    for child in one.iterfind(f"{CBC}ID"):
        child.text = dice.choice(("VAT", "GST", "TAX", "vat", " VAT ", "", "FC", "???", "LOC"))
        return f"{name_of(one)}/ID = {child.text!r}"
    return None


def add_tax_total(root: etree._Element, dice: random.Random) -> str | None:
    """Add a VAT total, in the currency of accounting or of nothing."""
    one = root.find(f"{CAC}TaxTotal")
    if one is None:
        return None
    made = etree.Element(f"{CAC}TaxTotal")
    amount = etree.SubElement(made, f"{CBC}TaxAmount")
    amount.text = dice.choice(("1.00", "0", "1.005", "-1", ""))
    amount.set("currencyID", dice.choice(("SEK", "EUR", "DKK", "XXX")))
    one.addnext(made)
    if dice.random() < 0.7:
        currency = root.find(f"{CBC}DocumentCurrencyCode")
        if currency is not None and root.find(f"{CBC}TaxCurrencyCode") is None:
            told = etree.Element(f"{CBC}TaxCurrencyCode")
            told.text = dice.choice(("SEK", "SEK", "EUR", "DKK"))
            currency.addnext(told)
    return f"second tax total {amount.get('currencyID')} {amount.text}"


def _categories(root: etree._Element) -> list[etree._Element]:
    return [
        one
        for kind in _KINDS
        for each in root.iter(f"{CAC}{kind}")
        for one in each.iterfind(f"{CBC}ID")
    ]


def _give_reason(category: etree._Element, dice: random.Random) -> str:
    name = dice.choice(("TaxExemptionReasonCode", "TaxExemptionReason"))
    made = etree.Element(f"{CBC}{name}")
    made.text = dice.choice(VATEX) if name.endswith("Code") else dice.choice(("Exempt", ""))
    before = category.find(f"{CAC}TaxScheme")
    if before is None:
        category.append(made)
    else:
        before.addprevious(made)
    return f"{name} {made.text}"


def _settle_at_zero(root: etree._Element) -> None:
    """Take the VAT out of the totals, so that one rule is broken and not twenty."""
    for total in root.iterfind(f"{CAC}TaxTotal"):
        for amount in total.iter(f"{CBC}TaxAmount"):
            amount.text = "0.00"
    totals = root.find(f"{CAC}LegalMonetaryTotal")
    if totals is None:
        return
    net = totals.findtext(f"{CBC}TaxExclusiveAmount")
    for name in ("TaxInclusiveAmount", "PayableAmount"):
        for amount in totals.iterfind(f"{CBC}{name}"):
            amount.text = net


ALL: Final[tuple[Mutation, ...]] = (
    *(
        convert_without_number,
        convert_without_number,
        convert_without_number,
        convert_one,
        convert_one,
    ),
    *(recategorise, recategorise, recategorise, convert, convert, convert, double_subtotal),
    *(give_reason, give_reason, scheme, add_tax_total),
)

"""What a document says of VAT, gathered once for all the rules on categories of VAT."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from posthorn.documents.checks.en16931.contexts import (
    BLANKS,
    LINES,
    is_allowance,
    is_charge,
    is_child_of,
    is_vat,
    string,
)
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

Found: TypeAlias = defaultdict[str, list[Element]]  # by the code of the category
_KEY: Final = "en16931.vat"


def _nothing() -> Found:
    return defaultdict(list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vat:
    """The categories of a document, by code; those of the VAT scheme unless said otherwise."""

    breakdowns: Found = field(default_factory=_nothing)  # BG-23
    items: Found = field(default_factory=_nothing)  # BG-30
    lines: Found = field(default_factory=_nothing)  # those of the items that are a line's
    allowances: Found = field(default_factory=_nothing)  # BG-20, and those of lines
    charges: Found = field(default_factory=_nothing)  # BG-21, and those of lines
    codes: Found = field(default_factory=_nothing)  # wherever one stands
    sold: set[str] = field(default_factory=set)  # of items, allowances and charges
    # Of any scheme, or none:
    sold_under_any: set[str] = field(default_factory=set)
    items_under_any: Found = field(default_factory=_nothing)
    breakdowns_under_any: Found = field(default_factory=_nothing)


def vat_of(subject: Subject) -> Vat:
    """Return what the document says of VAT, gathered the first time."""
    known = subject.notes.get(_KEY)
    if isinstance(known, Vat):
        return known
    vat = Vat()
    for category in subject.named("cac:TaxCategory"):
        _note_category(vat, subject, category)
    for category in subject.named("cac:ClassifiedTaxCategory"):
        _note_item(vat, category)
    subject.notes[_KEY] = vat
    return vat


def codes_in_use(subject: Subject) -> Found:
    """Return the categories of a document by code, wherever they stand."""
    return vat_of(subject).codes


def lines_by_code(subject: Subject) -> Found:
    """Return the categories of lines by code."""
    return vat_of(subject).lines


def items_by_code(subject: Subject) -> Found:
    """Return the categories of items by code."""
    return vat_of(subject).items


def items_under_any_by_code(subject: Subject) -> Found:
    """Return the categories of items by code, of whatever scheme."""
    return vat_of(subject).items_under_any


def allowances_by_code(subject: Subject) -> Found:
    """Return the categories of allowances by code."""
    return vat_of(subject).allowances


def charges_by_code(subject: Subject) -> Found:
    """Return the categories of charges by code."""
    return vat_of(subject).charges


def breakdowns_by_code(subject: Subject) -> Found:
    """Return the categories of the breakdowns by code."""
    return vat_of(subject).breakdowns


def _note_category(vat: Vat, subject: Subject, category: Element) -> None:
    code, belongs, parent = code_of(category), is_vat(category), category.parent
    if belongs and "cbc:ID" in category.kids:
        vat.codes[code].append(category)
    if parent is not None and parent.name == "cac:AllowanceCharge":
        vat.sold_under_any.add(code)
        if belongs:
            vat.sold.add(code)
            _note_allowance_charge(vat, code, category, parent)
    elif parent is not None and _is_breakdown(subject, parent):
        vat.breakdowns_under_any[code].append(category)
        if belongs:
            vat.breakdowns[code].append(category)


def _note_allowance_charge(vat: Vat, code: str, category: Element, parent: Element) -> None:
    if is_allowance(parent):
        vat.allowances[code].append(category)
    elif is_charge(parent):
        vat.charges[code].append(category)


def _is_breakdown(subject: Subject, element: Element) -> bool:
    total = element.parent
    return (
        element.name == "cac:TaxSubtotal"
        and total is not None
        and total.name == "cac:TaxTotal"
        and total.parent is subject.root
    )


def _note_item(vat: Vat, category: Element) -> None:
    code = code_of(category)
    vat.sold_under_any.add(code)
    vat.items_under_any[code].append(category)
    if not is_vat(category):
        return
    vat.items[code].append(category)
    vat.sold.add(code)
    if "cbc:ID" in category.kids:
        vat.codes[code].append(category)
    if _is_of_line(category):
        vat.lines[code].append(category)


def _is_of_line(category: Element) -> bool:
    item = category.parent
    return item is not None and item.name == "cac:Item" and is_child_of(item, LINES)


def code_of(category: Element) -> str:
    """Return the code of a category, blanks around it left out; empty where it has none."""
    codes = category.kids.get("cbc:ID")
    return string(codes[0]).strip(BLANKS) if codes else ""


def has_vat_number(party: Element) -> bool:
    """Tell whether a seller or buyer has a VAT number (BT-31, BT-48)."""
    schemes = party.each("cac:Party", "cac:PartyTaxScheme")
    return any("cbc:CompanyID" in scheme.kids and is_vat(scheme) for scheme in schemes)

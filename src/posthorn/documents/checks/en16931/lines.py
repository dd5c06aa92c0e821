"""Lines: number, quantity, amount, item and price."""

from __future__ import annotations

import re

from posthorn.documents.checks.en16931.contexts import (
    BLANKS,
    LINES,
    every,
    has_text,
    is_child_of,
    string,
)
from posthorn.documents.checks.rules import EN16931, Answer, Broken
from posthorn.documents.checks.selects import anywhere, lines, named, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule
_QUANTITIES = ("cbc:InvoicedQuantity", "cbc:CreditedQuantity")
# XPath compares what has no type as xs:double, whose form is wider than that of an amount.
_NEGATIVE = re.compile(r"-(?:INF|[\d.]+[eE][+-]?\d+)", re.ASCII)


def _lacking(line: Element) -> Broken:
    return Broken(line=line.text("cbc:ID"))


@rule("BR-21", lines)
def has_a_line_number(line: Element, _: Subject) -> Answer:
    """BT-126: a line has a number (EN 16931-1, BR-21)."""
    return has_text(line, "cbc:ID") or Broken(item=line.text("cac:Item", "cbc:Name"))


@rule("BR-22", lines)
def has_a_quantity(line: Element, _: Subject) -> Answer:
    """BT-129: a line has a quantity (EN 16931-1, BR-22)."""
    kids = line.kids
    return "cbc:InvoicedQuantity" in kids or "cbc:CreditedQuantity" in kids or _lacking(line)


@rule("BR-23", lines)
def has_a_unit(line: Element, _: Subject) -> Answer:
    """BT-130: the quantity of a line has a unit (EN 16931-1, BR-23)."""
    for name in _QUANTITIES:
        for quantity in line.kids.get(name, ()):
            if "unitCode" in quantity.attributes:
                return True
    return _lacking(line)


@rule("BR-24", lines)
def has_a_net_amount(line: Element, _: Subject) -> Answer:
    """BT-131: a line has a net amount (EN 16931-1, BR-24)."""
    return "cbc:LineExtensionAmount" in line.kids or _lacking(line)


@rule("BR-25", lines)
def names_the_item(line: Element, _: Subject) -> Answer:
    """BT-153: a line names the item (EN 16931-1, BR-25)."""
    for item in line.kids.get("cac:Item", ()):
        if has_text(item, "cbc:Name"):
            return True
    return _lacking(line)


@rule("BR-26", lines)
def has_a_price(line: Element, _: Subject) -> Answer:
    """BT-146: a line has the item's net price (EN 16931-1, BR-26)."""
    for price in line.kids.get("cac:Price", ()):
        if "cbc:PriceAmount" in price.kids:
            return True
    return _lacking(line)


@rule("BR-27", lines)
def has_no_negative_price(line: Element, subject: Subject) -> Answer:
    """BT-146: the item's net price is not negative (EN 16931-1, BR-27)."""
    found = None
    for price in line.kids.get("cac:Price", ()):
        for found in price.kids.get("cbc:PriceAmount", ()):
            if not _is_negative(found, subject):
                return True
    return Broken(at=found, line=line.text("cbc:ID"), price=found and found.value)


@rule("BR-28", lines)
def has_no_negative_gross_price(line: Element, subject: Subject) -> Answer:
    """BT-148: the item's gross price is not negative (EN 16931-1, BR-28)."""
    found = None
    for price in line.kids.get("cac:Price", ()):
        if "cac:AllowanceCharge" in price.kids:
            for found in every(price, "cac:AllowanceCharge", "cbc:BaseAmount"):
                if not _is_negative(found, subject):
                    return True
    if found is None:
        return True
    return Broken(at=found, line=line.text("cbc:ID"), price=found.value)


def _is_negative(amount: Element, subject: Subject) -> bool:
    number = subject.number(amount)
    if number is not None:
        return number < 0
    # What is no number at all is the schema's to name.
    return _NEGATIVE.fullmatch(string(amount).strip(BLANKS)) is not None


@rule("BR-54", named("cac:AdditionalItemProperty"))
def has_name_and_value(attribute: Element, _: Subject) -> Answer:
    """BT-160, BT-161: an attribute of an item has a name and a value (EN 16931-1, BR-54)."""
    return "cbc:Name" in attribute.kids and "cbc:Value" in attribute.kids


def _is_of_a_line(identifier: Element) -> bool:
    place = identifier.parent
    return (
        place is not None
        and place.parent is not None
        and place.parent.name == "cac:Item"
        and is_child_of(place.parent, LINES)
    )


@rule("BR-64", where(anywhere("cac:StandardItemIdentification/cbc:ID"), _is_of_a_line))
def has_the_scheme_of_the_standard_number(identifier: Element, _: Subject) -> Answer:
    """BT-157: an item's standard number says of which scheme it is (EN 16931-1, BR-64)."""
    return "schemeID" in identifier.attributes or Broken(number=identifier.value)


@rule(
    "BR-65",
    where(anywhere("cac:CommodityClassification/cbc:ItemClassificationCode"), _is_of_a_line),
)
def has_the_list_of_the_classification(code: Element, _: Subject) -> Answer:
    """BT-158: an item's classification says of which list it is (EN 16931-1, BR-65)."""
    return "listID" in code.attributes or Broken(code=code.value)

"""Allowances and charges, on the whole document and on a line: amount, reason, VAT category."""

from __future__ import annotations

from posthorn.documents.checks.en16931.contexts import (
    LINES,
    is_allowance,
    is_charge,
    is_child_of,
    vat_categories,
)
from posthorn.documents.checks.rules import EN16931, Answer
from posthorn.documents.checks.selects import at, named, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

add = EN16931.add
of_document = at("cac:AllowanceCharge")
of_lines = where(named("cac:AllowanceCharge"), lambda found: is_child_of(found, LINES))
allowances = where(of_document, is_allowance)
charges = where(of_document, is_charge)
line_allowances = where(of_lines, is_allowance)
line_charges = where(of_lines, is_charge)


def has_an_amount(found: Element, _: Subject) -> Answer:
    """BT-92, BT-99, BT-136, BT-141: an allowance or charge has an amount."""
    return "cbc:Amount" in found.kids


def has_a_reason(found: Element, _: Subject) -> Answer:
    """BT-97, BT-104, BT-139, BT-144, or their codes: an allowance or charge has a reason."""
    return "cbc:AllowanceChargeReason" in found.kids or (
        "cbc:AllowanceChargeReasonCode" in found.kids
    )


def has_a_vat_category(found: Element, _: Subject) -> Answer:
    """BT-95, BT-102: an allowance or charge on the document has a VAT category code."""
    return any("cbc:ID" in category.kids for category in vat_categories(found))


# EN 16931-1, BR-31 to BR-33, BR-36 to BR-38 and BR-41 to BR-44.
add("BR-31", allowances, has_an_amount)
add("BR-32", allowances, has_a_vat_category)
add("BR-33", allowances, has_a_reason)
add("BR-36", charges, has_an_amount)
add("BR-37", charges, has_a_vat_category)
add("BR-38", charges, has_a_reason)
add("BR-41", line_allowances, has_an_amount)
add("BR-42", line_allowances, has_a_reason)
add("BR-43", line_charges, has_an_amount)
add("BR-44", line_charges, has_a_reason)

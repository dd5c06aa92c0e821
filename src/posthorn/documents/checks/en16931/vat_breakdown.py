"""What each row of the VAT breakdown must say, whatever its category."""

from __future__ import annotations

from posthorn.documents.checks.en16931.contexts import is_vat, trimmed
from posthorn.documents.checks.rules import EN16931, Answer
from posthorn.documents.checks.selects import anywhere
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule
rows = anywhere("cac:TaxTotal/cac:TaxSubtotal")


@rule("BR-45", rows)
def has_a_taxable_amount(row: Element, _: Subject) -> Answer:
    """BT-116: a row of the VAT breakdown has a taxable amount (EN 16931-1, BR-45)."""
    return "cbc:TaxableAmount" in row.kids


@rule("BR-46", rows)
def has_a_vat_amount(row: Element, _: Subject) -> Answer:
    """BT-117: a row of the VAT breakdown has a VAT amount (EN 16931-1, BR-46)."""
    return "cbc:TaxAmount" in row.kids


@rule("BR-47", rows)
def has_a_category(row: Element, _: Subject) -> Answer:
    """BT-118: a row of the VAT breakdown has a VAT category code (EN 16931-1, BR-47)."""
    # A loop, as any() takes three times as long; so below.
    for category in row.kids.get("cac:TaxCategory", ()):
        if "cbc:ID" in category.kids and is_vat(category):
            return True
    return False


@rule("BR-48", rows)
def has_a_rate(row: Element, _: Subject) -> Answer:
    """BT-119: a row has a VAT rate, unless it is not subject to VAT (EN 16931-1, BR-48)."""
    for category in row.kids.get("cac:TaxCategory", ()):
        if "cbc:Percent" in category.kids or "O" in trimmed(category, "cbc:ID"):  # noqa: SIM102
            if is_vat(category):
                return True
    return False

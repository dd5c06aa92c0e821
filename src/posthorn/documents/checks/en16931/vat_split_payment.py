"""Split payment (B), which is for Italy alone (BR-B-01, BR-B-02)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from posthorn.documents.checks.en16931.contexts import string
from posthorn.documents.checks.rules import EN16931, Answer, Broken
from posthorn.documents.checks.selects import root
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule


def _has_split_payment(found: Sequence[Element], subject: Subject) -> Sequence[Element]:
    categories = (*subject.named("cac:TaxCategory"), *subject.named("cac:ClassifiedTaxCategory"))
    return found if _has(categories, "B") else ()


_documents = root.then(_has_split_payment)


@rule("BR-B-01", _documents)
def split_payment_is_italian(_: Element, subject: Subject) -> Answer:
    """BT-95, BT-102, BT-118, BT-151: B only where every country is Italy (EN 16931-1, BR-B-1)."""
    for country in subject.named("cbc:IdentificationCode"):
        if string(country) != "IT":
            return Broken(at=country, found=string(country))
    return True


@rule("BR-B-02", _documents)
def split_payment_excludes_standard_rate(invoice: Element, subject: Subject) -> Answer:
    """BT-95, BT-102, BT-118, BT-151: no S beside B (EN 16931-1, BR-B-2)."""
    categories = (
        *invoice.each("cac:TaxTotal", "cac:TaxSubtotal", "cac:TaxCategory"),
        *invoice.each("cac:AllowanceCharge", "cac:TaxCategory"),
        *subject.named("cac:ClassifiedTaxCategory"),
    )
    return not (_has(categories, "B") and _has(categories, "S"))


def _has(categories: Iterable[Element], code: str) -> bool:
    # Blanks around the code are not forgiven here, as in the official test.
    for category in categories:
        for found in category.kids.get("cbc:ID", ()):
            if string(found) == code:
                return True
    return False

"""What every invoice must say of itself: number, dates, codes (BR-01 to BR-05)."""

from __future__ import annotations

from posthorn.documents.checks.rules import EN16931, Answer
from posthorn.documents.checks.selects import root
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule


@rule("BR-02", root)
def has_a_number(invoice: Element, _: Subject) -> Answer:
    """BT-1: an invoice has a number (EN 16931-1, BR-2)."""
    return invoice.text("cbc:ID") is not None

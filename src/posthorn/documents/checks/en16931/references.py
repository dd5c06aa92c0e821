"""Preceding invoices and supporting documents."""

from __future__ import annotations

from posthorn.documents.checks.en16931.contexts import every, has_text
from posthorn.documents.checks.rules import EN16931, Answer
from posthorn.documents.checks.selects import named
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule


@rule("BR-52", named("cac:AdditionalDocumentReference"))
def has_a_reference(document: Element, _: Subject) -> Answer:
    """BT-122: a supporting document has a reference (EN 16931-1, BR-52)."""
    return has_text(document, "cbc:ID")


@rule("BR-55", named("cac:BillingReference"))
def has_the_preceding_number(reference: Element, _: Subject) -> Answer:
    """BT-25: a reference to a preceding invoice has its number (EN 16931-1, BR-55)."""
    return bool(every(reference, "cac:InvoiceDocumentReference", "cbc:ID"))

"""What every invoice must say of itself: number, dates, codes, totals, lines."""

from __future__ import annotations

from posthorn.documents.checks.en16931.contexts import has_text, string
from posthorn.documents.checks.rules import EN16931, Answer, Broken
from posthorn.documents.checks.selects import named, root
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule
totals = named("cac:LegalMonetaryTotal")


@rule("BR-01", root)
def names_its_specification(invoice: Element, _: Subject) -> Answer:
    """BT-24: an invoice names the specification it follows (EN 16931-1, BR-1)."""
    return has_text(invoice, "cbc:CustomizationID")


@rule("BR-02", root)
def has_a_number(invoice: Element, _: Subject) -> Answer:
    """BT-1: an invoice has a number (EN 16931-1, BR-2)."""
    return has_text(invoice, "cbc:ID")


@rule("BR-03", root)
def has_an_issue_date(invoice: Element, _: Subject) -> Answer:
    """BT-2: an invoice has an issue date (EN 16931-1, BR-3)."""
    return has_text(invoice, "cbc:IssueDate")


@rule("BR-04", root)
def has_a_type_code(invoice: Element, _: Subject) -> Answer:
    """BT-3: an invoice has a type code (EN 16931-1, BR-4)."""
    return has_text(invoice, "cbc:InvoiceTypeCode") or has_text(invoice, "cbc:CreditNoteTypeCode")


@rule("BR-05", root)
def has_a_currency(invoice: Element, _: Subject) -> Answer:
    """BT-5: an invoice has a currency (EN 16931-1, BR-5)."""
    return has_text(invoice, "cbc:DocumentCurrencyCode")


@rule("BR-12", totals)
def has_the_sum_of_lines(total: Element, _: Subject) -> Answer:
    """BT-106: the totals state the sum of the lines' net amounts (EN 16931-1, BR-12)."""
    return "cbc:LineExtensionAmount" in total.kids


@rule("BR-13", totals)
def has_the_total_without_vat(total: Element, _: Subject) -> Answer:
    """BT-109: the totals state the amount without VAT (EN 16931-1, BR-13)."""
    return "cbc:TaxExclusiveAmount" in total.kids


@rule("BR-14", totals)
def has_the_total_with_vat(total: Element, _: Subject) -> Answer:
    """BT-112: the totals state the amount with VAT (EN 16931-1, BR-14)."""
    return "cbc:TaxInclusiveAmount" in total.kids


@rule("BR-15", totals)
def has_the_amount_due(total: Element, _: Subject) -> Answer:
    """BT-115: the totals state the amount due for payment (EN 16931-1, BR-15)."""
    return "cbc:PayableAmount" in total.kids


@rule("BR-16", root)
def has_a_line(invoice: Element, _: Subject) -> Answer:
    """BG-25: an invoice has a line (EN 16931-1, BR-16)."""
    return "cac:InvoiceLine" in invoice.kids or "cac:CreditNoteLine" in invoice.kids


@rule("BR-53", root)
def states_vat_in_the_tax_currency(invoice: Element, subject: Subject) -> Answer:
    """BT-6, BT-111: who names a VAT currency states the VAT in it (EN 16931-1, BR-53)."""
    for code in invoice.kids.get("cbc:TaxCurrencyCode", ()):
        if not any(
            amount.attributes.get("currencyID") == string(code)
            for total in subject.named("cac:TaxTotal")
            for amount in total.kids.get("cbc:TaxAmount", ())
        ):
            return Broken(at=code, currency=code.value)
    return True

"""What Peppol asks of every document: process, references, addresses, tax totals.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from posthorn.documents.checks.peppol.places import is_german
from posthorn.documents.checks.peppol.text import has, raw, tidied, tidy
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken
from posthorn.documents.checks.selects import anywhere, named, root, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_EMPTY: Final = "PEPPOL-EN16931-R008"
SPECIFICATION: Final = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
BILLING: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
# The processes that the release of May 2026 knows, with their numbers.
_PROCESSES: Final = {
    BILLING: "01",
    "urn:peppol:france:billing:regulated": "01",
    "urn:peppol:france:billing:non-regulated": "01",
    "urn:peppol:bis:billing_with_response": "02",
}
_DIRECT_DEBIT: Final = frozenset({"49", "59"})
_PROJECT: Final = "50"  # UNTDID 1001: a reference to a project
_MOST_NOTES: Final = 1


def process(subject: Subject) -> str | None:
    """Return the number of the business process (BT-23), 01 or 02; None for an unknown one."""
    return _PROCESSES.get(tidied(subject.root, "cbc:ProfileID"))


@PEPPOL.sweep("PEPPOL-EMPTY", {_EMPTY: Severity.FATAL})
def find_empty(subject: Subject) -> Iterator[tuple[str, Broken]]:
    """Find the elements that are there and say nothing."""
    for namesakes in subject.by_name.values():
        for found in namesakes:
            value = found.value
            # isspace() ends at the first letter and leaves large values alone.
            if value is not None and (not value or value.isspace()) and not tidy(value):
                yield _EMPTY, Broken(at=found, element=found.name)


@rule("PEPPOL-EN16931-R080", named("cn:CreditNote"))
def names_one_project(note: Element, _: Subject) -> Answer:
    """BT-11: a credit note names at most one project (a document reference of type 50)."""
    count = sum(
        any(kind.value == _PROJECT for kind in reference.each("cbc:DocumentTypeCode"))
        for reference in note.each("cac:AdditionalDocumentReference")
    )
    return count <= 1 or Broken(count=count)


@rule("PEPPOL-EN16931-R001", root)
def names_a_process(invoice: Element, _: Subject) -> Answer:
    """BT-23: the business process is given."""
    return "cbc:ProfileID" in invoice.kids or Broken(expected=BILLING)


@rule("PEPPOL-EN16931-R007", root)
def names_a_known_process(invoice: Element, subject: Subject) -> Answer:
    """BT-23: the business process is one of the list (a list since the release of May 2026)."""
    return process(subject) is not None or Broken(
        expected=BILLING, found=invoice.text("cbc:ProfileID")
    )


@rule("PEPPOL-EN16931-R002", root)
def has_one_note(invoice: Element, subject: Subject) -> Answer:
    """BT-22: there is at most one note, unless seller and buyer are in Germany."""
    count = len(invoice.kids.get("cbc:Note", ()))
    return count <= _MOST_NOTES or is_german(subject) or Broken(count=count)


@rule("PEPPOL-EN16931-R003", root)
def has_a_reference(invoice: Element, _: Subject) -> Answer:
    """BT-10, BT-13: there is a reference of the buyer or a purchase order."""
    return "cbc:BuyerReference" in invoice.kids or has(invoice, "cac:OrderReference", "cbc:ID")


@rule("PEPPOL-EN16931-R004", root)
def names_the_specification(invoice: Element, _: Subject) -> Answer:
    """BT-24: the specification is Peppol BIS Billing 3.0, without empty parts (::)."""
    found = tidied(invoice, "cbc:CustomizationID")
    return (found.startswith(SPECIFICATION) and "::" not in found) or Broken(
        expected=SPECIFICATION, found=found or None
    )


@rule("PEPPOL-EN16931-R053", root)
def has_one_breakdown(invoice: Element, _: Subject) -> Answer:
    """BG-23: exactly one tax total has the breakdown by rate."""
    totals = invoice.kids.get("cac:TaxTotal", ())
    count = sum("cac:TaxSubtotal" in total.kids for total in totals)
    return count == 1 or Broken(count=count)


@rule("PEPPOL-EN16931-R054", root)
def has_the_total_in_the_tax_currency(invoice: Element, _: Subject) -> Answer:
    """BT-111: one tax total without a breakdown with a tax currency (BT-6), none without one."""
    totals = invoice.kids.get("cac:TaxTotal", ())
    count = sum("cac:TaxSubtotal" not in total.kids for total in totals)
    expected = 1 if "cbc:TaxCurrencyCode" in invoice.kids else 0
    return count == expected or Broken(expected=expected, count=count)


@rule("PEPPOL-EN16931-R055", where(root, lambda found: "cbc:TaxCurrencyCode" in found.kids))
def has_tax_of_one_sign(invoice: Element, subject: Subject) -> Answer:
    """BT-110, BT-111: the tax has the same sign in both currencies."""
    tax = _tax_in(tidied(invoice, "cbc:TaxCurrencyCode"), subject)
    own = _tax_in(tidied(invoice, "cbc:DocumentCurrencyCode"), subject)
    return (
        (any(amount <= 0 for amount in tax) and any(amount <= 0 for amount in own))
        or (any(amount >= 0 for amount in tax) and any(amount >= 0 for amount in own))
        or Broken(own=", ".join(map(str, own)) or None, tax=", ".join(map(str, tax)) or None)
    )


def _tax_in(currency: str, subject: Subject) -> list[Decimal]:
    amounts = (
        subject.number(amount)
        for amount in subject.root.each("cac:TaxTotal", "cbc:TaxAmount")
        if amount.attributes.get("currencyID") == currency
    )
    return [amount for amount in amounts if amount is not None]


@rule("PEPPOL-EN16931-R005", named("cbc:TaxCurrencyCode"))
def differs_from_the_invoice_currency(code: Element, _: Subject) -> Answer:
    """BT-6: the tax currency is another than the currency of the invoice (BT-5)."""
    parent = code.parent
    own = raw(parent, "cbc:DocumentCurrencyCode") if parent is not None else ""
    return tidy(code.value) != tidy(own) or Broken(found=tidy(code.value))


@rule("PEPPOL-EN16931-R010", anywhere("cac:AccountingCustomerParty/cac:Party"))
def buyer_has_an_address(buyer: Element, _: Subject) -> Answer:
    """BT-49: the buyer has an electronic address."""
    return "cbc:EndpointID" in buyer.kids


@rule("PEPPOL-EN16931-R020", anywhere("cac:AccountingSupplierParty/cac:Party"))
def seller_has_an_address(seller: Element, _: Subject) -> Answer:
    """BT-34: the seller has an electronic address."""
    return "cbc:EndpointID" in seller.kids


@rule("PEPPOL-EN16931-R061", named("cac:PaymentMeans"))
def debit_has_a_mandate(means: Element, _: Subject) -> Answer:
    """BT-89: a direct debit (BT-81 is 49 or 59) names its mandate."""
    code = tidied(means, "cbc:PaymentMeansCode")
    return (
        code not in _DIRECT_DEBIT
        or has(means, "cac:PaymentMandate", "cbc:ID")
        or Broken(found=code)
    )

"""What Peppol asks of sellers in Iceland.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

from typing import Final

from posthorn.documents.checks.peppol.dates import day
from posthorn.documents.checks.peppol.places import BUYER, SELLER, where_parties
from posthorn.documents.checks.peppol.text import has, tidied, tidy
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken
from posthorn.documents.checks.selects import at, root
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_KINDS: Final = frozenset({"380", "381"})
_KENNITALA: Final = "0196"  # ISO 6523: the Icelandic identification number
_ACCOUNT: Final = 12  # digits: bank, ledger and account
_DEADLINE: Final = "EINDAGI"  # the last day to pay, as a document reference's description
_invoices: Final = where_parties(lambda parties: parties.seller_as_sent == "IS", root)
_buyers: Final = where_parties(
    lambda parties: parties.seller_as_sent == "IS" == parties.buyer_as_sent,
    at("cac:AccountingCustomerParty"),
)


def _has_kennitala(party: Element, *path: str) -> bool:
    numbers = party.each(*path, "cac:PartyLegalEntity", "cbc:CompanyID")
    return any(number.attributes.get("schemeID") == _KENNITALA for number in numbers)


def _has_address(party: Element, *path: str) -> bool:
    return has(party, *path, "cac:PostalAddress", "cbc:StreetName") and has(
        party, *path, "cac:PostalAddress", "cbc:PostalZone"
    )


def _deadlines(invoice: Element) -> list[Element]:
    """Return the references that tell the last day to pay."""
    return [
        reference
        for reference in invoice.each("cac:AdditionalDocumentReference")
        if any(words.value == _DEADLINE for words in reference.each("cbc:DocumentDescription"))
    ]


@rule("IS-R-001", _invoices, severity=Severity.WARNING)
def is_an_invoice_or_a_credit_note(invoice: Element, _: Subject) -> Answer:
    """BT-3: an Icelandic seller sends 380 or 381."""
    kinds = (
        tidied(invoice, "cbc:InvoiceTypeCode"),
        tidied(invoice, "cbc:CreditNoteTypeCode"),
    )
    return not _KINDS.isdisjoint(kinds) or Broken(found=max(kinds) or None)


@rule("IS-R-002", _invoices)
def seller_has_a_kennitala(invoice: Element, _: Subject) -> Answer:
    """BT-30: an Icelandic seller's registration is a kennitala (scheme 0196)."""
    return _has_kennitala(invoice, *SELLER)


@rule("IS-R-003", _invoices)
def seller_has_an_address(invoice: Element, _: Subject) -> Answer:
    """BT-35, BT-38: an Icelandic seller's address has street and post code."""
    return _has_address(invoice, *SELLER)


def _has_accounts(invoice: Element, code: str) -> Answer:
    """Hold where no payment is of that code, or they have one account of twelve digits."""
    means = [
        each
        for each in invoice.each("cac:PaymentMeans")
        if any(kind.value == code for kind in each.each("cbc:PaymentMeansCode"))
    ]
    accounts = [
        tidy(account.value)
        for each in means
        for account in each.each("cac:PayeeFinancialAccount", "cbc:ID")
    ]
    # With several the official rule stops, and its document is invalid.
    is_one = len(accounts) == 1 and len(accounts[0]) == _ACCOUNT
    return not means or is_one or Broken(found=", ".join(accounts) or None)


@rule("IS-R-006", _invoices)
def claim_has_an_account(invoice: Element, _: Subject) -> Answer:
    """BT-84: a payment by claim (BT-81 is 9) has an account of twelve digits."""
    return _has_accounts(invoice, "9")


@rule("IS-R-007", _invoices)
def transfer_has_an_account(invoice: Element, _: Subject) -> Answer:
    """BT-84: a transfer (BT-81 is 42) has an account of twelve digits."""
    return _has_accounts(invoice, "42")


@rule("IS-R-008", _invoices)
def deadline_is_a_day(invoice: Element, _: Subject) -> Answer:
    """BT-122: a reference described as EINDAGI is a day, YYYY-MM-DD; there is one at most."""
    found = _deadlines(invoice)
    values = [number.value or "" for each in found for number in each.each("cbc:ID")]
    is_one = len(values) == 1 and day(values[0]) is not None
    return not found or is_one or Broken(found=", ".join(values) or None)


@rule("IS-R-009", _invoices)
def deadline_goes_with_a_due_date(invoice: Element, _: Subject) -> Answer:
    """BT-9, BT-122: an invoice with EINDAGI has a due date."""
    return not _deadlines(invoice) or "cbc:DueDate" in invoice.kids


@rule("IS-R-010", _invoices)
def deadline_is_not_before_the_due_date(invoice: Element, _: Subject) -> Answer:
    """BT-9, BT-122: EINDAGI is the due date or later."""
    found = _deadlines(invoice)
    values = [number.value or "" for each in found for number in each.each("cbc:ID")]
    due = [each.value or "" for each in invoice.each("cbc:DueDate")]
    # Days of one form, so that the order of the characters is that of the days.
    is_later = any(first <= value for first in due for value in values)
    return (
        not found
        or is_later
        or Broken(due=due[0] if due else None, found=values[0] if values else None)
    )


@rule("IS-R-004", _buyers)
def buyer_has_a_kennitala(buyer: Element, _: Subject) -> Answer:
    """BT-47: the registration of an Icelandic seller's Icelandic buyer is a kennitala."""
    return _has_kennitala(buyer, BUYER[1])


@rule("IS-R-005", _buyers)
def buyer_has_an_address(buyer: Element, _: Subject) -> Answer:
    """BT-50, BT-53: the address of an Icelandic seller's Icelandic buyer: street, post code."""
    return _has_address(buyer, BUYER[1])

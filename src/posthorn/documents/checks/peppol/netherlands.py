"""What Peppol asks of sellers in the Netherlands, and of their invoices to Dutch buyers.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

from typing import Final

from posthorn.documents.checks.peppol.places import Countries, where_parties
from posthorn.documents.checks.peppol.text import has, tidied, tidy
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken
from posthorn.documents.checks.selects import Select, anywhere, named
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_ADDRESS: Final = ("cbc:StreetName", "cbc:CityName", "cbc:PostalZone")
_REGISTERS: Final = ("0106", "0190")  # ISO 6523: KVK and OIN
_PAYMENTS: Final = frozenset({"30", "48", "49", "57", "58", "59"})


def _has_dutch_seller(parties: Countries) -> bool:
    return parties.seller == "NL"


def _are_dutch(parties: Countries) -> bool:
    return parties.seller == "NL" == parties.buyer


def _has_dutch_representative(parties: Countries) -> bool:
    return parties.seller == "NL" == parties.representative


def _of_dutch_seller(select: Select) -> Select:
    return where_parties(_has_dutch_seller, select)


def _of_dutch_parties(select: Select) -> Select:
    return where_parties(_are_dutch, select)


def _has_address(address: Element) -> Answer:
    missing = [name.removeprefix("cbc:") for name in _ADDRESS if name not in address.kids]
    return not missing or Broken(missing=", ".join(missing))


def _is_registered(number: Element) -> Answer:
    scheme = number.attributes.get("schemeID")
    words = f" {scheme} "
    is_known = any(f" {register} " in words for register in _REGISTERS)
    return (is_known and bool(tidy(number.value))) or Broken(
        found=tidy(number.value) or None, scheme=scheme
    )


@rule("NL-R-001", _of_dutch_seller(named("cbc:CreditNoteTypeCode")))
def credit_note_names_its_invoice(_: Element, subject: Subject) -> Answer:
    """BT-25: a Dutch seller's credit note names the invoice it corrects."""
    return has(subject.root, "cac:BillingReference", "cac:InvoiceDocumentReference", "cbc:ID")


@rule(
    "NL-R-002",
    _of_dutch_seller(anywhere("cac:AccountingSupplierParty/cac:Party/cac:PostalAddress")),
)
def seller_has_an_address(address: Element, _: Subject) -> Answer:
    """BT-35, 37, 38: a Dutch seller's address has street, city and post code."""
    return _has_address(address)


@rule(
    "NL-R-003",
    _of_dutch_seller(
        anywhere("cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID")
    ),
)
def seller_is_registered(number: Element, _: Subject) -> Answer:
    """BT-30: a Dutch seller's registration is a KVK number or an OIN."""
    return _is_registered(number)


@rule(
    "NL-R-004",
    _of_dutch_parties(anywhere("cac:AccountingCustomerParty/cac:Party/cac:PostalAddress")),
)
def buyer_has_an_address(address: Element, _: Subject) -> Answer:
    """BT-50, 52, 53: the address of a Dutch seller's Dutch buyer has street, city, post code."""
    return _has_address(address)


@rule(
    "NL-R-005",
    _of_dutch_parties(
        anywhere("cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID")
    ),
)
def buyer_is_registered(number: Element, _: Subject) -> Answer:
    """BT-47: the registration of a Dutch seller's Dutch buyer is a KVK number or an OIN."""
    return _is_registered(number)


@rule(
    "NL-R-006",
    where_parties(
        _has_dutch_representative, anywhere("cac:TaxRepresentativeParty/cac:PostalAddress")
    ),
)
def representative_has_an_address(address: Element, _: Subject) -> Answer:
    """BT-64, 66, 67: a Dutch tax representative's address has street, city and post code."""
    return _has_address(address)


@rule("NL-R-007", _of_dutch_seller(named("cac:LegalMonetaryTotal")))
def says_how_to_pay(totals: Element, subject: Subject) -> Answer:
    """BG-16: a Dutch seller who is owed something says how to pay."""
    payable = totals.first("cbc:PayableAmount")
    amount = subject.number(payable) if payable is not None else None
    if amount is not None and (amount >= 0 if subject.is_credit_note else amount <= 0):
        return True
    return bool(subject.named("cac:PaymentMeans")) or Broken(found=amount)


@rule("NL-R-008", _of_dutch_parties(named("cac:PaymentMeans")))
def pays_in_a_dutch_way(means: Element, _: Subject) -> Answer:
    """BT-81: between Dutch parties one pays by 30, 48, 49, 57, 58 or 59."""
    found = tidied(means, "cbc:PaymentMeansCode")
    return found in _PAYMENTS or Broken(found=found or None)


@rule("NL-R-009", _of_dutch_seller(anywhere("cac:OrderLineReference/cbc:LineID")))
def order_line_is_of_an_order(_: Element, subject: Subject) -> Answer:
    """BT-13, BT-132: who refers to a line of an order names the order."""
    return has(subject.root, "cac:OrderReference", "cbc:ID")

"""What a party's UBL may repeat and EN 16931 may not, where its value decides.

Source of all: the UBL syntax binding, CEN/TS 16931-3-2, as the validation artefacts 1.3.16 read it.
"""

from __future__ import annotations

from posthorn.documents.checks.en16931.contexts import (
    every,
    is_allowance,
    is_charge,
    strings,
)
from posthorn.documents.checks.en16931.syntax import repeated
from posthorn.documents.checks.rules import EN16931, Answer, Broken
from posthorn.documents.checks.selects import anywhere, named, root, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule
_SELLER = ("cac:AccountingSupplierParty", "cac:Party")
_BUYER = ("cac:AccountingCustomerParty", "cac:Party")
_payees = named("cac:PayeeParty")
_adjustments = named("cac:AllowanceCharge")


def _schemes(registration: Element) -> set[str]:
    return {
        next(iter(strings(scheme.kids.get("cbc:ID", ()))), "").upper()
        for scheme in registration.kids.get("cac:TaxScheme", ())
    }


def _vat_numbers(invoice: Element, party: tuple[str, str]) -> list[Element]:
    return [
        number
        for registration in every(invoice, *party, "cac:PartyTaxScheme")
        if "VAT" in _schemes(registration)
        for number in registration.kids.get("cbc:CompanyID", ())
    ]


@rule("UBL-SR-12", root)
def has_one_vat_number_of_the_seller(invoice: Element, _: Subject) -> Answer:
    """BT-31: the seller has at most one VAT number."""
    found = _vat_numbers(invoice, _SELLER)
    return len(found) <= 1 or repeated(found)


@rule("UBL-SR-13", root)
def has_one_tax_number_of_the_seller(invoice: Element, _: Subject) -> Answer:
    """BT-32: the seller has at most one tax number beside the VAT number."""
    found = [
        number
        for registration in every(invoice, *_SELLER, "cac:PartyTaxScheme")
        if _schemes(registration) - {"VAT"}
        for number in registration.kids.get("cbc:CompanyID", ())
    ]
    return len(found) <= 1 or repeated(found)


@rule("UBL-SR-18", root)
def has_one_vat_number_of_the_buyer(invoice: Element, _: Subject) -> Answer:
    """BT-48: the buyer has at most one VAT number."""
    found = _vat_numbers(invoice, _BUYER)
    return len(found) <= 1 or repeated(found)


@rule("UBL-SR-42", anywhere("cac:AccountingSupplierParty/cac:Party"))
def has_two_tax_registrations_at_most(party: Element, _: Subject) -> Answer:
    """BT-31, BT-32: the seller has at most a VAT number and a tax number."""
    found = party.kids.get("cac:PartyTaxScheme", ())
    return len(found) <= 2 or Broken(at=found[2], count=len(found))  # noqa: PLR2004  # as above


@rule("UBL-SR-53", named("cac:PartyTaxScheme"))
def has_scheme_and_number(registration: Element, _: Subject) -> Answer:
    """BT-31, BT-32, BT-48, BT-63: a tax registration has a scheme and a number."""
    return "cbc:CompanyID" in registration.kids and any(
        "cbc:ID" in scheme.kids for scheme in registration.kids.get("cac:TaxScheme", ())
    )


@rule("UBL-SR-29", root)
def has_one_creditor_identifier(_: Element, subject: Subject) -> Answer:
    """BT-90: the document has at most one bank creditor identifier, of scheme SEPA."""
    found = [
        number
        for identification in subject.named("cac:PartyIdentification")
        for number in identification.kids.get("cbc:ID", ())
        if number.attributes.get("schemeID", "").upper() == "SEPA"
    ]
    return len(found) <= 1 or repeated(found)


@rule("UBL-SR-19", _payees)
def has_one_payee_name(payee: Element, subject: Subject) -> Answer:
    """BT-59: a payee has one name, and not the seller's."""
    return _single_and_other(payee, subject, every(payee, "cac:PartyName", "cbc:Name"))


@rule("UBL-SR-20", _payees)
def has_one_payee_identifier(payee: Element, subject: Subject) -> Answer:
    """BT-60: a payee who is not the seller has at most one identifier, creditor's apart."""
    numbers = every(payee, "cac:PartyIdentification", "cbc:ID")
    found = [one for one in numbers if one.attributes.get("schemeID", "").upper() != "SEPA"]
    return _single_and_other(payee, subject, found)


@rule("UBL-SR-21", _payees)
def has_one_payee_registration(payee: Element, subject: Subject) -> Answer:
    """BT-61: a payee who is not the seller has at most one legal registration."""
    found = every(payee, "cac:PartyLegalEntity", "cbc:CompanyID")
    return _single_and_other(payee, subject, found)


def _single_and_other(payee: Element, subject: Subject, found: list[Element]) -> Answer:
    if len(found) > 1:
        return repeated(found)
    above = payee.parent or subject.root
    sellers = strings(every(above, *_SELLER, "cac:PartyLegalEntity", "cbc:RegistrationName"))
    # XPath's unlike: true of two lists when any of one is unlike any of the other.
    return any(sellers - {name} for name in strings(every(payee, "cac:PartyName", "cbc:Name")))


def _has_one_reason(found: Element, _: Subject) -> Answer:
    """BT-97, BT-104, BT-139, BT-144: an allowance or charge has at most one reason in words."""
    reasons = found.kids.get("cbc:AllowanceChargeReason", [])
    return len(reasons) <= 1 or repeated(reasons)


EN16931.add("UBL-SR-30", where(_adjustments, is_allowance), _has_one_reason)
EN16931.add("UBL-SR-31", where(_adjustments, is_charge), _has_one_reason)

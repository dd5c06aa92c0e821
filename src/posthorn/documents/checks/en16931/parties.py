"""Seller, buyer, payee and tax representative: names, addresses, electronic addresses."""

from __future__ import annotations

from posthorn.documents.checks.en16931.contexts import every, has_text, is_vat, strings
from posthorn.documents.checks.rules import EN16931, Answer
from posthorn.documents.checks.selects import anywhere, named, root
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule
_SELLER = ("cac:AccountingSupplierParty", "cac:Party")
_BUYER = ("cac:AccountingCustomerParty", "cac:Party")
representatives = named("cac:TaxRepresentativeParty")


@rule("BR-06", root)
def names_the_seller(invoice: Element, _: Subject) -> Answer:
    """BT-27: an invoice names the seller (EN 16931-1, BR-6)."""
    return _is_named(invoice, _SELLER)


@rule("BR-07", root)
def names_the_buyer(invoice: Element, _: Subject) -> Answer:
    """BT-44: an invoice names the buyer (EN 16931-1, BR-7)."""
    return _is_named(invoice, _BUYER)


def _is_named(invoice: Element, party: tuple[str, str]) -> bool:
    entities = every(invoice, *party, "cac:PartyLegalEntity")
    return any(has_text(entity, "cbc:RegistrationName") for entity in entities)


@rule("BR-08", root)
def has_the_sellers_address(invoice: Element, _: Subject) -> Answer:
    """BG-5: an invoice has the seller's postal address (EN 16931-1, BR-8)."""
    return any("cac:PostalAddress" in party.kids for party in every(invoice, *_SELLER))


@rule("BR-10", root)
def has_the_buyers_address(invoice: Element, _: Subject) -> Answer:
    """BG-8: an invoice has the buyer's postal address (EN 16931-1, BR-10)."""
    return any("cac:PostalAddress" in party.kids for party in every(invoice, *_BUYER))


@rule("BR-09", anywhere("cac:AccountingSupplierParty/cac:Party/cac:PostalAddress"))
def has_the_sellers_country(address: Element, _: Subject) -> Answer:
    """BT-40: the seller's address has a country (EN 16931-1, BR-9)."""
    return _has_country(address)


@rule("BR-11", anywhere("cac:AccountingCustomerParty/cac:Party/cac:PostalAddress"))
def has_the_buyers_country(address: Element, _: Subject) -> Answer:
    """BT-55: the buyer's address has a country (EN 16931-1, BR-11)."""
    return _has_country(address)


def _has_country(address: Element) -> bool:
    countries = address.kids.get("cac:Country", ())
    return any(has_text(country, "cbc:IdentificationCode") for country in countries)


@rule("BR-62", anywhere("cac:AccountingSupplierParty/cac:Party/cbc:EndpointID"))
def has_the_scheme_of_the_sellers_endpoint(endpoint: Element, _: Subject) -> Answer:
    """BT-34: the seller's electronic address says of which scheme it is (EN 16931-1, BR-62)."""
    return "schemeID" in endpoint.attributes


@rule("BR-63", anywhere("cac:AccountingCustomerParty/cac:Party/cbc:EndpointID"))
def has_the_scheme_of_the_buyers_endpoint(endpoint: Element, _: Subject) -> Answer:
    """BT-49: the buyer's electronic address says of which scheme it is (EN 16931-1, BR-63)."""
    return "schemeID" in endpoint.attributes


@rule("BR-17", named("cac:PayeeParty"))
def names_a_payee_other_than_the_seller(payee: Element, subject: Subject) -> Answer:
    """BT-59: a payee is named, and is not the seller (EN 16931-1, BR-17)."""
    names = strings(every(payee, "cac:PartyName", "cbc:Name"))
    above = payee.parent or subject.root
    return (
        bool(names)
        and names.isdisjoint(strings(every(above, *_SELLER, "cac:PartyName", "cbc:Name")))
        and strings(every(payee, "cac:PartyIdentification", "cbc:ID")).isdisjoint(
            strings(every(above, *_SELLER, "cac:PartyIdentification", "cbc:ID"))
        )
    )


@rule("BR-18", representatives)
def names_the_representative(party: Element, _: Subject) -> Answer:
    """BT-62: the seller's tax representative is named (EN 16931-1, BR-18)."""
    return any(has_text(name, "cbc:Name") for name in party.kids.get("cac:PartyName", ()))


@rule("BR-19", representatives)
def has_the_representatives_address(party: Element, _: Subject) -> Answer:
    """BG-12: the seller's tax representative has a postal address (EN 16931-1, BR-19)."""
    return "cac:PostalAddress" in party.kids


@rule("BR-20", anywhere("cac:TaxRepresentativeParty/cac:PostalAddress"))
def has_the_representatives_country(address: Element, _: Subject) -> Answer:
    """BT-69: the tax representative's address has a country (EN 16931-1, BR-20)."""
    return _has_country(address)


@rule("BR-56", representatives)
def has_the_representatives_vat_number(party: Element, _: Subject) -> Answer:
    """BT-63: the seller's tax representative has a VAT number (EN 16931-1, BR-56)."""
    return any(
        is_vat(scheme) and "cbc:CompanyID" in scheme.kids
        for scheme in party.kids.get("cac:PartyTaxScheme", ())
    )

"""Writes the parties: BG-4, BG-7, BG-10, BG-11, and their addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from posthorn.documents.invoice import Address, Contact, Identifier, Party
from posthorn.documents.ubl.writing.branch import Branch

_NONE: Final = Party()


def seller(root: Branch, party: Party | None, creditors: Iterable[str]) -> None:
    """Write the seller (BG-4); creditors are SEPA identifiers (BT-90) that it keeps for UBL."""
    at, party = root.group("cac:AccountingSupplierParty").group("cac:Party"), party or _NONE
    _endpoint(at, party)
    _identifiers(at, party, creditors)
    at.group("cac:PartyName").text("cbc:Name", party.trading_name)
    address(at.group("cac:PostalAddress"), party.address)
    _tax_scheme(at, party.vat_identifier, "VAT")
    # BIS wants any name but VAT for a tax registration (BT-32).
    _tax_scheme(at, party.tax_registration, "TAX")
    legal = at.group("cac:PartyLegalEntity")
    _legal(legal, party)
    legal.text("cbc:CompanyLegalForm", party.legal_information)
    _contact(at.group("cac:Contact"), party.contact)


def buyer(root: Branch, party: Party | None) -> None:
    """Write the buyer (BG-7)."""
    at, party = root.group("cac:AccountingCustomerParty").group("cac:Party"), party or _NONE
    _endpoint(at, party)
    _identifiers(at, party)
    at.group("cac:PartyName").text("cbc:Name", party.trading_name)
    address(at.group("cac:PostalAddress"), party.address)
    _tax_scheme(at, party.vat_identifier, "VAT")
    _legal(at.group("cac:PartyLegalEntity"), party)
    _contact(at.group("cac:Contact"), party.contact)


def payee(root: Branch, party: Party | None, creditors: Iterable[str]) -> None:
    """Write the payee (BG-10); it keeps the creditor identifiers when there is one."""
    if party is None:
        return
    at = root.group("cac:PayeeParty")
    _identifiers(at, party, creditors)
    at.group("cac:PartyName").text("cbc:Name", party.name)
    _identifier(at.group("cac:PartyLegalEntity"), "cbc:CompanyID", party.legal_identifier)


def tax_representative(root: Branch, party: Party | None) -> None:
    """Write the seller's tax representative (BG-11)."""
    if party is None:
        return
    at = root.group("cac:TaxRepresentativeParty")
    at.group("cac:PartyName").text("cbc:Name", party.name)
    address(at.group("cac:PostalAddress"), party.address)
    _tax_scheme(at, party.vat_identifier, "VAT")


def address(at: Branch, address: Address | None) -> None:
    """Write an address into the element that stands for it."""
    if address is None:
        return
    at.text("cbc:StreetName", address.line1)
    at.text("cbc:AdditionalStreetName", address.line2)
    at.text("cbc:CityName", address.city)
    at.text("cbc:PostalZone", address.post_code)
    at.text("cbc:CountrySubentity", address.region)
    at.group("cac:AddressLine").text("cbc:Line", address.line3)
    at.group("cac:Country").text("cbc:IdentificationCode", address.country)


def _endpoint(at: Branch, party: Party) -> None:
    _identifier(at, "cbc:EndpointID", party.endpoint)


def _identifiers(at: Branch, party: Party, creditors: Iterable[str] = ()) -> None:
    further = (Identifier(value=creditor, scheme="SEPA") for creditor in creditors)
    for each in (*party.identifiers, *further):
        _identifier(at.group("cac:PartyIdentification"), "cbc:ID", each)


def _legal(at: Branch, party: Party) -> None:
    at.text("cbc:RegistrationName", party.name)
    _identifier(at, "cbc:CompanyID", party.legal_identifier)


def _tax_scheme(at: Branch, number: str | None, scheme: str) -> None:
    if number is not None:
        tax = at.group("cac:PartyTaxScheme")
        tax.text("cbc:CompanyID", number)
        tax.group("cac:TaxScheme").text("cbc:ID", scheme)


def _contact(at: Branch, contact: Contact | None) -> None:
    if contact is not None:
        at.text("cbc:Name", contact.name)
        at.text("cbc:Telephone", contact.telephone)
        at.text("cbc:ElectronicMail", contact.email)


def _identifier(at: Branch, name: str, identifier: Identifier | None) -> None:
    if identifier is not None:
        at.text(name, identifier.value, schemeID=identifier.scheme)

"""Reads the parties of a UBL document: BG-4, BG-7, BG-10, BG-11, and their addresses."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from posthorn.documents.invoice import Address, Contact, Identifier, Party
from posthorn.documents.ubl.reading.elements import (
    identifier,
    identifiers,
    is_vat,
    known,
    prose,
    text,
)
from posthorn.documents.xml import Element

_LEGAL: Final = "cac:PartyLegalEntity"
_PARTY_NAME: Final = ("cac:PartyName", "cbc:Name")


def seller(root: Element) -> Party | None:
    """Return the seller (BG-4)."""
    party = root.first("cac:AccountingSupplierParty", "cac:Party")
    if party is None:
        return None
    return replace(
        _trader(party),
        tax_registration=_tax_registration(party),
        legal_information=_legal_information(party),
    )


def buyer(root: Element) -> Party | None:
    """Return the buyer (BG-7)."""
    party = root.first("cac:AccountingCustomerParty", "cac:Party")
    return None if party is None else _trader(party)


def _trader(party: Element) -> Party:
    """Return what is said of a seller and of a buyer alike."""
    name, trading_name = _names(party)
    return Party(
        name=name,
        trading_name=trading_name,
        identifiers=_identifiers(party),
        legal_identifier=_legal_identifier(party),
        vat_identifier=_vat_identifier(party),
        endpoint=identifier(party, "cbc:EndpointID"),
        address=_postal_address(party),
        contact=_contact(party),
    )


def payee(root: Element) -> Party | None:
    """Return the payee (BG-10)."""
    party = root.first("cac:PayeeParty")
    if party is None:
        return None
    read = Party(
        # Some give a payee the name that a seller has.
        name=text(party, *_PARTY_NAME) or text(party, _LEGAL, "cbc:RegistrationName"),
        identifiers=_identifiers(party),
        legal_identifier=_legal_identifier(party),
    )
    return known(read)


def tax_representative(root: Element) -> Party | None:
    """Return the seller's tax representative (BG-11)."""
    party = root.first("cac:TaxRepresentativeParty")
    if party is None:
        return None
    read = Party(
        name=text(party, *_PARTY_NAME),
        vat_identifier=_vat_identifier(party),
        address=_postal_address(party),
    )
    return known(read)


def address(element: Element | None) -> Address | None:
    """Return a postal address."""
    if element is None:
        return None
    return known(
        Address(
            line1=_street(element),
            line2=text(element, "cbc:AdditionalStreetName"),
            line3=", ".join(_further_lines(element)) or None,
            city=text(element, "cbc:CityName"),
            post_code=text(element, "cbc:PostalZone"),
            region=text(element, "cbc:CountrySubentity"),
            country=text(element, "cac:Country", "cbc:IdentificationCode"),
        )
    )


def _street(element: Element) -> str | None:
    # UBL 2.0 and e-FFF put the house number into an element that EN 16931 does not have.
    parts = (text(element, "cbc:StreetName"), text(element, "cbc:BuildingNumber"))
    return " ".join(filter(None, parts)) or None


def _further_lines(element: Element) -> list[str]:
    lines = (text(line, "cbc:Line") for line in element.each("cac:AddressLine"))
    return [line for line in lines if line]


def _names(party: Element) -> tuple[str | None, str | None]:
    """Return name and trading name: where one is given only, it is the name."""
    name, trading_name = text(party, _LEGAL, "cbc:RegistrationName"), text(party, *_PARTY_NAME)
    return (name, trading_name) if name else (trading_name, None)


def _identifiers(party: Element) -> tuple[Identifier, ...]:
    return identifiers(party, "cac:PartyIdentification", "cbc:ID")


def _legal_identifier(party: Element) -> Identifier | None:
    return next(iter(identifiers(party, _LEGAL, "cbc:CompanyID")), None)


def _legal_information(party: Element) -> str | None:
    forms = (prose(legal, "cbc:CompanyLegalForm") for legal in party.each(_LEGAL))
    return next(filter(None, forms), None)


def _vat_identifier(party: Element) -> str | None:
    schemes = (scheme for scheme in party.each("cac:PartyTaxScheme") if is_vat(scheme))
    return next(filter(None, (text(scheme, "cbc:CompanyID") for scheme in schemes)), None)


def _tax_registration(party: Element) -> str | None:
    # A second PartyTaxScheme, of whatever name, is the tax registration (BT-32), not BT-31.
    schemes = (scheme for scheme in party.each("cac:PartyTaxScheme") if not is_vat(scheme))
    return next(filter(None, (text(scheme, "cbc:CompanyID") for scheme in schemes)), None)


def _postal_address(party: Element) -> Address | None:
    return address(party.first("cac:PostalAddress"))


def _contact(party: Element) -> Contact | None:
    contact = party.first("cac:Contact")
    if contact is None:
        return None
    return known(
        Contact(
            name=text(contact, "cbc:Name"),
            telephone=text(contact, "cbc:Telephone"),
            email=text(contact, "cbc:ElectronicMail"),
        )
    )

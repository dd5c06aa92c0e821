"""Reads who sells, buys, is paid and represents (BG-4 to BG-12)."""

from __future__ import annotations

from dataclasses import replace

from posthorn.documents.cii.values import identifier, known, prose
from posthorn.documents.invoice import Address, Contact, Identifier, Party
from posthorn.documents.xml import Element

_LEGAL = "ram:SpecifiedLegalOrganization"
_VAT = "VA"
_TAX = "FC"  # the number at the seller's tax office


def read_party(party: Element | None) -> Party | None:
    """Return a seller or buyer; None where the file has none."""
    if party is None:
        return None
    return Party(
        name=party.text("ram:Name"),
        trading_name=party.text(_LEGAL, "ram:TradingBusinessName"),
        identifiers=party_identifiers(party),
        legal_identifier=identifier(party.first(_LEGAL, "ram:ID")),
        vat_identifier=_registration(party, _VAT),
        tax_registration=_registration(party, _TAX),
        legal_information=prose(party, "ram:Description"),
        endpoint=_endpoint(party),
        address=read_address(party),
        contact=_contact(party),
    )


def with_creditor(seller: Party | None, creditor: str | None) -> Party | None:
    """Return the seller with the creditor's number for direct debits (BT-90) among its own.

    There is its place in an invoice without a direct debit (EN 16931-3-2, as UBL has it).
    """
    if seller is None or creditor is None:
        return seller
    number = Identifier(value=creditor, scheme="SEPA")
    return replace(seller, identifiers=(*seller.identifiers, number))


def read_payee(party: Element | None) -> Party | None:
    """Return whom to pay, where it is not the seller (BG-10)."""
    if party is None:
        return None
    return Party(
        name=party.text("ram:Name"),
        identifiers=party_identifiers(party),
        legal_identifier=identifier(party.first(_LEGAL, "ram:ID")),
    )


def read_tax_representative(party: Element | None) -> Party | None:
    """Return who represents the seller before the tax office (BG-11)."""
    if party is None:
        return None
    return Party(
        name=party.text("ram:Name"),
        vat_identifier=_registration(party, _VAT),
        address=read_address(party),
    )


def party_identifiers(party: Element) -> tuple[Identifier, ...]:
    """Return the numbers of a party: those of the two sides, then those of known schemes."""
    found = (identifier(each) for name in ("ram:ID", "ram:GlobalID") for each in party.each(name))
    return tuple(each for each in found if each)


def read_address(party: Element) -> Address | None:
    """Return a party's postal address; None where it has none."""
    address = party.first("ram:PostalTradeAddress")
    if address is None:
        return None
    return known(
        Address(
            line1=address.text("ram:LineOne"),
            line2=address.text("ram:LineTwo"),
            line3=address.text("ram:LineThree"),
            city=address.text("ram:CityName"),
            post_code=address.text("ram:PostcodeCode"),
            region=address.text("ram:CountrySubDivisionName"),
            country=address.text("ram:CountryID"),
        )
    )


def _contact(party: Element) -> Contact | None:
    contact = party.first("ram:DefinedTradeContact")
    if contact is None:
        return None
    return known(
        Contact(
            name=contact.text("ram:PersonName") or contact.text("ram:DepartmentName"),
            telephone=contact.text("ram:TelephoneUniversalCommunication", "ram:CompleteNumber"),
            email=contact.text("ram:EmailURIUniversalCommunication", "ram:URIID"),
        )
    )


def _registration(party: Element, scheme: str) -> str | None:
    for number in party.each("ram:SpecifiedTaxRegistration", "ram:ID"):
        if number.attributes.get("schemeID", "").strip() == scheme:
            return number.text()
    return None


def _endpoint(party: Element) -> Identifier | None:
    return identifier(party.first("ram:URIUniversalCommunication", "ram:URIID"))

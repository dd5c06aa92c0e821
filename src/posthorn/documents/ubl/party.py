"""Reads who sells and who buys."""

from __future__ import annotations

from posthorn.documents import numbers
from posthorn.documents.model import Party
from posthorn.documents.xml import Element

_PARTY = "cac:Party"
_ENDPOINT = "cbc:EndpointID"
_COMPANY = "cbc:CompanyID"
_LEGAL = "cac:PartyLegalEntity"
_COUNTRY = (
    "cac:PostalAddress",
    "cac:Country",
    "cbc:IdentificationCode",
)


def read_party(root: Element, role: str) -> Party | None:
    """Return the party of that role, such as AccountingSupplierParty."""
    party = root.first(f"cac:{role}", _PARTY)
    if party is None:
        return None
    endpoint, endpoint_scheme = _identifier(party.first(_ENDPOINT))
    number, scheme = _identifier(party.first(_LEGAL, _COMPANY))
    country = party.text(*_COUNTRY)
    return Party(
        name=party.text(_LEGAL, "cbc:RegistrationName") or party.text("cac:PartyName", "cbc:Name"),
        vat_number=_vat_number(party),
        enterprise_number=number and _enterprise_number(number, scheme, country),
        enterprise_scheme=scheme,
        endpoint=endpoint and numbers.endpoint(endpoint, endpoint_scheme),
        endpoint_scheme=endpoint_scheme,
        country=country and country.upper(),
    )


def _vat_number(party: Element) -> str | None:
    # A second PartyTaxScheme is the tax registration (BT-32), not the VAT number (BT-31).
    for scheme in party.each("cac:PartyTaxScheme"):
        if scheme.text("cac:TaxScheme", "cbc:ID") == "VAT":
            number = scheme.text(_COMPANY)
            return number and numbers.vat(number)
    return None


def _enterprise_number(number: str, scheme: str | None, country: str | None) -> str:
    # Many Belgian senders leave the scheme out.
    if scheme is None and (country or "").upper() == "BE":
        return numbers.belgian_enterprise(number)
    return numbers.enterprise(number, scheme)


def _identifier(element: Element | None) -> tuple[str | None, str | None]:
    number = element.text() if element is not None else None
    if element is None or number is None:
        return None, None
    return number, element.attributes.get("schemeID", "").strip() or None

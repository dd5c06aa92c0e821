"""Small documents for tests that need one in particular."""

from __future__ import annotations

_NAMES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
UBL = f"<Invoice {_NAMES}><cbc:ID>{{number}}</cbc:ID></Invoice>"
_PARTY = (
    "<cac:Accounting{role}Party><cac:Party>"
    "<cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID>"
    "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
    "<cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>"
    "</cac:PartyLegalEntity></cac:Party></cac:Accounting{role}Party>"
)
SELLER, BUYER, STRANGER = "BE0203201340", "BE0417497106", "BE0404616494"


def invoice(
    *,
    number: str = "F1",
    seller: str = SELLER,
    buyer: str = BUYER,
    total: str = "121.00",
    note: str = "",
) -> bytes:
    """Give the bytes of a UBL 2.1 invoice; `note` makes other bytes of the same invoice."""
    return (
        f"<Invoice {_NAMES}>"
        "<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc"
        ":billing:3.0</cbc:CustomizationID>"
        f"<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-10-01</cbc:IssueDate>"
        "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
        f"<cbc:Note>{note}</cbc:Note>"
        "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        + _PARTY.format(role="Supplier", vat=seller, name="Drukkerij Maes")
        + _PARTY.format(role="Customer", vat=buyer, name="Bakkerij Janssens")
        + "<cac:LegalMonetaryTotal>"
        f'<cbc:TaxInclusiveAmount currencyID="EUR">{total}</cbc:TaxInclusiveAmount>'
        f'<cbc:PayableAmount currencyID="EUR">{total}</cbc:PayableAmount>'
        "</cac:LegalMonetaryTotal></Invoice>"
    ).encode()

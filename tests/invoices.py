"""Small documents for tests that need one in particular."""

from __future__ import annotations

import base64

_NAMES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
UBL = f"<Invoice {_NAMES}><cbc:ID>{{number}}</cbc:ID></Invoice>"
_PARTY = (
    "<cac:Accounting{role}Party><cac:Party>"
    '<cbc:EndpointID schemeID="0208">{digits}</cbc:EndpointID>'
    "<cac:PostalAddress><cbc:StreetName>Marktplein 1</cbc:StreetName>"
    "<cbc:CityName>Gent</cbc:CityName><cbc:PostalZone>9000</cbc:PostalZone>"
    "<cac:Country><cbc:IdentificationCode>BE</cbc:IdentificationCode></cac:Country>"
    "</cac:PostalAddress>"
    "<cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID>"
    "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
    "<cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>"
    "</cac:PartyLegalEntity></cac:Party></cac:Accounting{role}Party>"
)
_CATEGORY = (
    "<cbc:ID>Z</cbc:ID><cbc:Percent>0</cbc:Percent>"
    "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
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
    """Give the bytes of a valid Peppol invoice; `note` makes other bytes of the same invoice."""
    amount = f'currencyID="EUR">{total}'
    return (
        f"<Invoice {_NAMES}>"
        "<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc"
        ":billing:3.0</cbc:CustomizationID>"
        "<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>"
        f"<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-10-01</cbc:IssueDate>"
        "<cbc:DueDate>2026-10-31</cbc:DueDate>"
        "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
        + (f"<cbc:Note>{note}</cbc:Note>" if note else "")
        + "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        "<cbc:BuyerReference>inkoop</cbc:BuyerReference>"
        + _party("Supplier", seller, "Drukkerij Maes")
        + _party("Customer", buyer, "Bakkerij Janssens")
        + '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">0.00</cbc:TaxAmount>'
        f"<cac:TaxSubtotal><cbc:TaxableAmount {amount}</cbc:TaxableAmount>"
        '<cbc:TaxAmount currencyID="EUR">0.00</cbc:TaxAmount>'
        f"<cac:TaxCategory>{_CATEGORY}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
        f"<cac:LegalMonetaryTotal><cbc:LineExtensionAmount {amount}</cbc:LineExtensionAmount>"
        f"<cbc:TaxExclusiveAmount {amount}</cbc:TaxExclusiveAmount>"
        f"<cbc:TaxInclusiveAmount {amount}</cbc:TaxInclusiveAmount>"
        f"<cbc:PayableAmount {amount}</cbc:PayableAmount></cac:LegalMonetaryTotal>"
        '<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1'
        f"</cbc:InvoicedQuantity><cbc:LineExtensionAmount {amount}</cbc:LineExtensionAmount>"
        "<cac:Item><cbc:Name>Drukwerk</cbc:Name>"
        f"<cac:ClassifiedTaxCategory>{_CATEGORY}</cac:ClassifiedTaxCategory></cac:Item>"
        f"<cac:Price><cbc:PriceAmount {amount}</cbc:PriceAmount></cac:Price>"
        "</cac:InvoiceLine></Invoice>"
    ).encode()


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n"


def invoice_with_pdf(*, number: str) -> bytes:
    """Give the bytes of a valid Peppol invoice that has `PDF` inside."""
    inside = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="f.pdf">'
        f"{base64.b64encode(PDF).decode()}</cbc:EmbeddedDocumentBinaryObject>"
        "</cac:Attachment></cac:AdditionalDocumentReference>"
    ).encode()
    before = b"<cac:AccountingSupplierParty>"
    return invoice(number=number).replace(before, inside + before, 1)


def _party(role: str, vat: str, name: str) -> str:
    return _PARTY.format(role=role, vat=vat, digits=vat[-10:], name=name)

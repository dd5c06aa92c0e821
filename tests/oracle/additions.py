"""Mutations that add what was not there: elements outside BIS, optional blocks, the other root."""

from __future__ import annotations

import random
from typing import Final

from lxml import etree

from tests.oracle.countries import CAC, CBC
from tests.oracle.structure import Mutation, name_of

# A parent's path from the root (empty: the root itself) and what is put into it.
_UNUSED: Final = (
    ("", "cbc:UUID"),
    ("", "cbc:IssueTime"),
    ("", "cbc:LineCountNumeric"),
    ("", "cbc:PricingCurrencyCode"),
    ("", "cbc:CopyIndicator"),
    ("", "cbc:UBLVersionID"),
    ("", "cac:Signature/cbc:ID"),
    ("", "cac:BuyerCustomerParty"),
    ("", "cac:PrepaidPayment/cbc:ID"),
    ("", "cac:PaymentExchangeRate/cbc:SourceCurrencyCode"),
    ("", "cac:StatementDocumentReference/cbc:ID"),
    ("", "cac:WithholdingTaxTotal/cbc:TaxAmount"),
    ("", "cac:AllowanceCharge/cbc:SequenceNumeric"),
    ("cac:AccountingSupplierParty", "cbc:CustomerAssignedAccountID"),
    ("cac:AccountingSupplierParty/cac:Party", "cbc:WebsiteURI"),
    ("cac:AccountingSupplierParty/cac:Party", "cac:Language/cbc:ID"),
    ("cac:AccountingSupplierParty/cac:Party", "cac:PhysicalLocation/cbc:ID"),
    ("cac:AccountingSupplierParty/cac:Party/cac:PostalAddress", "cbc:BuildingNumber"),
    ("cac:AccountingSupplierParty/cac:Party/cac:PostalAddress", "cbc:ID"),
    ("cac:AccountingCustomerParty/cac:Party/cac:PartyTaxScheme", "cbc:RegistrationName"),
    ("cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity", "cbc:CompanyLegalForm"),
    ("cac:Delivery", "cbc:Quantity"),
    ("cac:PaymentMeans", "cbc:PaymentChannelCode"),
    ("cac:PaymentMeans", "cbc:PaymentDueDate"),
    ("cac:TaxTotal", "cbc:TaxEvidenceIndicator"),
    ("cac:TaxTotal/cac:TaxSubtotal", "cbc:Percent"),
    ("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory", "cbc:Name"),
    ("cac:InvoiceLine", "cac:TaxTotal/cbc:TaxAmount"),
    ("cac:InvoiceLine", "cbc:UUID"),
    ("cac:InvoiceLine/cac:Item", "cbc:PackQuantity"),
    ("cac:InvoiceLine/cac:Item", "cbc:Keyword"),
    ("cac:InvoiceLine/cac:Price", "cbc:PriceTypeCode"),
    ("cac:CreditNoteLine/cac:Item", "cbc:PackQuantity"),
)
_OPTIONAL: Final = (
    ("", "cac:InvoicePeriod", (("StartDate", "2026-01-01"), ("EndDate", "2026-01-31"))),
    ("", "cac:InvoicePeriod", (("StartDate", "2026-02-01"), ("EndDate", "2026-01-31"))),
    ("", "cac:InvoicePeriod", (("DescriptionCode", "35"),)),
    ("", "cac:InvoicePeriod", ()),
    ("", "cbc:TaxPointDate", "2026-01-01"),
    ("", "cbc:TaxCurrencyCode", "SEK"),
    ("", "cbc:Note", "again"),
    ("", "cbc:Note", "#ADU#words"),
    ("", "cbc:AccountingCost", "4711"),
    ("", "cbc:DueDate", "2026-12-01"),
    ("", "cac:AdditionalDocumentReference", (("ID", "1"), ("DocumentTypeCode", "130"))),
    ("", "cac:AdditionalDocumentReference", (("ID", "1"), ("DocumentTypeCode", "50"))),
    ("", "cac:AdditionalDocumentReference", (("DocumentDescription", "x"),)),
    ("", "cac:BillingReference", ()),
    ("", "cac:ProjectReference", (("ID", "P1"),)),
    ("", "cac:PayeeParty", ()),
    ("", "cac:TaxRepresentativeParty", ()),
    ("", "cac:PaymentTerms", (("Note", "soon"),)),
    ("", "cac:PaymentMeans", (("PaymentMeansCode", "30"), ("PaymentID", "other"))),
    ("", "cac:PaymentMeans", (("PaymentMeansCode", "49"),)),
    ("", "cac:OrderReference", (("ID", "NA"), ("SalesOrderID", "1"))),
    ("", "cac:Delivery", (("ActualDeliveryDate", "2026-01-01"),)),
    ("cac:LegalMonetaryTotal", "cbc:PayableRoundingAmount", "0.01"),
    ("cac:LegalMonetaryTotal", "cbc:PrepaidAmount", "1.00"),
    ("cac:LegalMonetaryTotal", "cbc:AllowanceTotalAmount", "1.00"),
    ("cac:LegalMonetaryTotal", "cbc:ChargeTotalAmount", "0.00"),
    ("cac:AccountingSupplierParty/cac:Party", "cac:PartyIdentification", (("ID", "12"),)),
    ("cac:AccountingSupplierParty/cac:Party", "cac:PartyName", (("Name", "x"),)),
    ("cac:AccountingSupplierParty/cac:Party", "cac:Contact", (("Telephone", "12"),)),
    ("*/cac:Item", "cac:AdditionalItemProperty", (("Name", "x"),)),
    ("*/cac:Item", "cac:OriginCountry", (("IdentificationCode", "1A"),)),
    ("*/cac:Item", "cac:StandardItemIdentification", (("ID", "7300010000001"),)),
    ("*/cac:Price", "cbc:BaseQuantity", "0"),
    ("*/cac:Price", "cbc:BaseQuantity", "10"),
    ("*/cac:Price", "cac:AllowanceCharge", (("ChargeIndicator", "true"), ("Amount", "1"))),
    ("*/cac:Price", "cac:AllowanceCharge", (("ChargeIndicator", "false"), ("Amount", "1"))),
    ("cac:InvoiceLine", "cac:InvoicePeriod", (("StartDate", "2020-01-01"),)),
    ("cac:InvoiceLine", "cac:InvoicePeriod", (("EndDate", "2030-01-01"),)),
    ("cac:InvoiceLine", "cac:DocumentReference", (("ID", "1"), ("DocumentTypeCode", "130"))),
    ("cac:InvoiceLine", "cac:OrderLineReference", (("LineID", "1"),)),
    ("cac:InvoiceLine", "cbc:Note", "again"),
)
_NAMES: Final = {"cac": CAC, "cbc": CBC}


def add_unused(root: etree._Element, dice: random.Random) -> str | None:
    """Add an element that BIS does not use."""
    where, what = dice.choice(_UNUSED)
    parent = _parent(root, where, dice)
    if parent is None:
        return None
    for step in what.split("/"):
        parent = etree.SubElement(parent, _tag(step))
    parent.text = "1"
    return f"add unused {where}/{what}"


def add_optional(root: etree._Element, dice: random.Random) -> str | None:
    """Add a block that BIS knows, complete or not."""
    where, what, content = dice.choice(_OPTIONAL)
    parent = _parent(root, where, dice)
    if parent is None:
        return None
    twin = parent.find(_tag(what))
    made = etree.Element(_tag(what))
    if twin is not None:
        twin.addnext(made)
    else:
        parent.append(made)
    if isinstance(content, str):
        made.text = content
    else:
        for name, value in content:
            etree.SubElement(made, f"{CBC}{name}").text = value
    _give_currency(root, made)
    return f"add {where}/{what} {content}"


def add_allowance(root: etree._Element, dice: random.Random) -> str | None:
    """Add an allowance or a charge, to the document or to a line, well made or not."""
    parent = dice.choice([root, *_lines(root)])
    made = etree.Element(f"{CAC}AllowanceCharge")
    choices = {
        "ChargeIndicator": ("true", "false", "1", None),
        "AllowanceChargeReasonCode": ("95", "FC", None),
        "AllowanceChargeReason": ("reason", None),
        "MultiplierFactorNumeric": ("10", "100", None, None),
        "Amount": ("10", "1.005", None),
        "BaseAmount": ("100", None, None),
    }
    for name, values in choices.items():
        value = dice.choice(values)
        if value is not None:
            etree.SubElement(made, f"{CBC}{name}").text = value
    if parent is root and dice.random() < 0.8:
        category = root.find(f"{CAC}TaxTotal/{CAC}TaxSubtotal/{CAC}TaxCategory")
        if category is not None:
            made.append(_copy(category))
    before = parent.find(f"{CAC}TaxTotal" if parent is root else f"{CAC}Item")
    if before is None:
        parent.append(made)
    else:
        before.addprevious(made)
    _give_currency(root, made)
    return f"add to {name_of(parent)}: {[each.text for each in made]}"


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element))


def _lines(root: etree._Element) -> list[etree._Element]:
    return [*root.iterfind(f"{CAC}InvoiceLine"), *root.iterfind(f"{CAC}CreditNoteLine")]


def _parent(root: etree._Element, where: str, dice: random.Random) -> etree._Element | None:
    """Give the element at a path, `*` standing for the lines."""
    found = [root]
    for step in filter(None, where.split("/")):
        children = [_lines(each) if step == "*" else each.findall(_tag(step)) for each in found]
        found = [each for some in children for each in some]
    return dice.choice(found) if found else None


def _tag(name: str) -> str:
    prefix, local = name.split(":")
    return f"{_NAMES[prefix]}{local}"


def _give_currency(root: etree._Element, made: etree._Element) -> None:
    currency = root.findtext(f"{CBC}DocumentCurrencyCode") or "EUR"
    for each in made.iter(etree.Element):
        if etree.QName(each).localname.endswith("Amount"):
            each.set("currencyID", currency)


ALL: Final[tuple[Mutation, ...]] = (add_unused, add_optional, add_optional, add_allowance)

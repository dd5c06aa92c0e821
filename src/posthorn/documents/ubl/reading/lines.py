"""Reads the lines of a UBL document: BG-25 to BG-32."""

from __future__ import annotations

from typing import Final

from posthorn.documents.invoice import Attribute, Classification, Item, Line, Price
from posthorn.documents.ubl.reading.amounts import allowances_charges, is_charge, vat_category
from posthorn.documents.ubl.reading.elements import (
    attribute,
    identifiers,
    known,
    number,
    prose,
    text,
)
from posthorn.documents.ubl.reading.periods import period
from posthorn.documents.ubl.reading.references import invoiced_object
from posthorn.documents.xml import Element

_NAMES: Final = {
    "ubl:Invoice": ("cac:InvoiceLine", "cbc:InvoicedQuantity"),
    "cn:CreditNote": ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
}


def lines(root: Element) -> tuple[Line, ...]:
    """Return the lines (BG-25); lines inside lines, an extension of XRechnung, are left out."""
    line, quantity = _NAMES[root.name]
    return tuple(_line(each, quantity) for each in root.kids.get(line, ()))


def _line(line: Element, quantity: str) -> Line:
    allowances, charges = allowances_charges(line)
    item = line.first("cac:Item")
    category = _vat_category(line, item)
    return Line(
        number=text(line, "cbc:ID"),
        note=prose(line, "cbc:Note"),
        object_identifier=invoiced_object(line, "cac:DocumentReference"),
        quantity=number(line, quantity),
        unit=_unit(line, quantity),
        amount=number(line, "cbc:LineExtensionAmount"),
        order_line=text(line, "cac:OrderLineReference", "cbc:LineID"),
        accounting_reference=text(line, "cbc:AccountingCost"),
        period=period(line),
        allowances=allowances,
        charges=charges,
        price=_price(line),
        vat_category=text(category, "cbc:ID"),
        vat_rate=number(category, "cbc:Percent"),
        item=_item(item) if item is not None else None,
    )


def _unit(element: Element, quantity: str) -> str | None:
    found = element.first(quantity)
    return attribute(found, "unitCode") if found is not None else None


def _vat_category(line: Element, item: Element | None) -> Element:
    """Return the line's VAT category (BG-30)."""
    if item is not None and "cac:ClassifiedTaxCategory" in item.kids:
        return vat_category(item.kids["cac:ClassifiedTaxCategory"])
    # UBL 2.0 and e-FFF have it with the tax of the line only.
    return vat_category(line.each("cac:TaxTotal", "cac:TaxSubtotal", "cac:TaxCategory"))


def _price(line: Element) -> Price | None:
    """Return the price (BG-29); an AllowanceCharge in it is its discount."""
    price = line.first("cac:Price")
    if price is None:
        return None
    discounts = (each for each in price.each("cac:AllowanceCharge") if not is_charge(each))
    discount = next(discounts, None)
    return known(
        Price(
            net=number(price, "cbc:PriceAmount"),
            discount=number(discount, "cbc:Amount") if discount is not None else None,
            gross=number(discount, "cbc:BaseAmount") if discount is not None else None,
            base_quantity=number(price, "cbc:BaseQuantity"),
            base_unit=_unit(price, "cbc:BaseQuantity"),
        )
    )


def _item(item: Element) -> Item | None:
    standard = identifiers(item, "cac:StandardItemIdentification", "cbc:ID")
    return known(
        Item(
            name=text(item, "cbc:Name"),
            description=prose(item, "cbc:Description"),
            seller_identifier=text(item, "cac:SellersItemIdentification", "cbc:ID"),
            buyer_identifier=text(item, "cac:BuyersItemIdentification", "cbc:ID"),
            standard_identifier=next(iter(standard), None),
            classifications=_classifications(item),
            origin_country=text(item, "cac:OriginCountry", "cbc:IdentificationCode"),
            attributes=_attributes(item),
        )
    )


def _classifications(item: Element) -> tuple[Classification, ...]:
    return tuple(
        Classification(
            code=code,
            scheme=attribute(found, "listID"),
            scheme_version=attribute(found, "listVersionID"),
        )
        for found in item.each("cac:CommodityClassification", "cbc:ItemClassificationCode")
        if (code := found.text()) is not None
    )


def _attributes(item: Element) -> tuple[Attribute, ...]:
    read = (
        known(Attribute(name=text(each, "cbc:Name"), value=text(each, "cbc:Value")))
        for each in item.each("cac:AdditionalItemProperty")
    )
    return tuple(each for each in read if each is not None)

"""Reads the lines of an invoice (BG-25 to BG-32)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from posthorn.documents.cii.amounts import is_charge, read_allowances, read_charges, vat_of
from posthorn.documents.cii.dialect import Dialect
from posthorn.documents.cii.values import amount, day, identifier, known, prose
from posthorn.documents.invoice import (
    Attribute,
    Classification,
    Identifier,
    Item,
    Line,
    Period,
    Price,
)
from posthorn.documents.xml import Element

_OBJECT: Final = "130"  # UNTDID 1001, the object that is invoiced
_NET = "ram:NetPriceProductTradePrice"
_GROSS = "ram:GrossPriceProductTradePrice"
_DOCUMENT = "ram:AssociatedDocumentLineDocument"


def read_lines(transaction: Element, names: Dialect) -> tuple[Line, ...]:
    """Return the lines; a line of text alone is a line here too."""
    found = transaction.each("ram:IncludedSupplyChainTradeLineItem")
    return tuple(_line(each, names) for each in found)


def _line(line: Element, names: Dialect) -> Line:
    agreement = _part(line, names.line_agreement)
    settlement = _part(line, names.line_settlement)
    quantity = _part(line, names.line_delivery, "ram:BilledQuantity")
    vat = next(vat_of(settlement), _NOTHING)
    return Line(
        number=line.text(_DOCUMENT, "ram:LineID"),
        note=prose(line, _DOCUMENT, "ram:IncludedNote", "ram:Content"),
        object_identifier=object_identifier(settlement, names),
        quantity=amount(quantity),
        unit=_unit(quantity),
        amount=amount(settlement, names.line_totals, "ram:LineTotalAmount"),
        order_line=agreement.text("ram:BuyerOrderReferencedDocument", "ram:LineID"),
        accounting_reference=settlement.text(
            "ram:ReceivableSpecifiedTradeAccountingAccount", "ram:ID"
        ),
        period=read_period(settlement),
        allowances=read_allowances(settlement, names),
        charges=read_charges(settlement, names),
        price=_price(agreement),
        vat_category=vat.text("ram:CategoryCode"),
        vat_rate=amount(vat, names.rate),
        item=_item(line),
    )


_NOTHING: Final = Element("", None, {}, {}, "")


def _part(line: Element, *path: str) -> Element:
    found = line.first(*path)
    return _NOTHING if found is None else found


def _unit(quantity: Element) -> str | None:
    return quantity.attributes.get("unitCode", "").strip() or None


def object_identifier(parent: Element, names: Dialect) -> Identifier | None:
    """Return the object that an invoice or a line is about (BT-18, BT-128)."""
    for paper in parent.each("ram:AdditionalReferencedDocument"):
        # The type first: what is read counts as told (see the losses of a conversion).
        if paper.text("ram:TypeCode") == _OBJECT and (number := paper.text(names.number)):
            return Identifier(value=number, scheme=paper.text("ram:ReferenceTypeCode"))
    return None


def read_period(settlement: Element) -> Period | None:
    """Return the period that an invoice or a line is for."""
    period = settlement.first("ram:BillingSpecifiedPeriod")
    if period is None:
        return None
    return known(Period(start=day(period, "ram:StartDateTime"), end=day(period, "ram:EndDateTime")))


def _price(agreement: Element) -> Price | None:
    net, gross = agreement.first(_NET), agreement.first(_GROSS)
    if net is None and gross is None:
        return None
    # Both prices may say for how many units they are; the net one counts (EN 16931-3-3, BT-149).
    base = agreement.first(_NET, "ram:BasisQuantity") or agreement.first(
        _GROSS, "ram:BasisQuantity"
    )
    return known(
        Price(
            net=amount(agreement, _NET, "ram:ChargeAmount"),
            discount=_discount(agreement),
            gross=amount(agreement, _GROSS, "ram:ChargeAmount"),
            base_quantity=None if base is None else amount(base),
            base_unit=None if base is None else _unit(base),
        )
    )


def _discount(agreement: Element) -> Decimal | None:
    """Return the discount on the gross price; None of several, whose sum nobody sent."""
    found = list(agreement.each(_GROSS, "ram:AppliedTradeAllowanceCharge"))
    if len(found) != 1 or is_charge(found[0]):
        return None
    return amount(found[0], "ram:ActualAmount")


def _item(line: Element) -> Item | None:
    product = line.first("ram:SpecifiedTradeProduct")
    if product is None:
        return None
    return known(
        Item(
            name=product.text("ram:Name"),
            description=prose(product, "ram:Description"),
            seller_identifier=product.text("ram:SellerAssignedID"),
            buyer_identifier=product.text("ram:BuyerAssignedID"),
            standard_identifier=identifier(product.first("ram:GlobalID")),
            classifications=_classifications(product),
            origin_country=product.text("ram:OriginTradeCountry", "ram:ID"),
            attributes=_attributes(product),
        )
    )


def _attributes(product: Element) -> tuple[Attribute, ...]:
    found = (
        known(Attribute(name=each.text("ram:Description"), value=each.text("ram:Value")))
        for each in product.each("ram:ApplicableProductCharacteristic")
    )
    return tuple(filter(None, found))


def _classifications(product: Element) -> tuple[Classification, ...]:
    found = product.each("ram:DesignatedProductClassification", "ram:ClassCode")
    return tuple(
        Classification(
            code=code,
            scheme=each.attributes.get("listID", "").strip() or None,
            scheme_version=each.attributes.get("listVersionID", "").strip() or None,
        )
        for each in found
        if (code := each.text())
    )

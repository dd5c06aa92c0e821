"""Writes the lines: BG-25 to BG-32."""

from __future__ import annotations

from posthorn.documents.invoice import Invoice, Item, Line, Price
from posthorn.documents.ubl.writing.amounts import allowances_charges, vat_category
from posthorn.documents.ubl.writing.branch import Branch
from posthorn.documents.ubl.writing.periods import period
from posthorn.documents.ubl.writing.references import invoiced_object


def lines(root: Branch, invoice: Invoice) -> None:
    """Write the lines (BG-25)."""
    name, quantity = (
        ("cac:CreditNoteLine", "cbc:CreditedQuantity")
        if invoice.is_credit_note
        else ("cac:InvoiceLine", "cbc:InvoicedQuantity")
    )
    for line in invoice.lines:
        _line(root.group(name), line, quantity)


def _line(at: Branch, line: Line, quantity: str) -> None:
    at.text("cbc:ID", line.number)
    at.text("cbc:Note", line.note)
    at.number(quantity, line.quantity, unit=line.unit)
    at.amount("cbc:LineExtensionAmount", line.amount)
    at.text("cbc:AccountingCost", line.accounting_reference)
    period(at, line.period)
    at.group("cac:OrderLineReference").text("cbc:LineID", line.order_line)
    invoiced_object(at, "cac:DocumentReference", line.object_identifier)
    allowances_charges(at, (*line.allowances, *line.charges))
    _item(at.group("cac:Item"), line)
    _price(at.group("cac:Price"), line.price)


def _item(at: Branch, line: Line) -> None:
    item = line.item or Item()
    at.text("cbc:Description", item.description)
    at.text("cbc:Name", item.name)
    at.group("cac:BuyersItemIdentification").text("cbc:ID", item.buyer_identifier)
    at.group("cac:SellersItemIdentification").text("cbc:ID", item.seller_identifier)
    if item.standard_identifier is not None:
        at.group("cac:StandardItemIdentification").text(
            "cbc:ID", item.standard_identifier.value, schemeID=item.standard_identifier.scheme
        )
    at.group("cac:OriginCountry").text("cbc:IdentificationCode", item.origin_country)
    _classifications(at, item)
    vat_category(at.group("cac:ClassifiedTaxCategory"), line.vat_category, line.vat_rate)
    _attributes(at, item)


def _classifications(at: Branch, item: Item) -> None:
    for each in item.classifications:
        at.group("cac:CommodityClassification").text(
            "cbc:ItemClassificationCode",
            each.code,
            listID=each.scheme,
            listVersionID=each.scheme_version,
        )


def _attributes(at: Branch, item: Item) -> None:
    for each in item.attributes:
        attribute = at.group("cac:AdditionalItemProperty")
        attribute.text("cbc:Name", each.name)
        attribute.text("cbc:Value", each.value)


def _price(at: Branch, price: Price | None) -> None:
    if price is None:
        return
    at.amount("cbc:PriceAmount", price.net)
    at.number("cbc:BaseQuantity", price.base_quantity, unit=price.base_unit)
    if price.discount is not None or price.gross is not None:
        discount = at.group("cac:AllowanceCharge")
        discount.text("cbc:ChargeIndicator", "false")
        discount.amount("cbc:Amount", price.discount)
        discount.amount("cbc:BaseAmount", price.gross)

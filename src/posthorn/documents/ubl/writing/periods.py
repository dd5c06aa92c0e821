"""Writes when and where the goods went: BG-13, BG-14, BG-26."""

from __future__ import annotations

from posthorn.documents.invoice import Delivery, Period
from posthorn.documents.ubl.writing.branch import Branch
from posthorn.documents.ubl.writing.parties import address


def period(at: Branch, period: Period | None, tax_point_code: str | None = None) -> None:
    """Write a period, in a document together with the VAT date's code (BT-8)."""
    group, there = at.group("cac:InvoicePeriod"), period or Period()
    group.day("cbc:StartDate", there.start)
    group.day("cbc:EndDate", there.end)
    group.text("cbc:DescriptionCode", tax_point_code)


def delivery(root: Branch, delivery: Delivery | None) -> None:
    """Write the delivery (BG-13)."""
    if delivery is None:
        return
    at = root.group("cac:Delivery")
    at.day("cbc:ActualDeliveryDate", delivery.date)
    place = at.group("cac:DeliveryLocation")
    if delivery.location is not None:
        place.text("cbc:ID", delivery.location.value, schemeID=delivery.location.scheme)
    address(place.group("cac:Address"), delivery.address)
    at.group("cac:DeliveryParty").group("cac:PartyName").text("cbc:Name", delivery.name)

"""Reads when and where a UBL document's goods went: BG-13, BG-14, BG-26."""

from __future__ import annotations

from posthorn.documents.invoice import Delivery, Identifier, Period
from posthorn.documents.ubl.reading.elements import day, identifiers, known, text
from posthorn.documents.ubl.reading.parties import address
from posthorn.documents.xml import Element


def period(element: Element) -> Period | None:
    """Return the first period of a document or a line that has a day in it."""
    read = (
        known(Period(start=day(each, "cbc:StartDate"), end=day(each, "cbc:EndDate")))
        for each in element.kids.get("cac:InvoicePeriod", ())
    )
    return next(filter(None, read), None)


def delivery(root: Element) -> Delivery | None:
    """Return the first delivery that says something (BG-13)."""
    return next(filter(None, (known(_delivery(each)) for each in root.each("cac:Delivery"))), None)


def _delivery(element: Element) -> Delivery:
    place = element.first("cac:DeliveryLocation", "cac:Address")
    return Delivery(
        name=text(element, "cac:DeliveryParty", "cac:PartyName", "cbc:Name"),
        location=_location(element),
        date=day(element, "cbc:ActualDeliveryDate"),
        # UBL 2.0 and e-FFF.
        address=address(place or element.first("cac:DeliveryAddress")),
    )


def _location(element: Element) -> Identifier | None:
    return next(iter(identifiers(element, "cac:DeliveryLocation", "cbc:ID")), None)

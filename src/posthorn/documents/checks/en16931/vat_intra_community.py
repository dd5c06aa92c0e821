"""What an intra-community supply tells besides: when and where it was delivered (BR-IC-11, -12)."""

from __future__ import annotations

from collections.abc import Iterator

from posthorn.documents.checks.en16931.contexts import string
from posthorn.documents.checks.en16931.vat_categories import documents_with
from posthorn.documents.checks.en16931.vat_facts import breakdowns_by_code
from posthorn.documents.checks.rules import EN16931, Answer
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule
_breaks_down = documents_with(breakdowns_by_code, "K")


@rule("BR-IC-11", _breaks_down)
def supply_has_a_date(invoice: Element, _: Subject) -> Answer:
    """BT-72 or BG-14: the day of delivery or the period is given (EN 16931-1, BR-IC-11)."""
    if any(period.kids for period in invoice.each("cac:InvoicePeriod")):
        return True
    return _is_one_text(invoice.each("cac:Delivery", "cbc:ActualDeliveryDate"))


@rule("BR-IC-12", _breaks_down)
def supply_has_a_country(invoice: Element, _: Subject) -> Answer:
    """BT-80: the country that the goods went to is given (EN 16931-1, BR-IC-12)."""
    address = ("cac:Delivery", "cac:DeliveryLocation", "cac:Address")
    return _is_one_text(invoice.each(*address, "cac:Country", "cbc:IdentificationCode"))


def _is_one_text(elements: Iterator[Element]) -> bool:
    # With two of them the official test stops with an error: EN 16931 knows one delivery.
    texts = [string(element) for element in elements]
    return len(texts) == 1 and len(texts[0]) > 1

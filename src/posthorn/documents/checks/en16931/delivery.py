"""Where the goods went."""

from __future__ import annotations

from posthorn.documents.checks.en16931.contexts import every
from posthorn.documents.checks.rules import EN16931, Answer
from posthorn.documents.checks.selects import anywhere
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element


@EN16931.rule("BR-57", anywhere("cac:Delivery/cac:DeliveryLocation/cac:Address"))
def has_the_country_of_delivery(address: Element, _: Subject) -> Answer:
    """BT-80: the address of delivery has a country (EN 16931-1, BR-57)."""
    return bool(every(address, "cac:Country", "cbc:IdentificationCode"))

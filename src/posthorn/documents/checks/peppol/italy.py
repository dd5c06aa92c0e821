"""What Peppol asks of sellers in Italy.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

import re
from typing import Final

from posthorn.documents.checks.peppol.places import Countries, where_parties
from posthorn.documents.checks.peppol.text import has, tidied
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken
from posthorn.documents.checks.selects import anywhere, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_REGISTRATION: Final = re.compile(r"[A-Z0-9]{11,16}")


def _is_italian(parties: Countries) -> bool:
    return parties.seller_tax == "IT"


_sellers: Final = where_parties(_is_italian, anywhere("cac:AccountingSupplierParty/cac:Party"))
_registrations: Final = where(
    where_parties(
        _is_italian, anywhere("cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme")
    ),
    lambda tax: tidied(tax, "cac:TaxScheme", "cbc:ID") != "VAT",
)


@rule("IT-R-001", _registrations)
def registration_is_of_the_right_length(tax: Element, _: Subject) -> Answer:
    """BT-32: an Italian tax registration has 11 to 16 capitals and digits."""
    found = tidied(tax, "cbc:CompanyID")
    return _REGISTRATION.fullmatch(found) is not None or Broken(found=found or None)


@rule("IT-R-002", _sellers)
def has_a_street(seller: Element, _: Subject) -> Answer:
    """BT-35: an Italian seller's address has a street."""
    return has(seller, "cac:PostalAddress", "cbc:StreetName")


@rule("IT-R-003", _sellers)
def has_a_city(seller: Element, _: Subject) -> Answer:
    """BT-37: an Italian seller's address has a city."""
    return has(seller, "cac:PostalAddress", "cbc:CityName")


@rule("IT-R-004", _sellers)
def has_a_post_code(seller: Element, _: Subject) -> Answer:
    """BT-38: an Italian seller's address has a post code."""
    return has(seller, "cac:PostalAddress", "cbc:PostalZone")

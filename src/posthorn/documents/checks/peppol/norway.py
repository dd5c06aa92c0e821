"""What Peppol asks of sellers in Norway.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

import re
from typing import Final

from posthorn.documents.checks.peppol import digits
from posthorn.documents.checks.peppol.places import where_parties
from posthorn.documents.checks.peppol.text import tidied, tidy
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken
from posthorn.documents.checks.selects import anywhere
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_REGISTER: Final = "Foretaksregisteret"
_VAT: Final = re.compile(r"NO([0-9]{9})MVA")
_sellers: Final = where_parties(
    lambda parties: parties.seller_tax == "NO",
    anywhere("cac:AccountingSupplierParty/cac:Party"),
)


def _numbers(party: Element, scheme: str) -> list[str]:
    """Return the tax numbers of a party, as sent, whose scheme is the one given."""
    return [
        number.value or ""
        for tax in party.kids.get("cac:PartyTaxScheme", ())
        if tidied(tax, "cac:TaxScheme", "cbc:ID") == scheme
        for number in tax.each("cbc:CompanyID")
    ]


@rule("NO-R-002", _sellers, severity=Severity.WARNING)
def names_the_register(seller: Element, _: Subject) -> Answer:
    """BT-32: most Norwegian sellers must write Foretaksregisteret on an invoice."""
    return [tidy(word) for word in _numbers(seller, "TAX")] == [_REGISTER]


@rule("NO-R-001", _sellers)
def has_a_norwegian_vat_number(seller: Element, _: Subject) -> Answer:
    """BT-31: a Norwegian VAT number is NO, an organisation number and MVA."""
    numbers = [number for number in _numbers(seller, "VAT") if number.startswith("NO")]
    return all(map(_is_right, numbers)) or Broken(found=numbers[0])


def _is_right(number: str) -> bool:
    found = _VAT.fullmatch(number)
    return found is not None and digits.is_norwegian(found[1])

"""What Peppol asks of sellers in Greece, and of their invoices to Greek buyers.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from posthorn.documents.checks.peppol import digits
from posthorn.documents.checks.peppol.places import (
    BUYER,
    SELLER,
    Countries,
    vat_numbers,
    where_parties,
)
from posthorn.documents.checks.peppol.text import raw, tidied, tidy
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken
from posthorn.documents.checks.selects import Select, anywhere, root, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_GREEK: Final = frozenset({"GR", "EL"})
_SEGMENTS: Final = 6
_DATE: Final = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])/(?:0?[1-9]|1[0-2])/(?:19|20)[0-9]{2}")
_KINDS: Final = frozenset({"1.1", "1.6", "2.1", "2.4", "5.1", "5.2"})  # myDATA's document types
_MARK: Final = "##M.AR.K##"
_URL: Final = "##INVOICE|URL##"
_TAX_SCHEME: Final = "9933"  # EAS: the Greek tax number


def _is_greek(parties: Countries) -> bool:
    return parties.seller_tax in _GREEK


def _has_mark(parties: Countries) -> bool:
    return parties.seller_tax in _GREEK and parties.seller_as_sent == "GR"


def _are_greek(parties: Countries) -> bool:
    return parties.seller_tax in _GREEK and parties.buyer_tax in _GREEK


def _owns_greek_number(parties: Countries) -> bool:
    return parties.seller_own in _GREEK


_numbers: Final = where_parties(_is_greek, lambda subject: subject.root.kids.get("cbc:ID", ()))


def _segment(number: Element, position: int) -> str:
    """Return a part of an invoice number, from 1; empty where there are fewer."""
    parts = (number.value or "").split("|")
    return parts[position - 1] if len(parts) >= position else ""


@rule("GR-R-001-1", _numbers)
def number_has_six_parts(number: Element, _: Subject) -> Answer:
    """BT-1: a Greek invoice number has six parts, with | between them."""
    count = len((number.value or "").split("|"))
    return count == _SEGMENTS or Broken(found=number.value, count=count)


@rule("GR-R-001-2", _numbers)
def number_begins_with_the_tax_number(number: Element, subject: Subject) -> Answer:
    """BT-1: part one is the tax number of the seller (BT-31) or its representative (BT-63)."""
    found = _segment(number, 1)
    parties = (
        *subject.root.each(*SELLER),
        *subject.root.each("cac:TaxRepresentativeParty"),
    )
    known = {(vat.value or "")[2:11] for party in parties for vat in vat_numbers(party)}
    is_right = len(tidy(found)) == 9 and digits.is_greek(found) and found in known  # noqa: PLR2004
    return is_right or Broken(found=found or None)


@rule("GR-R-001-3", _numbers)
def number_has_the_date(number: Element, subject: Subject) -> Answer:
    """BT-1: part two is the day of issue (BT-2), written DD/MM/YYYY."""
    found = _segment(number, 2)
    issued = raw(subject.root, "cbc:IssueDate").split("-")
    is_right = _DATE.match(found) is not None and found.split("/")[:3] == issued[2::-1]
    return is_right or Broken(expected="/".join(issued[::-1]), found=found or None)


@rule("GR-R-001-4", _numbers)
def number_has_a_counter(number: Element, _: Subject) -> Answer:
    """BT-1: part three is a whole number, not below zero."""
    found = _segment(number, 3)
    return (digits.is_integer(found) and int(found) >= 0) or Broken(found=found or None)


@rule("GR-R-001-5", _numbers)
def number_has_a_kind(number: Element, _: Subject) -> Answer:
    """BT-1: part four is one of the Greek kinds of document."""
    found = _segment(number, 4)
    return found in _KINDS or Broken(found=found or None)


@rule("GR-R-001-6", _numbers)
def number_has_a_fifth_part(number: Element, _: Subject) -> Answer:
    """BT-1: part five is not empty."""
    return bool(_segment(number, 5)) or Broken(found=number.value)


@rule("GR-R-001-7", _numbers)
def number_has_a_sixth_part(number: Element, _: Subject) -> Answer:
    """BT-1: part six is not empty."""
    return bool(_segment(number, 6)) or Broken(found=number.value)


_sellers: Final = where_parties(_is_greek, anywhere("/".join(SELLER)))


def _is_vat(text: str) -> bool:
    return text.startswith("EL") and digits.is_greek(text[2:])


def _tax_numbers(party: Element) -> list[Element]:
    return [
        number
        for tax in party.each("cac:PartyTaxScheme")
        if tidied(tax, "cac:TaxScheme", "cbc:ID") == "VAT"
        for number in tax.each("cbc:CompanyID")
    ]


def _has_one_tax_number(party: Element) -> Answer:
    found = [number.value or "" for number in _tax_numbers(party)]
    return (len(found) == 1 and _is_vat(found[0])) or Broken(found=", ".join(found) or None)


@rule("GR-R-002", _sellers)
def seller_has_a_name(seller: Element, _: Subject) -> Answer:
    """BT-28: a Greek seller gives the name under which it is registered."""
    return bool(raw(seller, "cac:PartyName", "cbc:Name"))


@rule("GR-S-011", _sellers, severity=Severity.WARNING)
def seller_has_a_tax_number(seller: Element, _: Subject) -> Answer:
    """BT-31: a Greek seller has one VAT number, EL and nine digits."""
    return _has_one_tax_number(seller)


def _all_tax_numbers(sellers: Sequence[Element], _: Subject) -> list[Element]:
    return [number for seller in sellers for number in _tax_numbers(seller)]


@rule("GR-R-003", _sellers.then(_all_tax_numbers))
def tax_number_is_greek(number: Element, _: Subject) -> Answer:
    """BT-31: the VAT number of a Greek seller is EL and nine digits with their check digit."""
    found = number.value or ""
    return _is_vat(found) or Broken(found=found or None)


def _references(root: Element, description: str) -> list[Element]:
    return [
        reference
        for reference in root.each("cac:AdditionalDocumentReference")
        if _is_described(reference, description)
    ]


def _is_described(reference: Element, description: str) -> bool:
    return any(words.value == description for words in reference.each("cbc:DocumentDescription"))


_invoices: Final = where_parties(_has_mark, root)


@rule("GR-R-004-1", _invoices)
def has_one_mark(invoice: Element, _: Subject) -> Answer:
    """BT-122: a Greek invoice has one number of the tax office, ##M.AR.K##."""
    count = len(_references(invoice, _MARK))
    return count == 1 or Broken(count=count)


@rule("GR-S-008-1", _invoices, severity=Severity.WARNING)
def has_one_address(invoice: Element, _: Subject) -> Answer:
    """BT-122: a Greek invoice tells where it can be verified, ##INVOICE|URL##."""
    count = len(_references(invoice, _URL))
    return count == 1 or Broken(count=count)


@rule("GR-R-008-2", _invoices)
def has_one_address_at_most(invoice: Element, _: Subject) -> Answer:
    """BT-122: a Greek invoice tells it once at most."""
    count = len(_references(invoice, _URL))
    return count <= 1 or Broken(count=count)


def _described(description: str) -> Select:
    return where(
        anywhere("cac:AdditionalDocumentReference"),
        lambda reference: _is_described(reference, description),
    )


def _marks(subject: Subject) -> Iterable[Element]:
    return [mark for found in _described(_MARK)(subject) for mark in found.each("cbc:ID")]


@rule("GR-R-004-2", where_parties(_has_mark, _marks))
def mark_is_a_number(mark: Element, _: Subject) -> Answer:
    """BT-122: the number of the tax office begins with a digit that is not zero."""
    found = mark.value or ""
    return found[:1] in set("123456789") or Broken(found=found or None)


@rule("GR-R-008-3", where_parties(_is_greek, _described(_URL)))
def address_is_given(reference: Element, _: Subject) -> Answer:
    """BT-124: a reference to where the invoice is verified has the address."""
    return bool(tidied(reference, "cac:Attachment", "cac:ExternalReference", "cbc:URI"))


@rule("GR-R-005", where_parties(_is_greek, anywhere("/".join(BUYER))))
def buyer_has_a_name(buyer: Element, _: Subject) -> Answer:
    """BT-45: a Greek seller gives the full name of the buyer."""
    return bool(raw(buyer, "cac:PartyName", "cbc:Name"))


def _is_tax_address(address: Element) -> Answer:
    scheme, found = address.attributes.get("schemeID"), address.value or ""
    is_right = scheme == _TAX_SCHEME and digits.is_greek(found)
    return is_right or Broken(scheme=scheme, found=found or None)


@rule(
    "GR-R-009", where_parties(_owns_greek_number, anywhere("/".join((*SELLER, "cbc:EndpointID"))))
)
def seller_is_addressed_by_tax_number(address: Element, _: Subject) -> Answer:
    """BT-34: the electronic address of a Greek seller is its tax number (scheme 9933)."""
    return _is_tax_address(address)


@rule("GR-R-006", where_parties(_are_greek, anywhere("/".join(BUYER))))
def buyer_has_a_tax_number(buyer: Element, _: Subject) -> Answer:
    """BT-48: a Greek seller's Greek buyer has one VAT number, EL and nine digits."""
    return _has_one_tax_number(buyer)


@rule("GR-R-010", where_parties(_are_greek, anywhere("/".join((*BUYER, "cbc:EndpointID")))))
def buyer_is_addressed_by_tax_number(address: Element, _: Subject) -> Answer:
    """BT-49: the electronic address of a Greek buyer is its tax number (scheme 9933)."""
    return _is_tax_address(address)

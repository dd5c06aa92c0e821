"""What Peppol asks of sellers in Denmark, and of their invoices to Danish buyers.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from posthorn.documents.checks.peppol.places import BUYER, SELLER, Countries, where_parties
from posthorn.documents.checks.peppol.text import raw, tidied, tidy
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken
from posthorn.documents.checks.selects import Find, Select, at, named, root
from posthorn.documents.checks.subject import Subject, decimal
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_CVR: Final = "0184"  # ISO 6523: the Danish business register
_ENTITY: Final = ("cac:PartyLegalEntity", "cbc:CompanyID")
_ACCOUNT: Final = ("cac:PayeeFinancialAccount", "cbc:ID")
_BRANCH: Final = ("cac:PayeeFinancialAccount", "cac:FinancialInstitutionBranch", "cbc:ID")
_DEBITED: Final = ("cac:PaymentMandate", "cac:PayerFinancialAccount", "cbc:ID")
_ITEM_CODE: Final = ("cac:Item", "cac:CommodityClassification", "cbc:ItemClassificationCode")
_PAYMENTS: Final = " 1 10 31 42 48 49 50 58 59 93 97 "
_GIRO: Final = re.compile(r"[0-9]{7,8}")
_UNSPSC: Final = frozenset({"19.05.01", "19.0501", "26.08.01", "26.0801"})
_TAX_LENGTH: Final = 4


def _has_danish_seller(parties: Countries) -> bool:
    return parties.seller_as_sent == "DK"


def _are_danish(parties: Countries) -> bool:
    return parties.seller_as_sent == "DK" == parties.buyer_as_sent


def _of_danish_parties(select: Find) -> Select:
    return where_parties(_are_danish, select)


_invoices: Final = where_parties(_has_danish_seller, root)


def _payments(subject: Subject) -> Iterable[Element]:
    return () if subject.is_credit_note else subject.root.each("cac:PaymentMeans")


_means: Final = _of_danish_parties(_payments)


@rule("DK-R-002", _invoices)
def seller_has_a_number(invoice: Element, _: Subject) -> Answer:
    """BT-30: a Danish seller gives its CVR number."""
    return bool(tidied(invoice, *SELLER, *_ENTITY))


def _is_of_the_register(party: Element, *path: str) -> Answer:
    """Hold where a legal registration, if there is one, is a CVR number."""
    number = party.first(*path, *_ENTITY)
    scheme = tidy(number.attributes.get("schemeID")) if number is not None else _CVR
    return scheme == _CVR or Broken(found=scheme or None)


@rule("DK-R-014", _invoices)
def seller_is_in_the_register(invoice: Element, _: Subject) -> Answer:
    """BT-30: the scheme of a Danish seller's registration is 0184."""
    return _is_of_the_register(invoice, *SELLER)


@rule("DK-R-016", _of_danish_parties(named("cn:CreditNote")))
def credit_note_is_not_negative(note: Element, subject: Subject) -> Answer:
    """BT-115: the amount of a credit note between Danish parties is not below zero."""
    payable = note.first("cac:LegalMonetaryTotal", "cbc:PayableAmount")
    amount = subject.number(payable) if payable is not None else None
    return amount is None or amount >= 0 or Broken(at=payable, found=amount)


def _identifications(subject: Subject) -> Iterable[Element]:
    for party in (SELLER, BUYER):
        yield from subject.root.each(*party, "cac:PartyIdentification")


@rule("DK-R-013", _of_danish_parties(_identifications))
def identifier_has_a_scheme(identification: Element, _: Subject) -> Answer:
    """BT-29, BT-46: an identifier of a Danish party tells its scheme."""
    number = identification.first("cbc:ID")
    if number is None or tidy(number.attributes.get("schemeID")):
        return True
    return Broken(at=number, found=tidy(number.value) or None)


@rule("DK-R-017", _of_danish_parties(at("/".join(BUYER))))
def buyer_is_in_the_register(buyer: Element, _: Subject) -> Answer:
    """BT-47: the scheme of a Danish seller's Danish buyer's registration is 0184."""
    return _is_of_the_register(buyer)


def _code(means: Element) -> str:
    return raw(means, "cbc:PaymentMeansCode")


def _card(means: Element) -> tuple[str, str]:
    """Return the kind of payment card (three characters) and the whole reference (BT-83).

    With several references there is none: the official rules stop there.
    """
    references = [each.value or "" for each in means.each("cbc:PaymentID")]
    reference = references[0] if len(references) == 1 else ""
    return reference[:3], reference


@rule("DK-R-005", _means)
def pays_in_a_danish_way(means: Element, _: Subject) -> Answer:
    """BT-81: between Danish parties one pays by one of eleven codes."""
    found = _code(means)
    return f" {found} " in _PAYMENTS or Broken(found=found or None)


@rule("DK-R-006", _means)
def transfer_has_an_account(means: Element, _: Subject) -> Answer:
    """BT-84, BT-86: a transfer by 31 or 42 has an account and a registration number."""
    if _code(means) not in {"31", "42"}:
        return True
    return bool(tidied(means, *_ACCOUNT) and tidied(means, *_BRANCH)) or Broken(found=_code(means))


@rule("DK-R-007", _means)
def debit_has_its_accounts(means: Element, _: Subject) -> Answer:
    """BT-89, BT-91: a direct debit by 49 has a mandate and the account debited."""
    if _code(means) != "49":
        return True
    return bool(tidied(means, "cac:PaymentMandate", "cbc:ID") and tidied(means, *_DEBITED))


@rule("DK-R-008", _means)
def giro_has_card_and_account(means: Element, _: Subject) -> Answer:
    """BT-83, BT-84: giro (50) has a card 01, 04 or 15, and an account of seven or eight digits."""
    if _code(means) != "50":
        return True
    card, reference = _card(means)
    account = raw(means, *_ACCOUNT)
    is_right = card in {"01#", "04#", "15#"} and _GIRO.fullmatch(account) is not None
    return is_right or Broken(reference=reference or None, account=account or None)


@rule("DK-R-009", _means)
def giro_reference_has_its_length(means: Element, _: Subject) -> Answer:
    """BT-83: giro (50) by card 04 or 15 has sixteen digits after it."""
    card, reference = _card(means)
    if _code(means) != "50" or card not in {"04#", "15#"}:
        return True
    return len(reference) == 19 or Broken(reference=reference)  # noqa: PLR2004


@rule("DK-R-010", _means)
def slip_has_card_and_account(means: Element, _: Subject) -> Answer:
    """BT-83, BT-84: a payment slip (93) has a card 71, 73 or 75, and an account of eight."""
    if _code(means) != "93":
        return True
    card, reference = _card(means)
    account = raw(means, *_ACCOUNT)
    is_right = card in {"71#", "73#", "75#"} and len(account) == 8  # noqa: PLR2004
    return is_right or Broken(reference=reference or None, account=account or None)


@rule("DK-R-011", _means)
def slip_reference_has_its_length(means: Element, _: Subject) -> Answer:
    """BT-83: a payment slip (93) by card 71 or 75 has fifteen or sixteen digits after it."""
    card, reference = _card(means)
    if _code(means) != "93" or card not in {"71#", "75#"}:
        return True
    return len(reference) in {18, 19} or Broken(reference=reference)


def _lines(subject: Subject) -> Iterable[Element]:
    return subject.root.kids.get(subject.line_name, ())


@rule("DK-R-003", _of_danish_parties(_lines))
def classification_is_of_a_known_version(line: Element, _: Subject) -> Answer:
    """BT-158: an item's UNSPSC code (list TST) is of version 19.05.01 or 26.08.01."""
    codes = [code.attributes for code in line.each(*_ITEM_CODE)]
    if all(code.get("listID") != "TST" for code in codes):
        return True
    versions = [code.get("listVersionID") for code in codes]
    return any(version in _UNSPSC for version in versions) or Broken(
        found=next(filter(None, versions), None)
    )


@rule("DK-R-004", _of_danish_parties(named("cac:AllowanceCharge")))
def tax_names_its_category(charge: Element, _: Subject) -> Answer:
    """BT-97, BT-104: a tax that is no VAT (reason ZZZ) is four digits, or text#text."""
    if all(code.value != "ZZZ" for code in charge.each("cbc:AllowanceChargeReasonCode")):
        return True
    reason = raw(charge, "cbc:AllowanceChargeReason")
    return _is_tax(reason) or Broken(found=tidy(reason) or None)


def _is_tax(reason: str) -> bool:
    number = decimal(reason)
    if number is not None and len(tidy(reason)) == _TAX_LENGTH:
        return number >= 0
    return "#" in reason and not reason.startswith("#") and not reason.endswith("#")

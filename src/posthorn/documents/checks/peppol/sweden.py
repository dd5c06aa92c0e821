"""What Peppol asks of sellers in Sweden.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final

from posthorn.documents.checks.peppol import digits
from posthorn.documents.checks.peppol.places import (
    BUYER,
    COUNTRY,
    SELLER,
    Countries,
    vat_numbers,
    where_parties,
)
from posthorn.documents.checks.peppol.text import is_number, tidied, tidy
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken
from posthorn.documents.checks.selects import Find, Select, anywhere, named, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_VAT_LENGTH: Final = 14
_NUMBER_LENGTH: Final = 10
_RATES: Final = frozenset({Decimal(25), Decimal(12), Decimal(6)})
_APPROVED: Final = "GODKÄND FÖR F-SKATT"
_GIRO_CODES: Final = frozenset({"50", "56"})


def _has_swedish_seller(parties: Countries) -> bool:
    return parties.seller_as_sent == "SE"


def _is_swedish(party: Element) -> bool:
    return any(country.value == "SE" for country in party.each(*COUNTRY))


def _has_swedish_vat(party: Element) -> bool:
    return _is_swedish(party) and any(
        (number.value or "").startswith("SE") for number in vat_numbers(party)
    )


def _parties(path: tuple[str, str], holds: Callable[[Element], bool]) -> Select:
    # The country of the seller first: it alone spares every other country the rest.
    return where_parties(_has_swedish_seller, where(anywhere("/".join(path)), holds))


_sellers: Final = _parties(SELLER, _is_swedish)
_vat_sellers: Final = _parties(SELLER, _has_swedish_vat)
_buyers: Final = _parties(BUYER, _is_swedish)


def _below(sellers: Select, *path: str) -> Select:
    return sellers.then(
        lambda sellers, _: [found for seller in sellers for found in seller.each(*path)]
    )


def _with_seller(sellers: Select, select: Find) -> Select:
    """Select only in a document with such a seller."""
    return sellers.then(lambda found, subject: select(subject) if found else ())


@rule("SE-R-001", _vat_sellers)
def vat_number_has_fourteen_characters(seller: Element, _: Subject) -> Answer:
    """BT-31: a Swedish VAT number has 14 characters."""
    found = tidy(vat_numbers(seller)[0].value)
    return len(found) == _VAT_LENGTH or Broken(found=found)


@rule("SE-R-002", _vat_sellers)
def vat_number_ends_in_digits(seller: Element, _: Subject) -> Answer:
    """BT-31: after SE a Swedish VAT number has twelve digits."""
    found = vat_numbers(seller)[0].value or ""
    return is_number(found[2:_VAT_LENGTH]) or Broken(found=found)


_entities: Final = where(
    _below(_sellers, "cac:PartyLegalEntity"), lambda entity: "cbc:CompanyID" in entity.kids
)


@rule("SE-R-003", _entities)
def number_is_a_number(entity: Element, _: Subject) -> Answer:
    """BT-30: a Swedish organisation number is written in digits."""
    found = entity.kids["cbc:CompanyID"][0].value or ""
    return is_number(found) or Broken(found=found or None)


@rule("SE-R-004", _entities)
def number_has_ten_digits(entity: Element, _: Subject) -> Answer:
    """BT-30: a Swedish organisation number has ten digits."""
    found = tidied(entity, "cbc:CompanyID")
    return len(found) == _NUMBER_LENGTH or Broken(found=found or None)


@rule("SE-R-013", _entities)
def number_has_its_check_digit(entity: Element, _: Subject) -> Answer:
    """BT-30: the last digit of a Swedish organisation number is the check digit of Luhn."""
    found = tidied(entity, "cbc:CompanyID")
    return digits.is_swedish(found) or Broken(found=found or None)


def _numbers_beside_vat(sellers: Sequence[Element], _: Subject) -> list[Element]:
    return [
        number
        for seller in sellers
        if seller.first("cac:PartyLegalEntity", "cbc:CompanyID") is not None
        for tax in seller.each("cac:PartyTaxScheme")
        if tidied(tax, "cac:TaxScheme", "cbc:ID").upper() != "VAT"
        for number in tax.each("cbc:CompanyID")
    ]


@rule("SE-R-005", _sellers.then(_numbers_beside_vat))
def registration_says_approved(number: Element, _: Subject) -> Answer:
    """BT-32: a Swedish tax registration says Godkänd för F-skatt."""
    found = tidy(number.value)
    return found.upper() == _APPROVED or Broken(found=found or None)


_standard_rated: Final = _with_seller(
    _vat_sellers,
    where(
        named("cac:TaxCategory", "cac:ClassifiedTaxCategory"),
        lambda category: any(code.value == "S" for code in category.each("cbc:ID")),
    ),
)


@rule("SE-R-006", _standard_rated)
def rate_is_swedish(category: Element, subject: Subject) -> Answer:
    """BT-96, 103, 119, 152: the standard rates of Sweden are 6, 12 and 25."""
    percent = category.first("cbc:Percent")
    rate = subject.number(percent) if percent is not None else None
    return rate in _RATES or Broken(found=rate)


def _accounts(bank: str) -> Select:
    """Select the accounts of payments by 30 at Plusgiro or Bankgiro."""

    def select(subject: Subject) -> Iterable[Element]:
        return [
            account
            for means in subject.named("cac:PaymentMeans")
            if tidied(means, "cbc:PaymentMeansCode") == "30"
            and tidied(
                means, "cac:PayeeFinancialAccount", "cac:FinancialInstitutionBranch", "cbc:ID"
            )
            == bank
            for account in means.each("cac:PayeeFinancialAccount", "cbc:ID")
        ]

    return _with_seller(_sellers, select)


_plusgiro: Final = _accounts("SE:PLUSGIRO")
_bankgiro: Final = _accounts("SE:BANKGIRO")


@rule("SE-R-007", _plusgiro, severity=Severity.WARNING)
@rule("SE-R-008", _bankgiro, severity=Severity.WARNING)
def account_is_a_number(account: Element, _: Subject) -> Answer:
    """BT-84: an account at Plusgiro or Bankgiro is written in digits."""
    found = tidy(account.value)
    return is_number(found) or Broken(found=found or None)


@rule("SE-R-010", _plusgiro, severity=Severity.WARNING)
def plusgiro_account_has_its_length(account: Element, _: Subject) -> Answer:
    """BT-84: an account at Plusgiro has two to eight digits."""
    found = tidy(account.value)
    return len(found) in range(2, 9) or Broken(found=found or None)


@rule("SE-R-009", _bankgiro, severity=Severity.WARNING)
def bankgiro_account_has_its_length(account: Element, _: Subject) -> Answer:
    """BT-84: an account at Bankgiro has seven or eight digits."""
    found = tidy(account.value)
    return len(found) in {7, 8} or Broken(found=found or None)


_means: Final = _with_seller(_sellers, named("cac:PaymentMeans"))
_domestic_means: Final = _with_seller(_buyers, _means)


@rule("SE-R-011", _means, severity=Severity.WARNING)
def giro_is_a_transfer(means: Element, _: Subject) -> Answer:
    """BT-81: Bankgiro and Plusgiro are transfers, code 30, not 50 or 56."""
    codes = [code.value or "" for code in means.each("cbc:PaymentMeansCode")]
    return _GIRO_CODES.isdisjoint(codes) or Broken(found=codes[0])


@rule("SE-R-012", _domestic_means, severity=Severity.WARNING)
def domestic_transfer_is_thirty(means: Element, _: Subject) -> Answer:
    """BT-81: a transfer between Swedish parties is code 30, not 31."""
    return all(code.value != "31" for code in means.each("cbc:PaymentMeansCode"))

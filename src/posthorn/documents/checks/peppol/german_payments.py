"""Which payment details go with which means of payment between parties in Germany.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

import re
from typing import Final

from posthorn.documents.checks.peppol import digits
from posthorn.documents.checks.peppol.places import are_german, where_parties
from posthorn.documents.checks.peppol.text import raw, tidied, tidy
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken, Test
from posthorn.documents.checks.selects import Select, at, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_BLANK: Final = re.compile(r"[ \t\r\n]")
_SEPA_TRANSFER: Final = "58"
_ACCOUNT: Final = "cac:PayeeFinancialAccount"  # BG-17, credit transfer
_CARD: Final = "cac:CardAccount"  # BG-18, card
_MANDATE: Final = "cac:PaymentMandate"  # BG-19, direct debit


def _paid_by(*codes: str) -> Select:
    """Select the payments (BG-16) of German parties by means of these codes (BT-81)."""
    return where_parties(
        are_german,
        where(
            at("cac:PaymentMeans"),
            lambda means: tidied(means, "cbc:PaymentMeansCode") in codes,
        ),
    )


_transfers: Final = _paid_by("30", "58")
_cards: Final = _paid_by("48", "54", "55")
_debits: Final = _paid_by("59")


def _goes_with(group: str) -> Test:
    def has_its_group(means: Element, _: Subject) -> Answer:
        return group in means.kids or Broken(found=tidied(means, "cbc:PaymentMeansCode"))

    return has_its_group


def _goes_without(*groups: str) -> Test:
    def has_no_other(means: Element, _: Subject) -> Answer:
        return means.kids.keys().isdisjoint(groups) or Broken(
            found=tidied(means, "cbc:PaymentMeansCode")
        )

    return has_no_other


PEPPOL.add("DE-R-023-1", _transfers, _goes_with(_ACCOUNT))
PEPPOL.add("DE-R-023-2", _transfers, _goes_without(_CARD, _MANDATE))
PEPPOL.add("DE-R-024-1", _cards, _goes_with(_CARD))
PEPPOL.add("DE-R-024-2", _cards, _goes_without(_ACCOUNT, _MANDATE))
PEPPOL.add("DE-R-025-1", _debits, _goes_with(_MANDATE))
PEPPOL.add("DE-R-025-2", _debits, _goes_without(_ACCOUNT, _CARD))


def _is_iban(account: str) -> Answer:
    return digits.is_iban(_BLANK.sub("", account)) or Broken(found=tidy(account) or None)


@rule("DE-R-019", _transfers, severity=Severity.WARNING)
def account_is_an_iban(means: Element, _: Subject) -> Answer:
    """BT-84: a SEPA transfer (58) goes to an IBAN."""
    return tidied(means, "cbc:PaymentMeansCode") != _SEPA_TRANSFER or _is_iban(
        raw(means, _ACCOUNT, "cbc:ID")
    )


@rule("DE-R-020", _debits, severity=Severity.WARNING)
def debited_account_is_an_iban(means: Element, _: Subject) -> Answer:
    """BT-91: a SEPA direct debit (59) takes from an IBAN."""
    return _is_iban(raw(means, _MANDATE, "cac:PayerFinancialAccount", "cbc:ID"))

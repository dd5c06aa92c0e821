"""How the invoice is to be paid."""

from __future__ import annotations

import re

from posthorn.documents.checks.en16931.contexts import (
    BLANKS,
    every,
    has_text,
    string,
    strings,
    trimmed,
)
from posthorn.documents.checks.rules import EN16931, Answer, Broken
from posthorn.documents.checks.selects import anywhere, named, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.xml import Element

rule = EN16931.rule
# UNTDID 4461: credit transfer, SEPA credit transfer.
_TRANSFERS = frozenset({"30", "58"})
# PCI DSS 4.0, 3.4.1: of a card's number the first six and last four digits may be shown.
_MAX_CARD_NUMBER = 10
_SPACE = re.compile(f"[{BLANKS}]+")


def _is_of_a_transfer(account: Element) -> bool:
    means = account.parent
    return means is not None and not _TRANSFERS.isdisjoint(
        strings(means.kids.get("cbc:PaymentMeansCode", ()))
    )


@rule("BR-49", named("cac:PaymentMeans"))
def has_a_means_of_payment(means: Element, _: Subject) -> Answer:
    """BT-81: a payment instruction has the code of a means of payment (EN 16931-1, BR-49)."""
    return "cbc:PaymentMeansCode" in means.kids


@rule("BR-50", where(anywhere("cac:PaymentMeans/cac:PayeeFinancialAccount"), _is_of_a_transfer))
def has_an_account_number(account: Element, _: Subject) -> Answer:
    """BT-84: the account of a credit transfer has a number (EN 16931-1, BR-50)."""
    return has_text(account, "cbc:ID")


@rule(
    "BR-51",
    anywhere("cac:PaymentMeans/cac:CardAccount/cbc:PrimaryAccountNumberID"),
    severity=Severity.WARNING,
)
def shows_no_whole_card_number(number: Element, _: Subject) -> Answer:
    """BT-87: of a payment card no more than ten digits are shown (EN 16931-1, BR-51)."""
    return len(_SPACE.sub(" ", string(number)).strip(" ")) <= _MAX_CARD_NUMBER


@rule("BR-61", named("cac:PaymentMeans"))
def has_an_account_to_transfer_to(means: Element, _: Subject) -> Answer:
    """BT-81, BT-84: a credit transfer names the account (EN 16931-1, BR-61)."""
    codes = trimmed(means, "cbc:PaymentMeansCode")
    if codes.isdisjoint(_TRANSFERS) or every(means, "cac:PayeeFinancialAccount", "cbc:ID"):
        return True
    return Broken(code=min(codes & _TRANSFERS))

"""The currencies of amounts: one for the whole invoice, and one that exists.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

from typing import Final

from posthorn.documents.checks.rules import PEPPOL, Answer, Broken
from posthorn.documents.checks.subject import Subject
from posthorn.documents.codelists import codelist
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_CURRENCIES: Final = codelist("peppol-currencies")
_AMOUNTS: Final = (
    "cbc:Amount",
    "cbc:BaseAmount",
    "cbc:PriceAmount",
    "cbc:TaxableAmount",
    "cbc:LineExtensionAmount",
    "cbc:TaxExclusiveAmount",
    "cbc:TaxInclusiveAmount",
    "cbc:AllowanceTotalAmount",
    "cbc:ChargeTotalAmount",
    "cbc:PrepaidAmount",
    "cbc:PayableRoundingAmount",
    "cbc:PayableAmount",
)


# The selects pick out the wrong amounts: of the great many that are right no rule is asked.


def _in_another_currency(subject: Subject) -> list[Element]:
    own = {found.value for found in subject.root.kids.get("cbc:DocumentCurrencyCode", ())}
    others = [
        amount
        for name in _AMOUNTS
        for amount in subject.named(name)
        if amount.attributes.get("currencyID") not in own
    ]
    others += [
        amount
        for amount in subject.named("cbc:TaxAmount")
        if amount.attributes.get("currencyID") not in own and _is_broken_down(amount)
    ]
    return others


def _is_broken_down(amount: Element) -> bool:
    parent = amount.parent
    return parent is not None and (
        parent.name == "cac:TaxSubtotal"
        or (parent.name == "cac:TaxTotal" and "cac:TaxSubtotal" in parent.kids)
    )


@rule("PEPPOL-EN16931-R051", _in_another_currency)
def is_in_the_currency_of_the_invoice(amount: Element, subject: Subject) -> Answer:
    """BT-5: every amount but the tax in the tax currency (BT-111) is in the invoice currency."""
    return Broken(
        expected=subject.root.text("cbc:DocumentCurrencyCode"),
        found=amount.attributes.get("currencyID"),
    )


def _in_no_currency(subject: Subject) -> list[Element]:
    return [
        amount
        for name in (*_AMOUNTS, "cbc:TaxAmount")
        for amount in subject.named(name)
        if amount.attributes.get("currencyID") not in _CURRENCIES
    ]


@rule("PEPPOL-EN16931-CL007", _in_no_currency)
def is_in_a_known_currency(amount: Element, _: Subject) -> Answer:
    """Every amount is in a currency of ISO 4217."""
    return Broken(found=amount.attributes.get("currencyID"))

"""The currencies of amounts: one for the whole invoice, and one that exists.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from posthorn.documents.checks.rules import PEPPOL, Broken
from posthorn.documents.checks.subject import Subject
from posthorn.documents.codelists import codelist
from posthorn.documents.findings import Severity
from posthorn.documents.xml import Element

_OWN: Final = "PEPPOL-EN16931-R051"
_KNOWN: Final = "PEPPOL-EN16931-CL007"
_TAX: Final = "cbc:TaxAmount"
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
    _TAX,
)


@PEPPOL.sweep("PEPPOL-CURRENCIES", {_OWN: Severity.FATAL, _KNOWN: Severity.FATAL})
def find(subject: Subject) -> Iterator[tuple[str, Broken]]:
    """Find amounts in another currency than the invoice's (BT-5), or in none of ISO 4217.

    The tax in the tax currency (BT-111) may be in another.
    """
    own = {found.value for found in subject.root.kids.get("cbc:DocumentCurrencyCode", ())}
    for name in _AMOUNTS:
        for amount in subject.named(name):
            found = amount.attributes.get("currencyID")
            if found not in own and (name != _TAX or _is_broken_down(amount)):
                expected = subject.root.text("cbc:DocumentCurrencyCode")
                yield _OWN, Broken(at=amount, expected=expected, found=found)
            if found not in _CURRENCIES:
                yield _KNOWN, Broken(at=amount, found=found)


def _is_broken_down(amount: Element) -> bool:
    """Tell whether an amount of tax is that of a breakdown (BT-117) or of its total (BT-110)."""
    parent = amount.parent
    return parent is not None and (
        parent.name == "cac:TaxSubtotal"
        or (parent.name == "cac:TaxTotal" and "cac:TaxSubtotal" in parent.kids)
    )

"""Amounts have at most two decimals (BR-DEC-01 to BR-DEC-28).

BR-DEC-13 and BR-DEC-15, on the total VAT (BT-110, BT-111), are not here: the official test looks
for a currency code inside the amount, where none can stand, and so holds of every document
(validation artefacts 1.3.16). UBL-DT-01 asks the same of those amounts.
"""

from __future__ import annotations

from typing import Final

from posthorn.documents.checks.en16931.allowances import (
    allowances,
    charges,
    line_allowances,
    line_charges,
)
from posthorn.documents.checks.en16931.contexts import string
from posthorn.documents.checks.en16931.vat_breakdown import rows
from posthorn.documents.checks.rules import EN16931, Answer, Broken, Test
from posthorn.documents.checks.selects import Select, lines, named
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

_MOST: Final = 2
_totals = named("cac:LegalMonetaryTotal")

# Identifier, whose amount, the amount; the business terms are those of EN 16931-1.
_AMOUNTS: Final[tuple[tuple[str, Select, str], ...]] = (
    ("BR-DEC-01", allowances, "cbc:Amount"),  # BT-92
    ("BR-DEC-02", allowances, "cbc:BaseAmount"),  # BT-93
    ("BR-DEC-05", charges, "cbc:Amount"),  # BT-99
    ("BR-DEC-06", charges, "cbc:BaseAmount"),  # BT-100
    ("BR-DEC-09", _totals, "cbc:LineExtensionAmount"),  # BT-106
    ("BR-DEC-10", _totals, "cbc:AllowanceTotalAmount"),  # BT-107
    ("BR-DEC-11", _totals, "cbc:ChargeTotalAmount"),  # BT-108
    ("BR-DEC-12", _totals, "cbc:TaxExclusiveAmount"),  # BT-109
    ("BR-DEC-14", _totals, "cbc:TaxInclusiveAmount"),  # BT-112
    ("BR-DEC-16", _totals, "cbc:PrepaidAmount"),  # BT-113
    ("BR-DEC-17", _totals, "cbc:PayableRoundingAmount"),  # BT-114
    ("BR-DEC-18", _totals, "cbc:PayableAmount"),  # BT-115
    ("BR-DEC-19", rows, "cbc:TaxableAmount"),  # BT-116
    ("BR-DEC-20", rows, "cbc:TaxAmount"),  # BT-117
    ("BR-DEC-23", lines, "cbc:LineExtensionAmount"),  # BT-131
    ("BR-DEC-24", line_allowances, "cbc:Amount"),  # BT-136
    ("BR-DEC-25", line_allowances, "cbc:BaseAmount"),  # BT-137
    ("BR-DEC-27", line_charges, "cbc:Amount"),  # BT-141
    ("BR-DEC-28", line_charges, "cbc:BaseAmount"),  # BT-142
)


def has_two_decimals(name: str) -> Test:
    """Make the test that a child amount has no more than two decimals (EN 16931-1, BR-DEC)."""

    def test(element: Element, _: Subject) -> Answer:
        for amount in element.kids.get(name, ()):
            # Blanks after the number count, as they do for the official test.
            if len(string(amount).partition(".")[2]) > _MOST:
                return Broken(at=amount, found=string(amount))
        return True

    return test


for _identifier, _select, _name in _AMOUNTS:
    EN16931.add(_identifier, _select, has_two_decimals(_name))

"""Names of UBL 2.1 elements (OASIS, http://docs.oasis-open.org/ubl/UBL-2.1.html)."""

from __future__ import annotations

from typing import Final

_SPACE: Final = "urn:oasis:names:specification:ubl:schema:xsd:"

INVOICE: Final = f"{{{_SPACE}Invoice-2}}Invoice"
CREDIT_NOTE: Final = f"{{{_SPACE}CreditNote-2}}CreditNote"


def basic(name: str) -> str:
    """Return the full name of an element that holds a value (prefix cbc in most files)."""
    return f"{{{_SPACE}CommonBasicComponents-2}}{name}"


def aggregate(name: str) -> str:
    """Return the full name of an element that holds elements (prefix cac in most files)."""
    return f"{{{_SPACE}CommonAggregateComponents-2}}{name}"

"""Names the specification, the process and the kind of document."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from posthorn.documents.checks.peppol.general import BILLING, SPECIFICATION
from posthorn.documents.convert.draft import Draft

# A process that Peppol BIS Billing has besides (release 3.0.21, PEPPOL-EN16931-R007).
_WITH_RESPONSE: Final = "urn:peppol:bis:billing_with_response"
# What Peppol BIS Billing 3.0 wants where only the seller's number of an order is known.
_NO_ORDER: Final = "NA"
_INVOICE: Final = "380"  # UNTDID 1001
_CREDIT_NOTE: Final = "381"


def name_specification(draft: Draft) -> None:
    """Name Peppol BIS Billing 3.0 as the specification (BT-24) and the process (BT-23)."""
    invoice = draft.invoice
    if invoice.specification != SPECIFICATION:
        draft.note("CONVERT-SPECIFICATION", "BT-24", invoice.specification, SPECIFICATION)
    if invoice.process not in (BILLING, _WITH_RESPONSE):
        draft.note("CONVERT-PROCESS", "BT-23", invoice.process, BILLING)
        draft.put(process=BILLING)
    draft.put(specification=SPECIFICATION)


def name_kind(draft: Draft) -> None:
    """Write the code of what an untyped document is: UBL 2.0 tells it by its root alone."""
    if draft.invoice.type_code is None:
        code = _CREDIT_NOTE if draft.invoice.is_credit_note else _INVOICE
        draft.note("CONVERT-TYPE", "BT-3", None, code)
        draft.put(type_code=code)


def name_order(draft: Draft) -> None:
    """Say that the buyer's order number is not known where only the seller's is."""
    references = draft.invoice.references
    if references.sales_order is not None and references.purchase_order is None:
        draft.note("CONVERT-ORDER-NUMBER", "BT-13", None, _NO_ORDER)
        draft.put(references=replace(references, purchase_order=_NO_ORDER))

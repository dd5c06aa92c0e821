"""Reads the facts of a UBL invoice or credit note, with a fall-back where real files differ."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from posthorn.documents.model import Category, Facts, Format
from posthorn.documents.ubl.party import read_party
from posthorn.documents.values import currency as currency_of
from posthorn.documents.values import day, decimal
from posthorn.documents.xml import Element

FORMATS: Final = {"ubl:Invoice": Format.UBL_INVOICE, "cn:CreditNote": Format.UBL_CREDIT_NOTE}

# UNTDID 1001 codes that Peppol BIS Billing 3.0 takes for a credit note (release 3.0.21, P0101),
# and 261, the self-billed one.
_CREDIT_CODES: Final = frozenset({"81", "83", "261", "381", "396", "532"})
_TOTAL = ("cac:LegalMonetaryTotal", "cbc:TaxInclusiveAmount")


def read_facts(root: Element) -> Facts:
    """Return the facts of a root element that is one of FORMATS."""
    format_ = FORMATS[root.name]
    type_code = root.text("cbc:InvoiceTypeCode") or root.text("cbc:CreditNoteTypeCode")
    total, currency = _total(root)
    return Facts(
        format=format_,
        category=_category(format_, type_code, total),
        profile=root.text("cbc:CustomizationID"),
        number=root.text("cbc:ID"),
        issue_date=day(root.text("cbc:IssueDate")),
        due_date=day(_due_date(root)),
        type_code=type_code,
        currency=currency,
        total=total,
        seller=read_party(root, "AccountingSupplierParty"),
        buyer=read_party(root, "AccountingCustomerParty"),
    )


def _category(format_: Format, type_code: str | None, total: Decimal | None) -> Category:
    is_negative = total is not None and total < 0
    if format_ is Format.UBL_CREDIT_NOTE or type_code in _CREDIT_CODES or is_negative:
        return Category.CREDIT_NOTE
    return Category.INVOICE


def _due_date(root: Element) -> str | None:
    # UBL 2.1 gives a credit note no DueDate, and many invoices have theirs here only.
    return root.text("cbc:DueDate") or root.text("cac:PaymentMeans", "cbc:PaymentDueDate")


def _total(root: Element) -> tuple[Decimal | None, str | None]:
    """Return the total including VAT and its currency: the document's where it is given."""
    currency = currency_of(root.text("cbc:DocumentCurrencyCode"))
    amounts = [
        (amount, currency_of(element.attributes.get("currencyID")))
        for element in root.each(*_TOTAL)
        if (amount := decimal(element.text())) is not None
    ]
    matching = (amount for amount in amounts if currency is None or amount[1] in (currency, None))
    total, total_currency = next(matching, (None, None))
    return total, currency or total_currency

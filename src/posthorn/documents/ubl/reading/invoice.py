"""Reads a whole UBL invoice or credit note, BG by BG."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Final

from posthorn.documents.invoice import Invoice, Note
from posthorn.documents.ubl.reading import amounts, parties, payment, periods, references
from posthorn.documents.ubl.reading.elements import day, prose, text
from posthorn.documents.ubl.reading.lines import lines
from posthorn.documents.values import day as day_of
from posthorn.documents.xml import Element

CREDIT_CODES: Final = frozenset({"81", "83", "261", "381", "396", "532"})
"""UNTDID 1001 codes that Peppol BIS Billing 3.0 takes for a credit note (release 3.0.21, P0101),
and 261, the self-billed one."""

# EN 16931-3-2: the subject code stands before the note, `#AAI#Text`.
_SUBJECT: Final = re.compile(r"#([A-Z]{3})#\s*(\S.*)", re.DOTALL)


def read_invoice(root: Element) -> Invoice:
    """Return everything that a UBL Invoice or CreditNote says, in business terms."""
    return replace(
        read_header(root),
        attachments=references.attachments(root, decoded=True),
        lines=lines(root),
    )


def read_header(root: Element) -> Invoice:
    """Return the terms without lines, and without the contents of attachments.

    What a document is about costs the same then, however long or heavy it is.
    """
    type_code = text(root, "cbc:InvoiceTypeCode") or text(root, "cbc:CreditNoteTypeCode")
    currency, tax_currency = amounts.currency_of(root), text(root, "cbc:TaxCurrencyCode")
    means, seller, payee = payment.with_creditor(
        payment.payment_means(root), parties.seller(root), parties.payee(root)
    )
    allowances, charges = amounts.allowances_charges(root)
    return Invoice(
        is_credit_note=root.name == "cn:CreditNote" or type_code in CREDIT_CODES,
        number=text(root, "cbc:ID"),
        issue_date=day(root, "cbc:IssueDate"),
        type_code=type_code,
        currency=currency,
        tax_currency=tax_currency,
        tax_point_date=day(root, "cbc:TaxPointDate"),
        tax_point_code=text(root, "cac:InvoicePeriod", "cbc:DescriptionCode"),
        due_date=_due_date(root),
        references=references.references(root),
        payment_terms=_payment_terms(root),
        notes=_notes(root),
        process=text(root, "cbc:ProfileID"),
        specification=text(root, "cbc:CustomizationID"),
        preceding=references.preceding(root),
        seller=seller,
        buyer=parties.buyer(root),
        payee=payee,
        tax_representative=parties.tax_representative(root),
        delivery=periods.delivery(root),
        period=periods.period(root),
        payment=means,
        allowances=allowances,
        charges=charges,
        totals=amounts.totals(root, currency, tax_currency),
        vat=amounts.vat_lines(root, currency, tax_currency),
        attachments=references.attachments(root, decoded=False),
    )


def _due_date(root: Element) -> date | None:
    # UBL 2.1 gives a credit note no DueDate, and many invoices have theirs here only.
    return day_of(text(root, "cbc:DueDate") or text(root, "cac:PaymentMeans", "cbc:PaymentDueDate"))


def _payment_terms(root: Element) -> str | None:
    terms = (prose(each, "cbc:Note") for each in root.each("cac:PaymentTerms"))
    return "\n".join(filter(None, terms)) or None


def _notes(root: Element) -> tuple[Note, ...]:
    sent = ((note.value or "").strip() for note in root.each("cbc:Note"))
    return tuple(_note(words) for words in sent if words)


def _note(words: str) -> Note:
    found = _SUBJECT.fullmatch(words)
    return Note(text=found[2], subject=found[1]) if found else Note(text=words)

"""Writes a whole invoice or credit note as UBL 2.1, the way Peppol BIS Billing 3.0 uses it."""

from __future__ import annotations

from lxml import etree

from posthorn.documents.invoice import Invoice
from posthorn.documents.ubl.writing import amounts, parties, payment, periods, references
from posthorn.documents.ubl.writing.branch import Branch, Trunk
from posthorn.documents.ubl.writing.lines import lines


def write(invoice: Invoice) -> bytes:
    """Return the invoice as UBL: a CreditNote when it is one, else an Invoice.

    The same invoice gives the same bytes: UTF-8, two blanks a level, prefixes `cac` and `cbc`.
    What the invoice does not say is not written, be it required; a check tells. Raises
    UnwritableError for a text or number that XML cannot hold.
    """
    name = "cn:CreditNote" if invoice.is_credit_note else "ubl:Invoice"
    root = Trunk(name, invoice.currency)
    _head(root, invoice)
    references.references(root, invoice)
    _parties(root, invoice)
    periods.delivery(root, invoice.delivery)
    payment.payment(root, invoice)
    amounts.allowances_charges(root, (*invoice.allowances, *invoice.charges))
    amounts.vat(root, invoice)
    amounts.totals(root, invoice.totals)
    lines(root, invoice)
    return _serialized(root)


def _head(root: Branch, invoice: Invoice) -> None:
    root.text("cbc:CustomizationID", invoice.specification)
    root.text("cbc:ProfileID", invoice.process)
    root.text("cbc:ID", invoice.number)
    root.day("cbc:IssueDate", invoice.issue_date)
    if invoice.is_credit_note:
        root.day("cbc:TaxPointDate", invoice.tax_point_date)
        root.text("cbc:CreditNoteTypeCode", invoice.type_code)
        _notes(root, invoice)
    else:
        root.day("cbc:DueDate", invoice.due_date)
        root.text("cbc:InvoiceTypeCode", invoice.type_code)
        _notes(root, invoice)
        root.day("cbc:TaxPointDate", invoice.tax_point_date)
    root.text("cbc:DocumentCurrencyCode", invoice.currency)
    root.text("cbc:TaxCurrencyCode", invoice.tax_currency)
    root.text("cbc:AccountingCost", invoice.references.buyer_accounting)
    root.text("cbc:BuyerReference", invoice.references.buyer)
    periods.period(root, invoice.period, invoice.tax_point_code)


def _notes(root: Branch, invoice: Invoice) -> None:
    for note in invoice.notes:
        # EN 16931-3-2: the subject code (BT-21) stands before the text.
        root.text("cbc:Note", f"#{note.subject}#{note.text}" if note.subject else note.text)


def _parties(root: Branch, invoice: Invoice) -> None:
    creditors = payment.creditors(invoice)
    parties.seller(root, invoice.seller, () if invoice.payee else creditors)
    parties.buyer(root, invoice.buyer)
    parties.payee(root, invoice.payee, creditors)
    parties.tax_representative(root, invoice.tax_representative)


def _serialized(root: Branch) -> bytes:
    element = root.element()
    etree.indent(element, "  ")
    text = etree.tostring(element, encoding="UTF-8")
    # lxml's own declaration has single quotes, which some careless readers do not expect.
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text + b"\n"

"""Tells the facts of an invoice from its business terms, numbers written in one way."""

from __future__ import annotations

from typing import Final

from posthorn.documents import numbers
from posthorn.documents.formats import Format
from posthorn.documents.invoice import Attachment, Identifier, Invoice
from posthorn.documents.invoice import Party as InvoiceParty
from posthorn.documents.model import Category, Facts, Party
from posthorn.documents.values import currency

_PDF: Final = "application/pdf"


def facts_of(invoice: Invoice, format_: Format) -> Facts:
    """Return the facts of an invoice that came in that format; its lines are not looked at."""
    totals, references = invoice.totals, invoice.references
    return Facts(
        format=format_,
        category=_category(invoice),
        profile=invoice.specification,
        number=invoice.number,
        issue_date=invoice.issue_date,
        due_date=invoice.due_date,
        type_code=invoice.type_code,
        currency=currency(invoice.currency),
        total=totals.with_vat,
        without_vat=totals.without_vat,
        vat=totals.vat,
        payable=totals.payable,
        payment_reference=_payment_reference(invoice),
        pay_to=_pay_to(invoice),
        order_reference=references.purchase_order,
        buyer_reference=references.buyer,
        preceding_invoice=_preceding(invoice),
        attached_pdf=_attached_pdf(invoice),
        seller=_party(invoice.seller),
        buyer=_party(invoice.buyer),
    )


def _category(invoice: Invoice) -> Category:
    total = invoice.totals.with_vat
    is_negative = total is not None and total < 0
    return Category.CREDIT_NOTE if invoice.is_credit_note or is_negative else Category.INVOICE


def _payment_reference(invoice: Invoice) -> str | None:
    sent = (means.remittance for means in invoice.payment if means.remittance is not None)
    return next((numbers.payment_reference(text) for text in sent), None)


def _pay_to(invoice: Invoice) -> str | None:
    transfers = (transfer for means in invoice.payment for transfer in means.transfers)
    accounts = (transfer.account for transfer in transfers if transfer.account is not None)
    return next((numbers.iban(account) for account in accounts), None)


def _preceding(invoice: Invoice) -> str | None:
    return next((each.number for each in invoice.preceding if each.number is not None), None)


def _attached_pdf(invoice: Invoice) -> str | None:
    pdfs = (each for each in invoice.attachments if _is_pdf(each))
    return next((pdf.file_name or pdf.identifier or _PDF for pdf in pdfs), None)


def _is_pdf(attachment: Attachment) -> bool:
    names_pdf = (attachment.file_name or "").lower().endswith(".pdf")
    return attachment.is_embedded and (attachment.media_type == _PDF or names_pdf)


def _party(party: InvoiceParty | None) -> Party | None:
    if party is None:
        return None
    legal, endpoint = party.legal_identifier, party.endpoint
    country = party.address.country if party.address else None
    return Party(
        name=party.name,
        vat_number=party.vat_identifier and numbers.vat(party.vat_identifier),
        enterprise_number=_enterprise_number(legal, country) if legal else None,
        enterprise_scheme=legal.scheme if legal else None,
        endpoint=numbers.endpoint(endpoint.value, endpoint.scheme) if endpoint else None,
        endpoint_scheme=endpoint.scheme if endpoint else None,
        country=country and country.upper(),
    )


def _enterprise_number(legal: Identifier, country: str | None) -> str:
    # Many Belgian senders leave the scheme out.
    if legal.scheme is None and (country or "").upper() == "BE":
        return numbers.belgian_enterprise(legal.value)
    return numbers.enterprise(legal.value, legal.scheme)

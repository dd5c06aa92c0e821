"""Reads a cross industry invoice into the business terms, by EN 16931-3-3."""

from __future__ import annotations

from datetime import date
from typing import Final

from posthorn.documents.cii.amounts import (
    read_allowances,
    read_charges,
    read_totals,
    read_vat,
    vat_of,
)
from posthorn.documents.cii.dialect import Sections, dialect_of, sections_of
from posthorn.documents.cii.lines import read_lines, read_period
from posthorn.documents.cii.parties import (
    read_address,
    read_party,
    read_payee,
    read_tax_representative,
    with_creditor,
)
from posthorn.documents.cii.payment import creditor_of, read_payment
from posthorn.documents.cii.references import read_attachments, read_preceding, read_references
from posthorn.documents.cii.values import day, identifier, known, prose
from posthorn.documents.invoice import Delivery, Identifier, Invoice, Note, Party, PaymentMeans
from posthorn.documents.xml import Element

# UNTDID 1001, the codes that EN 16931 has for credit notes (rule BR-CL-01, release 1.3.16).
CREDIT_NOTES: Final = frozenset(
    ("81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532")
)
# The date that VAT is due by: CII writes UNTDID 2475, the model UNTDID 2005 (EN 16931-3-3, BT-8).
_TAX_POINTS: Final = {"5": "3", "29": "35", "72": "432"}
_ID = "ram:ID"


def read_invoice(root: Element) -> Invoice:
    """Return what a `rsm:CrossIndustryInvoice` or ZUGFeRD 1.0 file says; the absent is None."""
    names = dialect_of(root)
    context, document = names.context, names.document
    sections = sections_of(root, names)
    agreement, settlement = sections.agreement, sections.settlement
    transaction = root.first(names.transaction)
    type_code = root.text(document, "ram:TypeCode")
    payment = read_payment(settlement)
    return Invoice(
        is_credit_note=type_code in CREDIT_NOTES,
        number=root.text(document, _ID),
        issue_date=day(root, document, "ram:IssueDateTime"),
        type_code=type_code,
        currency=settlement.text("ram:InvoiceCurrencyCode"),
        tax_currency=settlement.text("ram:TaxCurrencyCode"),
        tax_point_date=_tax_point_date(settlement),
        tax_point_code=_tax_point_code(settlement),
        due_date=day(settlement, "ram:SpecifiedTradePaymentTerms", "ram:DueDateDateTime"),
        references=read_references(sections, names),
        payment_terms=prose(settlement, "ram:SpecifiedTradePaymentTerms", "ram:Description"),
        notes=_notes(root, document),
        process=root.text(context, "ram:BusinessProcessSpecifiedDocumentContextParameter", _ID),
        specification=root.text(context, "ram:GuidelineSpecifiedDocumentContextParameter", _ID),
        preceding=read_preceding(settlement, names),
        seller=_seller(sections, payment),
        buyer=read_party(agreement.first("ram:BuyerTradeParty")),
        payee=read_payee(settlement.first("ram:PayeeTradeParty")),
        tax_representative=read_tax_representative(
            agreement.first("ram:SellerTaxRepresentativeTradeParty")
        ),
        delivery=_delivery(sections),
        period=read_period(settlement),
        payment=payment,
        allowances=read_allowances(settlement, names),
        charges=read_charges(settlement, names),
        totals=read_totals(settlement, names),
        vat=read_vat(settlement, names),
        attachments=read_attachments(agreement, names),
        lines=() if transaction is None else read_lines(transaction, names),
    )


def _notes(root: Element, document: str) -> tuple[Note, ...]:
    return tuple(
        Note(text=text, subject=note.text("ram:SubjectCode"))
        for note in root.each(document, "ram:IncludedNote")
        if (text := prose(note, "ram:Content"))
    )


def _tax_point_date(settlement: Element) -> date | None:
    return next(
        (found for tax in vat_of(settlement) if (found := day(tax, "ram:TaxPointDate"))), None
    )


def _tax_point_code(settlement: Element) -> str | None:
    for tax in vat_of(settlement):
        if code := tax.text("ram:DueDateTypeCode"):
            return _TAX_POINTS.get(code, code)
    return None


def _seller(sections: Sections, payment: tuple[PaymentMeans, ...]) -> Party | None:
    seller = read_party(sections.agreement.first("ram:SellerTradeParty"))
    is_debited = any(each.direct_debit for each in payment)
    return seller if is_debited else with_creditor(seller, creditor_of(sections.settlement))


def _delivery(sections: Sections) -> Delivery | None:
    place = sections.delivery.first("ram:ShipToTradeParty")
    delivered = day(
        sections.delivery, "ram:ActualDeliverySupplyChainEvent", "ram:OccurrenceDateTime"
    )
    if place is None:
        return Delivery(date=delivered) if delivered else None
    return known(
        Delivery(
            name=place.text("ram:Name"),
            location=_location(place),
            date=delivered,
            address=read_address(place),
        )
    )


def _location(place: Element) -> Identifier | None:
    """Return the number of a place: one of a known scheme says more than one of the two sides.

    There is room for one; the others stay unread, so that a conversion tells that they are lost.
    """
    numbers = [*place.each(_ID), *place.each("ram:GlobalID")]
    numbers.sort(key=lambda each: not each.attributes.get("schemeID", "").strip())
    return next(filter(None, map(identifier, numbers)), None)

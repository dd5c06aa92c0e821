"""Reads the numbers of other papers and the attachments (BG-3, BG-24, BT-10 to BT-19)."""

from __future__ import annotations

from typing import Final

from posthorn.documents.cii.dialect import Dialect, Sections
from posthorn.documents.cii.lines import object_identifier
from posthorn.documents.cii.values import content, day, known, prose
from posthorn.documents.invoice import Attachment, PrecedingInvoice, References
from posthorn.documents.xml import Element

# UNTDID 1001: supporting document; validated priced tender.
_SUPPORTING: Final = "916"
_TENDER: Final = "50"
_PAPER = "ram:AdditionalReferencedDocument"


def read_references(sections: Sections, names: Dialect) -> References:
    """Return the numbers of other papers."""
    agreement, delivery, number = sections.agreement, sections.delivery, names.number
    return References(
        buyer=agreement.text("ram:BuyerReference"),
        project=agreement.text("ram:SpecifiedProcuringProject", "ram:ID"),
        contract=agreement.text("ram:ContractReferencedDocument", number),
        purchase_order=agreement.text("ram:BuyerOrderReferencedDocument", number),
        sales_order=agreement.text("ram:SellerOrderReferencedDocument", number),
        receiving_advice=delivery.text("ram:ReceivingAdviceReferencedDocument", number),
        despatch_advice=delivery.text("ram:DespatchAdviceReferencedDocument", number),
        tender=_tender(agreement, names),
        invoiced_object=object_identifier(agreement, names),
        buyer_accounting=sections.settlement.text(
            "ram:ReceivableSpecifiedTradeAccountingAccount", "ram:ID"
        ),
    )


def _tender(agreement: Element, names: Dialect) -> str | None:
    for paper in agreement.each(_PAPER):
        if paper.text("ram:TypeCode") == _TENDER:
            return paper.text(names.number)
    return None


def read_attachments(agreement: Element, names: Dialect) -> tuple[Attachment, ...]:
    """Return the supporting documents."""
    found = (
        known(_attachment(paper, names))
        for paper in agreement.each(_PAPER)
        if paper.text("ram:TypeCode") == _SUPPORTING
    )
    return tuple(filter(None, found))


def _attachment(paper: Element, names: Dialect) -> Attachment:
    binary = paper.first("ram:AttachmentBinaryObject")
    attributes = {} if binary is None else binary.attributes
    return Attachment(
        identifier=paper.text(names.number),
        description=prose(paper, "ram:Name"),
        url=paper.text("ram:URIID"),
        content=content(binary),
        is_embedded=binary is not None and bool((binary.value or "").strip()),
        media_type=attributes.get("mimeCode", "").strip() or None,
        file_name=attributes.get("filename", "").strip() or None,
    )


def read_preceding(settlement: Element, names: Dialect) -> tuple[PrecedingInvoice, ...]:
    """Return the invoices that this one corrects or follows."""
    found = (
        known(
            PrecedingInvoice(
                number=paper.text(names.number),
                issue_date=day(paper, "ram:FormattedIssueDateTime"),
            )
        )
        for paper in settlement.each("ram:InvoiceReferencedDocument")
    )
    return tuple(filter(None, found))

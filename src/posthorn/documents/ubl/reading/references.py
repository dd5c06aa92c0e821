"""Reads the papers a UBL document refers to or brings along: BT-10 to BT-19, BG-3, BG-24."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from posthorn.documents.invoice import Attachment, Identifier, PrecedingInvoice, References
from posthorn.documents.octets import octets_of
from posthorn.documents.ubl.reading.elements import (
    attribute,
    day,
    identifiers,
    known,
    prose,
    text,
)
from posthorn.documents.xml import Element

_FURTHER: Final = "cac:AdditionalDocumentReference"
_BINARY: Final = ("cac:Attachment", "cbc:EmbeddedDocumentBinaryObject")
_INVOICED_OBJECT: Final = "130"  # UNTDID 1001
_PROJECT: Final = "50"  # UNTDID 1001; UBL 2.1 has no ProjectReference in a CreditNote


def references(root: Element) -> References:
    """Return the numbers of other papers."""
    return References(
        buyer=text(root, "cbc:BuyerReference"),
        project=text(root, "cac:ProjectReference", "cbc:ID") or _project(root),
        contract=text(root, "cac:ContractDocumentReference", "cbc:ID"),
        purchase_order=text(root, "cac:OrderReference", "cbc:ID"),
        sales_order=text(root, "cac:OrderReference", "cbc:SalesOrderID"),
        receiving_advice=text(root, "cac:ReceiptDocumentReference", "cbc:ID"),
        despatch_advice=text(root, "cac:DespatchDocumentReference", "cbc:ID"),
        tender=text(root, "cac:OriginatorDocumentReference", "cbc:ID"),
        invoiced_object=invoiced_object(root, _FURTHER),
        buyer_accounting=text(root, "cbc:AccountingCost"),
    )


def invoiced_object(element: Element, name: str) -> Identifier | None:
    """Return what is invoiced (BT-18, BT-128), from references of that name."""
    objects = (each for each in element.kids.get(name, ()) if _type(each) == _INVOICED_OBJECT)
    return next((found for each in objects for found in identifiers(each, "cbc:ID")), None)


def preceding(root: Element) -> tuple[PrecedingInvoice, ...]:
    """Return the preceding invoices (BG-3)."""
    read = (
        known(
            PrecedingInvoice(
                number=text(reference, "cbc:ID"), issue_date=day(reference, "cbc:IssueDate")
            )
        )
        for reference in root.each("cac:BillingReference", "cac:InvoiceDocumentReference")
    )
    return tuple(each for each in read if each is not None)


def attachments(root: Element, *, decoded: bool) -> tuple[Attachment, ...]:
    """Return the supporting documents (BG-24), their contents decoded or left out."""
    read = (known(_attachment(each, decoded=decoded)) for each in _supporting(root))
    return tuple(each for each in read if each is not None)


def _supporting(root: Element) -> Iterator[Element]:
    for reference in root.each(_FURTHER):
        if _type(reference) != _INVOICED_OBJECT and not _is_project(root, reference):
            yield reference


def _is_project(root: Element, reference: Element) -> bool:
    is_typed = root.name == "cn:CreditNote" and _type(reference) == _PROJECT
    return is_typed and "cac:Attachment" not in reference.kids


def _project(root: Element) -> str | None:
    numbers = (text(each, "cbc:ID") for each in root.each(_FURTHER) if _is_project(root, each))
    return next(filter(None, numbers), None)


def _type(reference: Element) -> str | None:
    return text(reference, "cbc:DocumentTypeCode")


def _attachment(reference: Element, *, decoded: bool) -> Attachment:
    binary = reference.first(*_BINARY)
    value = (binary.value or "") if binary is not None else ""
    return Attachment(
        identifier=text(reference, "cbc:ID"),
        description=prose(reference, "cbc:DocumentDescription"),
        url=text(reference, "cac:Attachment", "cac:ExternalReference", "cbc:URI"),
        # isspace() ends at the first letter; it leaves 50 MB alone.
        is_embedded=value != "" and not value.isspace(),
        content=(octets_of(value) or None) if decoded else None,
        media_type=attribute(binary, "mimeCode") if binary is not None else None,
        file_name=attribute(binary, "filename") if binary is not None else None,
    )

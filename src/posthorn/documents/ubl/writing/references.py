"""Writes the papers the document refers to or brings along: BT-11 to BT-18, BG-3, BG-24."""

from __future__ import annotations

from base64 import b64encode

from posthorn.documents.invoice import Attachment, Identifier, Invoice, References
from posthorn.documents.ubl.writing.branch import Branch

_FURTHER = "cac:AdditionalDocumentReference"


def references(root: Branch, invoice: Invoice) -> None:
    """Write all references in the order of the schema, which is another in a credit note."""
    numbers = invoice.references
    _orders(root, numbers)
    _preceding(root, invoice)
    _numbered(root, "cac:DespatchDocumentReference", numbers.despatch_advice)
    _numbered(root, "cac:ReceiptDocumentReference", numbers.receiving_advice)
    if invoice.is_credit_note:
        _numbered(root, "cac:ContractDocumentReference", numbers.contract)
        _further(root, invoice)
        # UBL 2.1 has no ProjectReference here: UNTDID 1001, code 50.
        _typed(root, numbers.project, "50")
        _numbered(root, "cac:OriginatorDocumentReference", numbers.tender)
    else:
        _numbered(root, "cac:OriginatorDocumentReference", numbers.tender)
        _numbered(root, "cac:ContractDocumentReference", numbers.contract)
        _further(root, invoice)
        _numbered(root, "cac:ProjectReference", numbers.project)


def invoiced_object(at: Branch, name: str, identifier: Identifier | None) -> None:
    """Write what is invoiced (BT-18, BT-128) as a reference of that name."""
    if identifier is not None:
        reference = at.group(name)
        reference.text("cbc:ID", identifier.value, schemeID=identifier.scheme)
        reference.text("cbc:DocumentTypeCode", "130")


def _orders(root: Branch, numbers: References) -> None:
    order = root.group("cac:OrderReference")
    order.text("cbc:ID", numbers.purchase_order)
    order.text("cbc:SalesOrderID", numbers.sales_order)


def _preceding(root: Branch, invoice: Invoice) -> None:
    for each in invoice.preceding:
        reference = root.group("cac:BillingReference").group("cac:InvoiceDocumentReference")
        reference.text("cbc:ID", each.number)
        reference.day("cbc:IssueDate", each.issue_date)


def _further(root: Branch, invoice: Invoice) -> None:
    invoiced_object(root, _FURTHER, invoice.references.invoiced_object)
    for attachment in invoice.attachments:
        _attachment(root.group(_FURTHER), attachment)


def _attachment(at: Branch, attachment: Attachment) -> None:
    at.text("cbc:ID", attachment.identifier)
    at.text("cbc:DocumentDescription", attachment.description)
    inside = at.group("cac:Attachment")
    if attachment.content is not None:
        inside.text(
            "cbc:EmbeddedDocumentBinaryObject",
            b64encode(attachment.content).decode("ascii"),
            mimeCode=attachment.media_type,
            filename=attachment.file_name,
        )
    inside.group("cac:ExternalReference").text("cbc:URI", attachment.url)


def _numbered(root: Branch, name: str, number: str | None) -> None:
    root.group(name).text("cbc:ID", number)


def _typed(root: Branch, number: str | None, type_code: str) -> None:
    if number is not None:
        reference = root.group(_FURTHER)
        reference.text("cbc:ID", number)
        reference.text("cbc:DocumentTypeCode", type_code)

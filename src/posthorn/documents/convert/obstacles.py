"""Finds what no conversion can get past, and names it in the terms of the file that came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from posthorn.documents import values
from posthorn.documents.cii.values import parsed_day
from posthorn.documents.convert.watching import Watched
from posthorn.documents.findings import Finding
from posthorn.documents.formats import UBL_ROOTS
from posthorn.documents.invoice import Invoice
from posthorn.documents.xml import Element, Tree

# Lines inside lines: XRechnung's extension, and EXTENDED of Factur-X.
_SUB_LINES: Final = ("cac:SubInvoiceLine", "cac:SubCreditNoteLine", "ram:ParentLineID")
_UBL_TAXES: Final = ("cac:TaxCategory", "cac:ClassifiedTaxCategory")
_CII_TAXES: Final = ("ram:ApplicableTradeTax", "ram:CategoryTradeTax", "ram:AppliedTradeTax")
_VAT: Final = ("VAT", None)
# UNTDID 1001: self-billed invoice and credit note, which have a specification of their own.
_SELF_BILLED: Final = ("389", "261", "527")
_BOOLEANS: Final = ("true", "false", "1", "0")
_BINARY: Final = ("cbc:EmbeddedDocumentBinaryObject", "ram:AttachmentBinaryObject")
_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...]] = (
    (re.compile(r".*(?:Amount|Quantity|Percent|Numeric)"), lambda text: bool(_number(text))),
    (re.compile(r".*(?:Date|DateTimeString|DateString|DateTime)"), lambda text: bool(_day(text))),
    (re.compile(r".*Indicator"), lambda text: text in _BOOLEANS),
)


def _number(text: str) -> bool:
    return values.decimal(text) is not None


def _day(text: str) -> bool:
    return parsed_day(text) is not None


def obstacles(tree: Tree, read: Watched, invoice: Invoice) -> Iterator[Finding]:
    """Yield what stands in the way, whatever the rules say of the converted document."""
    yield from _sub_lines(tree)
    yield from _other_taxes(tree)
    yield from _unread_values(tree, read)
    yield from _lost_attachments(invoice)
    if invoice.type_code in _SELF_BILLED:
        yield Finding(id="CONVERT-SELF-BILLED", values={"code": invoice.type_code})
    if _has_two_signs(tree.root, invoice):
        yield Finding(id="CONVERT-SIGN", values={"total": str(invoice.totals.with_vat)})


def _placed(tree: Tree, identifier: str, element: Element, **found: str) -> Finding:
    return Finding(
        id=identifier, xpath=tree.path_of(element), line=tree.line_of(element), values=found
    )


def _sub_lines(tree: Tree) -> Iterator[Finding]:
    for name in _SUB_LINES:
        for element in tree.by_name.get(name, ())[:1]:
            yield _placed(tree, "CONVERT-SUB-LINES", element)


def _other_taxes(tree: Tree) -> Iterator[Finding]:
    for name in (*_UBL_TAXES, *_CII_TAXES):
        path = ("cac:TaxScheme", "cbc:ID") if name in _UBL_TAXES else ("ram:TypeCode",)
        for element in tree.by_name.get(name, ()):
            tax = element.text(*path)
            if (tax and tax.upper()) not in _VAT:
                yield _placed(tree, "CONVERT-OTHER-TAX", element, tax=tax or "")
                return


def _unread_values(tree: Tree, read: Watched) -> Iterator[Finding]:
    """Yield the numbers, dates and marks that were read and not understood."""
    for leaf in read.leaves():
        text = " ".join(leaf.sent.split())
        if leaf.is_read and not _is_understood(leaf.name, text):
            yield _placed(tree, "CONVERT-VALUE", leaf.origin, value=text)


def _is_understood(name: str, text: str) -> bool:
    if name in _BINARY:
        return True
    return all(is_right(text) for form, is_right in _FORMS if form.fullmatch(name))


def _lost_attachments(invoice: Invoice) -> Iterator[Finding]:
    for each in invoice.attachments:
        if each.is_embedded and each.content is None:
            name = each.file_name or each.identifier or ""
            yield Finding(id="CONVERT-ATTACHMENT", values={"name": name})


def _has_two_signs(root: Element, invoice: Invoice) -> bool:
    """Tell whether UBL says credit twice, by type and by sign, and so perhaps says debit."""
    total = invoice.totals.with_vat
    is_typed = root.name == "ubl:Invoice" and invoice.is_credit_note
    return root.name in UBL_ROOTS and is_typed and total is not None and total < 0

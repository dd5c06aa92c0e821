"""Names the terms that Peppol wants and an invoice does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from posthorn.documents.findings import Finding
from posthorn.documents.invoice import Address, Invoice, Item, Line, Party, Price

_NOBODY: Final = Party()
_NOWHERE: Final = Address()


def missing_terms(invoice: Invoice) -> Iterator[Finding]:
    """Yield a finding for each required term that is not there, the lines' once for all lines."""
    absent = (*_of_document(invoice), *_of_parties(invoice), *_of_totals(invoice))
    for term, is_there in (*absent, *_of_lines(invoice)):
        if not is_there:
            yield Finding(id=f"CONVERT-MISSING-{term}")


def _of_document(invoice: Invoice) -> tuple[tuple[str, object], ...]:
    references = invoice.references
    return (
        ("BT-1", invoice.number),
        ("BT-2", invoice.issue_date),
        ("BT-3", invoice.type_code),
        ("BT-5", invoice.currency),
        ("BT-10", references.buyer or references.purchase_order),
    )


def _of_parties(invoice: Invoice) -> tuple[tuple[str, object], ...]:
    seller, buyer = invoice.seller or _NOBODY, invoice.buyer or _NOBODY
    return (
        ("BT-27", seller.name),
        ("BT-34", seller.endpoint),
        ("BT-40", (seller.address or _NOWHERE).country),
        ("BT-44", buyer.name),
        ("BT-49", buyer.endpoint),
        ("BT-55", (buyer.address or _NOWHERE).country),
    )


def _of_totals(invoice: Invoice) -> tuple[tuple[str, object], ...]:
    totals = invoice.totals
    return (
        ("BT-106", totals.lines is not None),
        ("BT-109", totals.without_vat is not None),
        ("BT-110", totals.vat is not None),
        ("BT-112", totals.with_vat is not None),
        ("BT-115", totals.payable is not None),
        ("BG-23", invoice.vat),
    )


def _of_lines(invoice: Invoice) -> tuple[tuple[str, object], ...]:
    lines = invoice.lines
    if not lines:
        return (("BG-25", None),)
    return (
        ("BT-126", all(line.number for line in lines)),
        ("BT-129", all(line.quantity is not None for line in lines)),
        ("BT-130", all(line.unit for line in lines)),
        ("BT-131", all(line.amount is not None for line in lines)),
        ("BT-146", all(_price(line).net is not None for line in lines)),
        ("BT-151", all(line.vat_category for line in lines)),
        ("BT-153", all(_item(line).name for line in lines)),
    )


def _price(line: Line) -> Price:
    return line.price or Price()


def _item(line: Line) -> Item:
    return line.item or Item()

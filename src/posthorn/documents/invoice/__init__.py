"""The business terms of EN 16931-1:2017, whatever syntax they were written in.

Every field names its term (BT) or group (BG). Values are as sent: a Decimal keeps its written
zeros, a code is not translated, and what is absent is None or an empty tuple.
"""

from __future__ import annotations

from posthorn.documents.invoice.amounts import AllowanceCharge, Totals, VatLine
from posthorn.documents.invoice.lines import Attribute, Classification, Item, Line, Price
from posthorn.documents.invoice.model import (
    Attachment,
    Delivery,
    Invoice,
    Note,
    PrecedingInvoice,
    References,
)
from posthorn.documents.invoice.parties import Address, Contact, Identifier, Party
from posthorn.documents.invoice.payment import Card, CreditTransfer, DirectDebit, PaymentMeans
from posthorn.documents.invoice.periods import Period

__all__ = [
    "Address",
    "AllowanceCharge",
    "Attachment",
    "Attribute",
    "Card",
    "Classification",
    "Contact",
    "CreditTransfer",
    "Delivery",
    "DirectDebit",
    "Identifier",
    "Invoice",
    "Item",
    "Line",
    "Note",
    "Party",
    "PaymentMeans",
    "Period",
    "PrecedingInvoice",
    "Price",
    "References",
    "Totals",
    "VatLine",
]

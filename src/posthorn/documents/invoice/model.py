"""An invoice or credit note as EN 16931-1:2017 describes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from posthorn.documents.invoice.amounts import Totals

if TYPE_CHECKING:
    from posthorn.documents.invoice.amounts import AllowanceCharge, VatLine
    from posthorn.documents.invoice.lines import Line
    from posthorn.documents.invoice.parties import Address, Identifier, Party
    from posthorn.documents.invoice.payment import PaymentMeans
    from posthorn.documents.invoice.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note (BG-1)."""

    text: str  # BT-22
    subject: str | None = None  # BT-21, UNTDID 4451


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedingInvoice:
    """The invoice this one corrects or follows (BG-3)."""

    number: str | None = None  # BT-25
    issue_date: date | None = None  # BT-26


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where and when the goods went (BG-13)."""

    name: str | None = None  # BT-70
    location: Identifier | None = None  # BT-71
    date: date | None = None  # BT-72
    address: Address | None = None  # BG-15


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A supporting document (BG-24)."""

    identifier: str | None = None  # BT-122
    description: str | None = None  # BT-123
    url: str | None = None  # BT-124, never fetched
    # Whether a file is in it, also where its content was not decoded or cannot be.
    is_embedded: bool = False
    content: bytes | None = field(default=None, repr=False)  # BT-125, decoded; None when none
    media_type: str | None = None
    file_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Numbers of other papers."""

    buyer: str | None = None  # BT-10
    project: str | None = None  # BT-11
    contract: str | None = None  # BT-12
    purchase_order: str | None = None  # BT-13
    sales_order: str | None = None  # BT-14
    receiving_advice: str | None = None  # BT-15
    despatch_advice: str | None = None  # BT-16
    tender: str | None = None  # BT-17
    invoiced_object: Identifier | None = None  # BT-18
    buyer_accounting: str | None = None  # BT-19


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice or credit note. Dates are days; a zone that was sent with one is dropped.

    `is_credit_note` says in which shape it came: UBL's CreditNote, or a type code that UNTDID 1001
    has for credit notes. Signs are as sent.
    """

    is_credit_note: bool = False
    number: str | None = None  # BT-1
    issue_date: date | None = None  # BT-2
    type_code: str | None = None  # BT-3, UNTDID 1001
    currency: str | None = None  # BT-5, ISO 4217
    tax_currency: str | None = None  # BT-6
    tax_point_date: date | None = None  # BT-7
    tax_point_code: str | None = None  # BT-8, UNTDID 2005
    due_date: date | None = None  # BT-9
    references: References = field(default_factory=References)
    payment_terms: str | None = None  # BT-20
    notes: tuple[Note, ...] = ()  # BG-1
    process: str | None = None  # BT-23, UBL's ProfileID
    specification: str | None = None  # BT-24, UBL's CustomizationID
    preceding: tuple[PrecedingInvoice, ...] = ()  # BG-3
    seller: Party | None = None  # BG-4
    buyer: Party | None = None  # BG-7
    payee: Party | None = None  # BG-10
    tax_representative: Party | None = None  # BG-11
    delivery: Delivery | None = None  # BG-13
    period: Period | None = None  # BG-14
    payment: tuple[PaymentMeans, ...] = ()  # BG-16
    allowances: tuple[AllowanceCharge, ...] = ()  # BG-20
    charges: tuple[AllowanceCharge, ...] = ()  # BG-21
    totals: Totals = field(default_factory=Totals)  # BG-22
    vat: tuple[VatLine, ...] = ()  # BG-23
    attachments: tuple[Attachment, ...] = ()  # BG-24
    lines: tuple[Line, ...] = ()  # BG-25

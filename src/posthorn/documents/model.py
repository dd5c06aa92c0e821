"""What can be known about a document from its bytes alone; what is absent there is None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from posthorn.documents.formats import Format

# Most who ask for facts ask of which format they are.
__all__ = ["Category", "Facts", "Format", "Party", "Statement"]


class Category(StrEnum):
    """What a document is to a bookkeeper."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    STATEMENT = "statement"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A seller, a buyer or an account holder, as the document names it.

    Numbers that hold by their check digits are written in one way: upper case, no separators, VAT
    numbers with their country. All others are kept as sent, in upper case and without blanks.
    """

    name: str | None = None
    vat_number: str | None = None
    enterprise_number: str | None = None
    enterprise_scheme: str | None = None  # ISO/IEC 6523 code: 0208 Belgium, 0106 and 0190 Dutch
    endpoint: str | None = None
    endpoint_scheme: str | None = None  # electronic address scheme: 0208, 0106, 9925, …
    country: str | None = None  # ISO 3166-1, two letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of one account in a bank file."""

    account: str | None = None  # IBAN, or the account as sent where there is none
    number: str | None = None  # as counted by the bank for its electronic statements
    currency: str | None = None
    opening_balance: Decimal | None = None
    opening_date: date | None = None
    closing_balance: Decimal | None = None
    closing_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was read from a document. Reading never invents: what is absent is None."""

    format: Format
    category: Category = Category.OTHER
    profile: str | None = None  # UBL: CustomizationID
    number: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    type_code: str | None = None  # UNTDID 1001
    currency: str | None = None  # ISO 4217
    total: Decimal | None = None  # including VAT, in `currency`, with the sign that was sent
    without_vat: Decimal | None = None  # as `total`
    vat: Decimal | None = None  # as `total`
    payable: Decimal | None = None  # as `total`, less what was paid
    payment_reference: str | None = None  # Belgian: twelve digits; ISO 11649: no blanks; else text
    pay_to: str | None = None  # IBAN, or the account as sent where it is none
    order_reference: str | None = None
    buyer_reference: str | None = None
    preceding_invoice: str | None = None  # the first of those it corrects or follows
    attached_pdf: str | None = None  # the name of the first PDF inside, else its number or type
    seller: Party | None = None
    buyer: Party | None = None
    holder: Party | None = None  # whose account a statement is about
    accounts: tuple[str, ...] = ()  # of the statements, in order, each once
    statement_number: str | None = None  # None when the file has several
    period_start: date | None = None
    period_end: date | None = None
    statements: tuple[Statement, ...] = ()

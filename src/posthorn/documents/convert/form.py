"""The few fields that a person fills in so that a plain PDF becomes a Peppol BIS document."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from posthorn.documents.errors import DocumentError
from posthorn.documents.invoice import Identifier
from posthorn.documents.sentences import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFields:
    """A seller or buyer, as typed."""

    name: str = ""
    country: str = ""  # ISO 3166-1, two letters
    vat_number: str = ""
    enterprise_number: str = ""
    address: Identifier | None = None  # electronic; None: made of the numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFields:
    """A line: what was sold, how much of it, at which price."""

    text: str = ""
    price: Decimal | None = None  # without VAT
    quantity: Decimal = Decimal(1)
    category: str = "S"  # UNTDID 5305
    rate: Decimal | None = None  # percent
    reason: str = ""  # why there is no VAT


@dataclass(frozen=True, slots=True, kw_only=True)
class VatFields:
    """A total of one VAT rate, as printed: for who does not want to copy the lines."""

    net: Decimal | None = None
    tax: Decimal | None = None
    category: str = "S"
    rate: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionForm:
    """What a plain PDF says, as typed by a person; lines or totals, not both."""

    pdf: bytes = field(repr=False)
    number: str = ""
    issue_date: date | None = None
    due_date: date | None = None
    currency: str = "EUR"
    is_credit_note: bool = False
    seller: PartyFields = PartyFields()
    buyer: PartyFields = PartyFields()
    buyer_reference: str = ""
    lines: tuple[LineFields, ...] = ()
    totals: tuple[VatFields, ...] = ()
    payable: Decimal | None = None  # with VAT, as printed; to be compared with the sums
    iban: str = ""
    payment_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one field."""

    field: str  # seller.name, lines.0.price; empty for the whole form
    code: str  # FORM-…
    value: str = ""  # as typed, or what would be right

    def message(self, language: str = "en") -> str:
        """Return one sentence that says what to type; nl, fr, en or de."""
        return sentence(self.code, language, {"value": self.value})


class FormError(DocumentError):
    """The form is not complete: the fields it names say what to type."""

    code = "form.incomplete"

    def __init__(self, *fields: FieldError) -> None:
        """Take what is wrong, field by field."""
        super().__init__(", ".join(each.field for each in fields))
        self.fields = fields

"""What a file of bank statements says: statements, their movements, and what does not add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from posthorn.documents.formats import Format
from posthorn.documents.model import Party


class CommunicationKind(StrEnum):
    """How a message that goes with a payment is built."""

    FREE = "free"
    BELGIAN = "belgian"  # the Belgian structured communication: twelve digits, modulo 97
    CREDITOR_REFERENCE = "creditor_reference"  # ISO 11649, RF
    STRUCTURED = "structured"  # of another kind, or with check digits that fail


@dataclass(frozen=True, slots=True, kw_only=True)
class Communication:
    """What the payer, or the bank, says about a movement."""

    kind: CommunicationKind = CommunicationKind.FREE
    # Belgian: twelve digits. ISO 11649: without blanks, upper case. Others: as sent, blanks
    # collapsed.
    text: str
    code: str | None = None  # CODA: type of structure, 101; CAMT: SCOR


class ReferenceKind(StrEnum):
    """What a reference of a movement was given for."""

    BANK = "bank"
    CUSTOMER = "customer"
    END_TO_END = "end_to_end"
    MANDATE = "mandate"
    CREDITOR = "creditor"
    TRANSACTION = "transaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference of a movement, as sent."""

    kind: ReferenceKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterparty:
    """Who is at the other side of a movement."""

    name: str | None = None
    account: str | None = None  # IBAN, or the account as sent
    bic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A movement on an account, or one part of a movement that the bank booked as a whole."""

    amount: Decimal  # what the account gains; negative for a debit
    currency: str | None = None
    entry_date: date | None = None
    value_date: date | None = None
    counterparty: Counterparty = Counterparty()
    communications: tuple[Communication, ...] = ()
    information: tuple[str, ...] = ()  # what the bank adds
    references: tuple[Reference, ...] = ()
    code: str | None = None  # CODA: eight digits; CAMT: PMNT-RCDT-ESCT; MT940: NTRF
    charges: Decimal | None = None  # within the amount; positive when the bank takes them
    is_booked: bool = True  # False: announced only, not in the balances
    details: tuple[Movement, ...] = ()  # the parts of a whole; their sum is the bank's affair


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as a statement names it."""

    number: str | None = None  # IBAN, or the account as sent where there is none
    currency: str | None = None
    bic: str | None = None  # of the bank that holds it
    holder: Party | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Bytes of a file: from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatement:
    """One statement of one account with its movements."""

    account: Account = Account()
    number: str | None = None  # as counted by the bank for its electronic statements
    page: str | None = None  # of a statement sent in parts
    created: date | None = None
    is_copy: bool = False  # the bank says that it sent this before
    period_start: date | None = None
    period_end: date | None = None
    opening_balance: Decimal | None = None
    opening_date: date | None = None
    opening_currency: str | None = None
    closing_balance: Decimal | None = None
    closing_date: date | None = None
    closing_currency: str | None = None
    movements: tuple[Movement, ...] = ()
    messages: tuple[str, ...] = ()  # of the bank, about the statement as a whole
    line: int | None = None  # of the file, from 1
    span: Span | None = None  # of the smallest part that can stand alone; None: not to be cut

    @property
    def booked(self) -> Decimal:
        """Return what the movements on the balance add up to."""
        return sum((each.amount for each in self.movements if each.is_booked), Decimal())


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """A figure that the bank states about its own file and that does not hold."""

    code: str  # of the finding
    stated: str
    found: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """What a file of bank statements says, in the order of the file."""

    format: Format
    statements: tuple[AccountStatement, ...]
    holder: Party | None = None  # to whom the file is addressed, where all of it agrees
    created: date | None = None
    discrepancies: tuple[Discrepancy, ...] = ()

    @property
    def accounts(self) -> tuple[str, ...]:
        """Return the accounts of the statements, in order, each once."""
        numbers = (each.account.number for each in self.statements)
        return tuple(dict.fromkeys(number for number in numbers if number))

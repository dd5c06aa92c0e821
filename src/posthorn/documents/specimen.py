"""Writes documents that are valid and plainly no one's: what a test mail carries.

They name no number and no account of anybody: parties have location numbers that GS1 keeps for
examples, and the account is the one that the IBAN registry prints as Belgium's example.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from posthorn.documents.invoice.amounts import Totals, VatLine
from posthorn.documents.invoice.lines import Item, Line, Price
from posthorn.documents.invoice.model import Invoice, Note, PrecedingInvoice, References
from posthorn.documents.invoice.parties import Address, Identifier, Party
from posthorn.documents.ubl.writing.invoice import write

if TYPE_CHECKING:
    from datetime import date

MARK: Final = "TEST"
TOTAL: Final = Decimal("0.01")
_SENTENCE: Final = "TEST: this is no invoice. Do not book it, do not pay it."
_CUSTOMIZATION: Final = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_PROFILE: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_INVOICE, _CREDIT_NOTE = "380", "381"  # UNTDID 1001
# GS1 keeps the prefix 952 for demonstrations and examples (gs1.org, GS1 Company Prefix).
_GLN: Final = "0088"
_SELLER_GLN, _BUYER_GLN = "9520000000011", "9520000000028"
# Value added tax does not apply (UNTDID 5305): no VAT number is asked for, so none is invented.
_OUT_OF_SCOPE, _VATEX = "O", "VATEX-EU-O"
# The IBAN registry's own example for Belgium (SWIFT, IBAN Registry, release 100).
IBAN: Final = "BE68539007547034"


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """Who writes to whom, and under which number, which begins with TEST."""

    number: str
    date: date
    seller: str
    buyer: str
    is_credit_note: bool = False


def specimen_invoice(wanted: Specimen) -> bytes:
    """Write a valid Peppol BIS invoice or credit note of one cent in which every name says TEST."""
    return write(
        Invoice(
            is_credit_note=wanted.is_credit_note,
            number=wanted.number,
            issue_date=wanted.date,
            due_date=None if wanted.is_credit_note else wanted.date,
            type_code=_CREDIT_NOTE if wanted.is_credit_note else _INVOICE,
            currency="EUR",
            references=References(buyer=MARK),
            payment_terms=_SENTENCE,
            notes=(Note(text=_SENTENCE),),
            process=_PROFILE,
            specification=_CUSTOMIZATION,
            preceding=_preceding(wanted),
            seller=_party(wanted.seller, _SELLER_GLN),
            buyer=_party(wanted.buyer, _BUYER_GLN),
            totals=Totals(
                lines=TOTAL, without_vat=TOTAL, vat=Decimal(0), with_vat=TOTAL, payable=TOTAL
            ),
            vat=(
                VatLine(
                    taxable=TOTAL,
                    tax=Decimal(0),
                    category=_OUT_OF_SCOPE,
                    exemption_reason=MARK,
                    exemption_code=_VATEX,
                ),
            ),
            lines=(_line(),),
        )
    )


def _preceding(wanted: Specimen) -> tuple[PrecedingInvoice, ...]:
    is_asked = wanted.is_credit_note
    return (PrecedingInvoice(number=MARK, issue_date=wanted.date),) if is_asked else ()


def _party(name: str, gln: str) -> Party:
    return Party(
        name=f"{MARK} {name}",
        legal_identifier=Identifier(value=MARK),
        endpoint=Identifier(value=gln, scheme=_GLN),
        address=Address(country="BE"),
    )


def _line() -> Line:
    return Line(
        number="1",
        quantity=Decimal(1),
        unit="C62",
        amount=TOTAL,
        price=Price(net=TOTAL),
        vat_category=_OUT_OF_SCOPE,
        item=Item(name=MARK, description=_SENTENCE),
    )


def specimen_statement(day: date) -> bytes:
    """Write a CODA 2 file of one statement without a movement: balance nought before and after.

    Layout: Febelfin, Coded statement of account (CODA) 2.6, records 0, 1, 8 and 9.
    """
    written, nought = f"{day:%d%m%y}", "0" * 15
    account = f"{IBAN:<34}EUR"
    records = [
        f"00000{written}53905{'':8}{MARK:<10}{MARK:<26}{'':11}{'0' * 11} 00000".ljust(127) + "2",
        f"12001{account}0{nought}{written}{MARK:<26}{'TEST DO NOT BOOK':<35}001",
        f"8001{account}0{nought}{written}".ljust(127) + "0",
        f"9{'':15}000002{nought}{nought}".ljust(127) + "2",
    ]
    return "".join(f"{record}\r\n" for record in records).encode("ascii")

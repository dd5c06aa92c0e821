"""Who invoiced whom in the autumn of 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from tools.samples import numbers
from tools.samples.companies import BE, COMPANIES
from tools.samples.invoices import Invoice, cents, lines_of

_FIRST_DAY = date(2026, 9, 1)
_DAYS = 66
_CREDIT_DAY = date(2026, 11, 9)
_NOTES = {
    "nl": "Gelieve het factuurnummer te vermelden bij betaling.",
    "fr": "Merci d'indiquer le numéro de facture lors du paiement.",
    "de": "Bitte geben Sie bei der Zahlung die Rechnungsnummer an.",
    "en": "Please quote the invoice number with your payment.",
}

# Client and supplier.
PURCHASES = (
    *(("de-linde", "papierhuis"), ("de-linde", "elektra-schelde"), ("vermaelen", "molens")),
    *(("vermaelen", "belfoon"), ("ardenne-auto", "condroz"), ("ardenne-auto", "quincaillerie")),
    *(("grandmenil", "quincaillerie"), ("grandmenil", "elektra-schelde"), ("kempenhof", "demer")),
    *(("kempenhof", "cloudwerf"), ("sablon", "serres"), ("sablon", "belfoon")),
    *(("eupener-tal", "papierhuis"), ("eupener-tal", "elektra-schelde")),
    *(("noorderlicht", "westfries"), ("noorderlicht", "cloudwerf"), ("zwaluw", "ijsseldal")),
    *(("zwaluw", "papierhuis"), ("maasoever", "kranen"), ("maasoever", "cloudwerf")),
    *(("waterlinie", "cloudwerf"), ("waterlinie", "ijsseldal"), ("peelrand", "brandstof")),
    *(("peelrand", "condroz"), ("vermaelen", "elektra-schelde"), ("noorderlicht", "brandstof")),
)

# Client and customer.
SALES = (
    *(("de-linde", "zilverberg"), ("de-linde", "waalzicht"), ("vermaelen", "wolkenhof")),
    *(("vermaelen", "noordzee"), ("ardenne-auto", "pressoir"), ("grandmenil", "kranen")),
    *(("grandmenil", "noordzee"), ("kempenhof", "noordzee"), ("eupener-tal", "zilverberg")),
    *(("noorderlicht", "duinzicht"), ("noorderlicht", "wolkenhof"), ("zwaluw", "veluwe")),
    *(("maasoever", "waalzicht"), ("waterlinie", "duinzicht"), ("peelrand", "demer")),
)

# Client, other side, and whether the client bought.
CREDITS = (
    *(("de-linde", "papierhuis", True), ("ardenne-auto", "condroz", True)),
    *(("kempenhof", "demer", True), ("noorderlicht", "westfries", True)),
    *(("peelrand", "brandstof", True), ("vermaelen", "wolkenhof", False)),
    *(("noorderlicht", "wolkenhof", False), ("zwaluw", "veluwe", False)),
)


def invoice(seller: str, buyer: str, serial: int) -> Invoice:
    """Return the invoice of that serial number, always the same one."""
    seed = f"{seller} {buyer} {serial}"
    issued = _FIRST_DAY + timedelta(days=numbers.pick(f"{seed} day", _DAYS))
    number = _number(seller, serial)
    made = Invoice(
        number=number,
        issued=issued,
        seller=COMPANIES[seller],
        buyer=COMPANIES[buyer],
        lines=lines_of(COMPANIES[seller], COMPANIES[buyer], seed),
        reference=f"PO-{numbers.pick(f'{seed} order', 9_000) + 1_000}",
        payment=_payment(seller, number, serial),
        note=_NOTES[COMPANIES[seller].language] if serial % 3 == 1 else "",
        has_pdf=serial % 4 == 1,
    )
    return _with_terms(made, serial)


def _with_terms(made: Invoice, serial: int) -> Invoice:
    """Give some a discount and some a payment in advance."""
    if serial % 6 == 0 and len(made.taxes) == 1:
        return replace(made, discount=Decimal(5))
    if serial % 9 == 1:
        return replace(made, prepaid=cents(made.total / 3))
    return made


def credit_note(credited: Invoice, serial: int) -> Invoice:
    """Return a credit note on the first line of the invoice."""
    return Invoice(
        number=f"CN{_number(credited.seller.key, serial)}",
        issued=_CREDIT_DAY + timedelta(days=serial % 7),
        seller=credited.seller,
        buyer=credited.buyer,
        lines=credited.lines[:1],
        reference=credited.reference,
        payment=credited.payment,
        credits=credited,
        has_pdf=serial % 4 == 1,
    )


def _number(seller: str, serial: int) -> str:
    initials = "".join(word[0] for word in seller.split("-")).upper()
    styles = (
        f"2026/{410 + serial * 3:04}",
        f"{initials}-2026-{serial * 7:05}",
        f"{20_260_000 + serial * 13}",
    )
    return styles[len(seller) % len(styles)]


def _payment(seller: str, number: str, serial: int) -> str:
    if COMPANIES[seller].country != BE:
        return number
    communication = numbers.structured(serial)
    # Both ways are met: as it is printed, and the twelve digits alone.
    return communication if serial % 3 == 0 else numbers.printed(communication)

"""Finds what is missing or wrong in a form before any document is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from posthorn.documents import numbers
from posthorn.documents.checks.peppol.digits import is_iban
from posthorn.documents.codelists import codelist
from posthorn.documents.convert.form import (
    CompletionForm,
    FieldError,
    LineFields,
    PartyFields,
    VatFields,
)

_MISSING: Final = "FORM-MISSING"
_FULL: Final = Decimal(100)
_TRILLION: Final = Decimal(10) ** 12
_RATED: Final = ("S", "L", "M")  # UNTDID 5305: categories with a rate above zero
_REASONED: Final = "E"  # exempt: the reason is known to the seller alone


def typing_errors(form: CompletionForm) -> Iterator[FieldError]:
    """Yield what is wrong with a form, in the order of its fields."""
    yield from _blank(("number", form.number), ("issue_date", form.issue_date))
    if form.currency not in codelist("currencies"):
        yield FieldError(field="currency", code="FORM-CURRENCY", value=form.currency)
    yield from _party("seller", form.seller)
    yield from _party("buyer", form.buyer)
    yield from _blank(("buyer_reference", form.buyer_reference.strip()))
    if bool(form.lines) is bool(form.totals):
        yield FieldError(field="lines", code="FORM-LINES")
    for n, line in enumerate(form.lines):
        yield from _line(f"lines.{n}", line)
    for n, total in enumerate(form.totals):
        yield from _total(f"totals.{n}", total)
    if form.iban and not is_iban(numbers.iban(form.iban)):
        yield FieldError(field="iban", code="FORM-IBAN", value=form.iban)


def _blank(*fields: tuple[str, object]) -> Iterator[FieldError]:
    for name, value in fields:
        if value is None or value == "":
            yield FieldError(field=name, code=_MISSING)


def _party(role: str, party: PartyFields) -> Iterator[FieldError]:
    yield from _blank((f"{role}.name", party.name.strip()))
    if party.country not in codelist("countries"):
        yield FieldError(field=f"{role}.country", code="FORM-COUNTRY", value=party.country)
    if not (party.vat_number or party.enterprise_number):
        yield FieldError(field=f"{role}.vat_number", code="FORM-NUMBER")


def _line(at: str, line: LineFields) -> Iterator[FieldError]:
    yield from _blank((f"{at}.text", line.text.strip()), (f"{at}.price", line.price))
    yield from _numbers(at, price=line.price, quantity=line.quantity, rate=line.rate)
    if line.price is not None and _is_number(line.price) and line.price < 0:
        yield FieldError(field=f"{at}.price", code="FORM-PRICE", value=str(line.price))
    yield from _vat(at, line)


def _total(at: str, total: VatFields) -> Iterator[FieldError]:
    for name, amount in (("net", total.net), ("tax", total.tax)):
        if amount is None:
            yield FieldError(field=f"{at}.{name}", code=_MISSING)
        elif _is_number(amount) and amount != round(amount, 2):
            yield FieldError(field=f"{at}.{name}", code="FORM-CENTS", value=str(amount))
    yield from _numbers(at, net=total.net, tax=total.tax, rate=total.rate)
    yield from _vat(at, total)


def _is_rate(rate: Decimal | None) -> bool:
    return rate is not None and _is_number(rate) and 0 < rate <= _FULL


def _numbers(at: str, **sent: Decimal | None) -> Iterator[FieldError]:
    for name, number in sent.items():
        if number is not None and not _is_number(number):
            yield FieldError(field=f"{at}.{name}", code="FORM-AMOUNT", value=str(number))


def _is_number(number: Decimal) -> bool:
    """Tell whether a number is one that an invoice can have: no NaN, no trillions."""
    return number.is_finite() and abs(number) < _TRILLION


def _vat(at: str, fields: LineFields | VatFields) -> Iterator[FieldError]:
    if fields.category not in codelist("vat-categories"):
        yield FieldError(field=f"{at}.category", code="FORM-CATEGORY", value=fields.category)
    if fields.category in _RATED and not _is_rate(fields.rate):
        yield FieldError(field=f"{at}.rate", code="FORM-RATE")
    if fields.category == _REASONED and not fields.reason.strip():
        yield FieldError(field=f"{at}.reason", code="FORM-REASON")

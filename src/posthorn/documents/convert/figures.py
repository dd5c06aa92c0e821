"""Writes amounts as Peppol wants them, none of which becomes another amount."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any, Final, TypeVar

from posthorn.documents.convert.draft import Draft
from posthorn.documents.invoice import AllowanceCharge, Line, Price, Totals, VatLine

_Group = TypeVar("_Group", Totals, VatLine, AllowanceCharge, Line)
_CENTS: Final = 2
_ZERO: Final = Decimal("0.00")


def trim_zeros(draft: Draft) -> None:
    """Write amounts with more than two decimals with two, where the others are zeros."""
    # BR-DEC-01 to BR-DEC-28; a price may have more. Other digits are not rounded away: the sums
    # of the sender are the sender's.
    invoice = draft.invoice
    draft.put(
        totals=_trimmed(draft, invoice.totals),
        vat=tuple(_trimmed(draft, each) for each in invoice.vat),
        allowances=tuple(_trimmed(draft, each) for each in invoice.allowances),
        charges=tuple(_trimmed(draft, each) for each in invoice.charges),
        lines=tuple(_trimmed_line(draft, line) for line in invoice.lines),
    )


_AMOUNTS: Final = {
    Totals: tuple(each.name for each in fields(Totals)),
    VatLine: ("taxable", "tax"),
    AllowanceCharge: ("amount", "base"),
    Line: ("amount",),
}


def _trimmed_line(draft: Draft, line: Line) -> Line:
    return replace(
        _trimmed(draft, line),
        allowances=tuple(_trimmed(draft, each) for each in line.allowances),
        charges=tuple(_trimmed(draft, each) for each in line.charges),
    )


def _trimmed(draft: Draft, group: _Group) -> _Group:
    shorter: dict[str, Any] = {}
    for name in _AMOUNTS[type(group)]:
        sent: Decimal | None = getattr(group, name)
        short = None if sent is None else _two_decimals(sent)
        if short is not None:
            draft.note("CONVERT-ZEROS", "", str(sent), str(short))
            shorter[name] = short
    return replace(group, **shorter) if shorter else group


def _two_decimals(amount: Decimal) -> Decimal | None:
    """Return the same amount with two decimals; None where it has no more, or other digits."""
    whole, _, decimals = format(amount, "f").partition(".")
    if len(decimals) <= _CENTS or decimals[_CENTS:].strip("0"):
        return None
    return Decimal(f"{whole}.{decimals[:_CENTS]}")


def turn_negative_prices(draft: Draft) -> None:
    """Write a negative price as a negative quantity: a price may not be below zero (BR-27)."""
    draft.put(lines=tuple(_turned(draft, line) for line in draft.invoice.lines))


def _turned(draft: Draft, line: Line) -> Line:
    price, quantity = line.price, line.quantity
    if price is None or price.net is None or quantity is None or price.net >= 0:
        return line
    if price.gross is not None:
        return line
    before, after = f"{quantity} * {price.net}", f"{-quantity} * {-price.net}"
    draft.note("CONVERT-PRICE-SIGN", "BT-146", before, after)
    return replace(line, quantity=-quantity, price=replace(price, net=-price.net))


def drop_lone_gross_prices(draft: Draft) -> None:
    """Drop a gross price without its discount, the only thing with which UBL can show it."""
    draft.put(lines=tuple(_netted(draft, line) for line in draft.invoice.lines))


def _netted(draft: Draft, line: Line) -> Line:
    price = line.price
    if price is None or price.gross is None or price.discount is not None:
        return line
    draft.note("CONVERT-GROSS-PRICE", "BT-148", str(price.gross))
    return replace(line, price=replace(price, gross=None))


def add_vat_total(draft: Draft) -> None:
    """Say that the VAT is zero where all there is of it is zero: UBL wants the total."""
    invoice = draft.invoice
    totals = invoice.totals
    is_untaxed = bool(invoice.vat) and all(each.tax == 0 for each in invoice.vat)
    if totals.vat is None and is_untaxed and totals.with_vat == totals.without_vat:
        draft.note("CONVERT-VAT-TOTAL", "BT-110", None, str(_ZERO))
        draft.put(totals=replace(totals, vat=_ZERO))


def drop_idle_discounts(draft: Draft) -> None:
    """Drop a discount on a price that has no gross price, which UBL cannot show either."""
    for line in draft.invoice.lines:
        price = line.price or Price()
        if price.discount is not None and price.gross is None:
            draft.note("CONVERT-DISCOUNT", "BT-147", str(price.discount))
    draft.put(lines=tuple(_without_idle_discount(line) for line in draft.invoice.lines))


def _without_idle_discount(line: Line) -> Line:
    price = line.price
    if price is None or price.gross is not None:
        return line
    return replace(line, price=replace(price, discount=None))


def drop_half_bases(draft: Draft) -> None:
    """Drop a base amount without percentage, or a percentage without base: Peppol wants both."""
    # PEPPOL-EN16931-R041 and R042. What is left is the amount, which is what counts.
    invoice = draft.invoice
    draft.put(
        allowances=tuple(_based(draft, each) for each in invoice.allowances),
        charges=tuple(_based(draft, each) for each in invoice.charges),
        lines=tuple(_based_line(draft, line) for line in invoice.lines),
    )


def _based_line(draft: Draft, line: Line) -> Line:
    return replace(
        line,
        allowances=tuple(_based(draft, each) for each in line.allowances),
        charges=tuple(_based(draft, each) for each in line.charges),
    )


def _based(draft: Draft, one: AllowanceCharge) -> AllowanceCharge:
    if (one.base is None) == (one.percentage is None):
        return one
    sent = one.percentage if one.base is None else one.base
    draft.note("CONVERT-HALF-BASE", "BG-21" if one.is_charge else "BG-20", str(sent))
    return replace(one, base=None, percentage=None)


def drop_own_tax_currency(draft: Draft) -> None:
    """Drop a tax currency that is the invoice's own, with its total when that is the same."""
    # PEPPOL-EN16931-R005.
    invoice, totals = draft.invoice, draft.invoice.totals
    is_same = totals.vat_in_tax_currency in (None, totals.vat)
    if invoice.tax_currency is not None and invoice.tax_currency == invoice.currency and is_same:
        draft.note("CONVERT-TAX-CURRENCY", "BT-6", invoice.tax_currency)
        draft.put(tax_currency=None, totals=replace(totals, vat_in_tax_currency=None))

"""Reads allowances, charges, VAT and totals (BG-20 to BG-23, BG-27, BG-28)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from posthorn.documents.cii.dialect import Dialect
from posthorn.documents.cii.values import amount, prose
from posthorn.documents.invoice import AllowanceCharge, Totals, VatLine
from posthorn.documents.xml import Element

_VAT: Final = ("VAT", None)  # the standard wants the code; some leave it out
_TRUE: Final = ("true", "1")


def read_allowances(settlement: Element, names: Dialect) -> tuple[AllowanceCharge, ...]:
    """Return the allowances of an invoice or a line."""
    return tuple(_allowance_charges(settlement, names, wanted=False))


def read_charges(settlement: Element, names: Dialect) -> tuple[AllowanceCharge, ...]:
    """Return the charges of an invoice or a line, freight among them."""
    freight = (
        _freight(charge, names) for charge in settlement.each("ram:SpecifiedLogisticsServiceCharge")
    )
    return (*_allowance_charges(settlement, names, wanted=True), *freight)


def is_charge(element: Element) -> bool:
    """Tell a charge from an allowance."""
    return element.text("ram:ChargeIndicator", "udt:Indicator") in _TRUE


def _allowance_charges(
    settlement: Element, names: Dialect, *, wanted: bool
) -> Iterator[AllowanceCharge]:
    for found in settlement.each("ram:SpecifiedTradeAllowanceCharge"):
        if is_charge(found) is not wanted:
            continue
        category, rate = _tax(found.first("ram:CategoryTradeTax"), names)
        yield AllowanceCharge(
            is_charge=wanted,
            amount=amount(found, "ram:ActualAmount"),
            base=amount(found, "ram:BasisAmount"),
            percentage=amount(found, "ram:CalculationPercent"),
            vat_category=category,
            vat_rate=rate,
            reason=prose(found, "ram:Reason"),
            reason_code=found.text("ram:ReasonCode"),
        )


def _freight(charge: Element, names: Dialect) -> AllowanceCharge:
    # ZUGFeRD writes freight in a group of its own and counts it among the charges (BT-108).
    category, rate = _tax(charge.first("ram:AppliedTradeTax"), names)
    return AllowanceCharge(
        is_charge=True,
        amount=amount(charge, "ram:AppliedAmount"),
        vat_category=category,
        vat_rate=rate,
        reason=prose(charge, "ram:Description"),
    )


def _tax(tax: Element | None, names: Dialect) -> tuple[str | None, Decimal | None]:
    if tax is None or not is_vat(tax):
        return None, None
    return tax.text("ram:CategoryCode"), amount(tax, names.rate)


def is_vat(tax: Element) -> bool:
    """Tell VAT from another tax, such as the German one on insurances."""
    return tax.text("ram:TypeCode") in _VAT


def vat_of(settlement: Element) -> Iterator[Element]:
    """Yield the VAT groups of an invoice or a line."""
    return filter(is_vat, settlement.each("ram:ApplicableTradeTax"))


def read_vat(settlement: Element, names: Dialect) -> tuple[VatLine, ...]:
    """Return the VAT by category and rate."""
    return tuple(
        VatLine(
            taxable=amount(tax, "ram:BasisAmount"),
            tax=amount(tax, "ram:CalculatedAmount"),
            category=tax.text("ram:CategoryCode"),
            rate=amount(tax, names.rate),
            exemption_reason=prose(tax, "ram:ExemptionReason"),
            exemption_code=tax.text("ram:ExemptionReasonCode"),
        )
        for tax in vat_of(settlement)
    )


def read_totals(settlement: Element, names: Dialect) -> Totals:
    """Return the totals."""
    found = settlement.first(names.totals)
    if found is None:
        return Totals()
    return Totals(
        lines=amount(found, "ram:LineTotalAmount"),
        allowances=amount(found, "ram:AllowanceTotalAmount"),
        charges=amount(found, "ram:ChargeTotalAmount"),
        without_vat=amount(found, "ram:TaxBasisTotalAmount"),
        vat=_vat_total(found, settlement.text("ram:InvoiceCurrencyCode")),
        vat_in_tax_currency=_tax_currency_total(settlement, found),
        with_vat=amount(found, "ram:GrandTotalAmount"),
        paid=amount(found, "ram:TotalPrepaidAmount"),
        rounding=amount(found, "ram:RoundingAmount"),
        payable=amount(found, "ram:DuePayableAmount"),
    )


def _vat_total(totals: Element, currency: str | None) -> Decimal | None:
    """Return the VAT in the invoice's currency (BT-110)."""
    for found in totals.each("ram:TaxTotalAmount"):
        if found.attributes.get("currencyID", currency) == currency:
            return amount(found)
    return None


def _tax_currency_total(settlement: Element, totals: Element) -> Decimal | None:
    """Return the VAT in the currency of its accounting (BT-111), where that is another one."""
    currency = settlement.text("ram:TaxCurrencyCode")
    if currency in (None, settlement.text("ram:InvoiceCurrencyCode")):
        return None
    for found in totals.each("ram:TaxTotalAmount"):
        if found.attributes.get("currencyID") == currency:
            return amount(found)
    return None

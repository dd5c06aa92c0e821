"""Writes allowances, charges, VAT and totals: BG-20 to BG-23."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from posthorn.documents.invoice import AllowanceCharge, Invoice, Totals, VatLine
from posthorn.documents.ubl.writing.branch import Branch


def allowances_charges(at: Branch, each: Iterable[AllowanceCharge]) -> None:
    """Write allowances and charges of a document or a line."""
    for one in each:
        group = at.group("cac:AllowanceCharge")
        group.text("cbc:ChargeIndicator", "true" if one.is_charge else "false")
        group.text("cbc:AllowanceChargeReasonCode", one.reason_code)
        group.text("cbc:AllowanceChargeReason", one.reason)
        group.number("cbc:MultiplierFactorNumeric", one.percentage)
        group.amount("cbc:Amount", one.amount)
        group.amount("cbc:BaseAmount", one.base)
        vat_category(group.group("cac:TaxCategory"), one.vat_category, one.vat_rate)


def vat_category(at: Branch, category: str | None, rate: Decimal | None) -> None:
    """Write a VAT category and its rate into the element that stands for it."""
    at.text("cbc:ID", category)
    at.number("cbc:Percent", rate)
    if at.is_written:
        at.group("cac:TaxScheme").text("cbc:ID", "VAT")


def vat(root: Branch, invoice: Invoice) -> None:
    """Write VAT with its total (BG-23, BT-110), and the total in the tax currency (BT-111)."""
    total = root.group("cac:TaxTotal")
    total.amount("cbc:TaxAmount", invoice.totals.vat)
    for line in invoice.vat:
        _vat_line(total.group("cac:TaxSubtotal"), line)
    in_tax_currency = root.group("cac:TaxTotal")
    in_tax_currency.amount(
        "cbc:TaxAmount", invoice.totals.vat_in_tax_currency, currency=invoice.tax_currency
    )


def _vat_line(at: Branch, line: VatLine) -> None:
    at.amount("cbc:TaxableAmount", line.taxable)
    at.amount("cbc:TaxAmount", line.tax)
    category = at.group("cac:TaxCategory")
    category.text("cbc:ID", line.category)
    category.number("cbc:Percent", line.rate)
    category.text("cbc:TaxExemptionReasonCode", line.exemption_code)
    category.text("cbc:TaxExemptionReason", line.exemption_reason)
    if category.is_written:
        category.group("cac:TaxScheme").text("cbc:ID", "VAT")


def totals(root: Branch, totals: Totals) -> None:
    """Write the totals (BG-22)."""
    at = root.group("cac:LegalMonetaryTotal")
    at.amount("cbc:LineExtensionAmount", totals.lines)
    at.amount("cbc:TaxExclusiveAmount", totals.without_vat)
    at.amount("cbc:TaxInclusiveAmount", totals.with_vat)
    at.amount("cbc:AllowanceTotalAmount", totals.allowances)
    at.amount("cbc:ChargeTotalAmount", totals.charges)
    at.amount("cbc:PrepaidAmount", totals.paid)
    at.amount("cbc:PayableRoundingAmount", totals.rounding)
    at.amount("cbc:PayableAmount", totals.payable)

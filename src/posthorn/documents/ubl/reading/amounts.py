"""Reads allowances, charges, VAT and totals of a UBL document: BG-20 to BG-23."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from posthorn.documents import values
from posthorn.documents.invoice import AllowanceCharge, Totals, VatLine
from posthorn.documents.ubl.reading.elements import amount, is_vat, number, prose, text
from posthorn.documents.xml import Element

_TRUE: Final = frozenset({"true", "1"})  # XML Schema 2, 3.2.2
_TOTAL: Final = "cac:LegalMonetaryTotal"
_NOTHING: Final = Element("", None, {}, {}, None)


def allowances_charges(
    element: Element,
) -> tuple[tuple[AllowanceCharge, ...], tuple[AllowanceCharge, ...]]:
    """Return the allowances and the charges of a document or a line, BT-92 to BT-105, BG-27, 28."""
    read = [_allowance_charge(each) for each in element.kids.get("cac:AllowanceCharge", ())]
    return (
        tuple(each for each in read if not each.is_charge),
        tuple(each for each in read if each.is_charge),
    )


def is_charge(element: Element) -> bool:
    """Tell whether an AllowanceCharge says that it is a charge."""
    return text(element, "cbc:ChargeIndicator") in _TRUE


def _allowance_charge(element: Element) -> AllowanceCharge:
    category = vat_category(element.kids.get("cac:TaxCategory", ()))
    return AllowanceCharge(
        is_charge=is_charge(element),
        amount=number(element, "cbc:Amount"),
        base=number(element, "cbc:BaseAmount"),
        percentage=number(element, "cbc:MultiplierFactorNumeric"),
        vat_category=text(category, "cbc:ID"),
        vat_rate=number(category, "cbc:Percent"),
        reason=prose(element, "cbc:AllowanceChargeReason"),
        reason_code=text(element, "cbc:AllowanceChargeReasonCode"),
    )


def vat_category(categories: Iterable[Element]) -> Element:
    """Return the category that says it is about VAT, else the first; an empty one without any."""
    there = list(categories)
    about_vat = (category for category in there if is_vat(category))
    return next(about_vat, there[0] if there else _NOTHING)


def currency_of(root: Element) -> str | None:
    """Return the document's currency (BT-5): its code, else that of its total, else as sent."""
    sent = text(root, "cbc:DocumentCurrencyCode")
    totals = root.each(_TOTAL, "cbc:TaxInclusiveAmount")
    of_totals = (_currency(total) for total in totals)
    return values.currency(sent) or next(filter(None, of_totals), None) or sent


def totals(root: Element, currency: str | None, tax_currency: str | None) -> Totals:
    """Return the totals in the document's currency, one VAT total in the tax currency (BG-22)."""
    own = values.currency(currency)
    total = root.first(_TOTAL) or _NOTHING
    taxes = _tax_totals(root, own, tax_currency)
    others = [each for each in root.each("cac:TaxTotal") if each not in taxes[:1]]
    return Totals(
        lines=amount(total, "cbc:LineExtensionAmount", own),
        allowances=amount(total, "cbc:AllowanceTotalAmount", own),
        charges=amount(total, "cbc:ChargeTotalAmount", own),
        without_vat=amount(total, "cbc:TaxExclusiveAmount", own),
        vat=amount(taxes[0], "cbc:TaxAmount", own) if taxes else None,
        vat_in_tax_currency=_in_tax_currency(others, tax_currency),
        with_vat=amount(total, "cbc:TaxInclusiveAmount", own),
        paid=amount(total, "cbc:PrepaidAmount", own),
        rounding=amount(total, "cbc:PayableRoundingAmount", own),
        payable=amount(total, "cbc:PayableAmount", own),
    )


def vat_lines(root: Element, currency: str | None, tax_currency: str | None) -> tuple[VatLine, ...]:
    """Return the VAT of each category and rate (BG-23), in the document's currency."""
    own = values.currency(currency)
    return tuple(
        _vat_line(subtotal, own)
        for total in _tax_totals(root, own, tax_currency)
        for subtotal in total.each("cac:TaxSubtotal")
    )


def _tax_totals(root: Element, currency: str | None, tax_currency: str | None) -> list[Element]:
    """Return the tax totals in the document's currency, those with subtotals first."""
    # With a tax currency there are two, in any order, and one of them has no subtotals.
    own = [total for total in root.each("cac:TaxTotal") if _is_own(total, currency, tax_currency)]
    return sorted(own, key=lambda total: "cac:TaxSubtotal" not in total.kids)


def _is_own(total: Element, currency: str | None, tax_currency: str | None) -> bool:
    sent = {_currency(found) for found in total.each("cbc:TaxAmount")}
    if currency is None:
        return tax_currency is None or tax_currency not in sent
    return not sent or bool(sent & {currency, None})


def _in_tax_currency(others: Iterable[Element], currency: str | None) -> Decimal | None:
    """Return the VAT total in the tax currency (BT-111)."""
    if currency is None:
        return None
    sent = (each for total in others for each in total.each("cbc:TaxAmount"))
    return next((values.decimal(each.text()) for each in sent if _currency(each) == currency), None)


def _currency(element: Element) -> str | None:
    return values.currency(element.attributes.get("currencyID"))


def _vat_line(subtotal: Element, currency: str | None) -> VatLine:
    category = vat_category(subtotal.each("cac:TaxCategory"))
    rate = number(category, "cbc:Percent")
    return VatLine(
        taxable=amount(subtotal, "cbc:TaxableAmount", currency),
        tax=amount(subtotal, "cbc:TaxAmount", currency),
        category=text(category, "cbc:ID"),
        # UBL 2.0 has it beside the category too.
        rate=number(subtotal, "cbc:Percent") if rate is None else rate,
        exemption_reason=prose(category, "cbc:TaxExemptionReason"),
        exemption_code=text(category, "cbc:TaxExemptionReasonCode"),
    )

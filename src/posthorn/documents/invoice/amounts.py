"""What an invoice adds up to: groups BG-20 to BG-23, and allowances and charges of lines."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceCharge:
    """An allowance (BG-20, BG-27) or a charge (BG-21, BG-28); its amount is positive in both."""

    is_charge: bool
    amount: Decimal | None = None  # BT-92, BT-99, BT-136, BT-141
    base: Decimal | None = None  # BT-93, BT-100, BT-137, BT-142
    percentage: Decimal | None = None  # BT-94, BT-101, BT-138, BT-143
    vat_category: str | None = None  # BT-95, BT-102, UNTDID 5305; none on a line
    vat_rate: Decimal | None = None  # BT-96, BT-103, percent
    reason: str | None = None  # BT-97, BT-104, BT-139, BT-144
    reason_code: str | None = None  # BT-98, BT-105, BT-140, BT-145


@dataclass(frozen=True, slots=True, kw_only=True)
class VatLine:
    """VAT of one category and rate (BG-23)."""

    taxable: Decimal | None = None  # BT-116
    tax: Decimal | None = None  # BT-117
    category: str | None = None  # BT-118, UNTDID 5305
    rate: Decimal | None = None  # BT-119, percent
    exemption_reason: str | None = None  # BT-120
    exemption_code: str | None = None  # BT-121, VATEX


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The totals (BG-22), all but one in the invoice's currency."""

    lines: Decimal | None = None  # BT-106
    allowances: Decimal | None = None  # BT-107
    charges: Decimal | None = None  # BT-108
    without_vat: Decimal | None = None  # BT-109
    vat: Decimal | None = None  # BT-110
    vat_in_tax_currency: Decimal | None = None  # BT-111
    with_vat: Decimal | None = None  # BT-112
    paid: Decimal | None = None  # BT-113
    rounding: Decimal | None = None  # BT-114
    payable: Decimal | None = None  # BT-115

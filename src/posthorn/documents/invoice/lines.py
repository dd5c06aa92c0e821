"""The lines of an invoice: groups BG-25 to BG-32."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posthorn.documents.invoice.amounts import AllowanceCharge
    from posthorn.documents.invoice.parties import Identifier
    from posthorn.documents.invoice.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one unit costs (BG-29)."""

    net: Decimal | None = None  # BT-146
    discount: Decimal | None = None  # BT-147
    gross: Decimal | None = None  # BT-148
    base_quantity: Decimal | None = None  # BT-149
    base_unit: str | None = None  # BT-150


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A property of an item (BG-32)."""

    name: str | None = None  # BT-160
    value: str | None = None  # BT-161


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """A code an item is sorted under (BT-158)."""

    code: str
    scheme: str | None = None  # UNTDID 7143
    scheme_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What was sold (BG-31)."""

    name: str | None = None  # BT-153
    description: str | None = None  # BT-154
    seller_identifier: str | None = None  # BT-155
    buyer_identifier: str | None = None  # BT-156
    standard_identifier: Identifier | None = None  # BT-157
    classifications: tuple[Classification, ...] = ()  # BT-158
    origin_country: str | None = None  # BT-159
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line (BG-25)."""

    number: str | None = None  # BT-126
    note: str | None = None  # BT-127
    object_identifier: Identifier | None = None  # BT-128
    quantity: Decimal | None = None  # BT-129
    unit: str | None = None  # BT-130, UN/ECE Recommendation 20 and 21
    amount: Decimal | None = None  # BT-131
    order_line: str | None = None  # BT-132
    accounting_reference: str | None = None  # BT-133
    period: Period | None = None  # BG-26
    allowances: tuple[AllowanceCharge, ...] = ()  # BG-27
    charges: tuple[AllowanceCharge, ...] = ()  # BG-28
    price: Price | None = None
    vat_category: str | None = None  # BT-151
    vat_rate: Decimal | None = None  # BT-152, percent
    item: Item | None = None

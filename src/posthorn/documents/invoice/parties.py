"""Who sells, buys, is paid and represents: groups BG-4 to BG-12 and their addresses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A number and who gives such numbers out."""

    value: str
    scheme: str | None = None  # ISO/IEC 6523, or UNTDID 1153 for an invoiced object
    scheme_version: str | None = None  # of an item's classification (BT-158-2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address (BG-5, BG-8, BG-12, BG-15)."""

    line1: str | None = None  # BT-35
    line2: str | None = None  # BT-36
    line3: str | None = None  # BT-162
    city: str | None = None  # BT-37
    post_code: str | None = None  # BT-38
    region: str | None = None  # BT-39
    country: str | None = None  # BT-40, ISO 3166-1, two letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to ask (BG-6, BG-9)."""

    name: str | None = None  # BT-41
    telephone: str | None = None  # BT-42
    email: str | None = None  # BT-43


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A seller (BG-4), buyer (BG-7), payee (BG-10) or tax representative (BG-11).

    A payee has a name, identifiers and a legal identifier; a tax representative a name, a VAT
    number and an address.
    """

    name: str | None = None  # BT-27, BT-44, BT-59, BT-62
    trading_name: str | None = None  # BT-28, BT-45
    identifiers: tuple[Identifier, ...] = ()  # BT-29, BT-46, BT-60
    legal_identifier: Identifier | None = None  # BT-30, BT-47, BT-61
    vat_identifier: str | None = None  # BT-31, BT-48, BT-63
    tax_registration: str | None = None  # BT-32
    legal_information: str | None = None  # BT-33
    endpoint: Identifier | None = None  # BT-34, BT-49
    address: Address | None = None
    contact: Contact | None = None

"""How an invoice is to be paid: groups BG-16 to BG-19."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTransfer:
    """An account to pay to (BG-17)."""

    account: str | None = None  # BT-84, an IBAN or another account number
    account_name: str | None = None  # BT-85
    bic: str | None = None  # BT-86


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The card that paid (BG-18)."""

    number: str | None = None  # BT-87, masked
    network: str | None = None  # UBL's NetworkID, which it requires
    holder: str | None = None  # BT-88


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectDebit:
    """A direct debit (BG-19)."""

    mandate: str | None = None  # BT-89
    creditor: str | None = None  # BT-90
    debited_account: str | None = None  # BT-91


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMeans:
    """One way to pay (BG-16)."""

    code: str | None = None  # BT-81, UNTDID 4461
    text: str | None = None  # BT-82
    remittance: str | None = None  # BT-83, such as a structured communication
    transfers: tuple[CreditTransfer, ...] = ()
    card: Card | None = None
    direct_debit: DirectDebit | None = None

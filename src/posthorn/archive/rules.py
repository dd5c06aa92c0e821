"""Decides what may be released, and what is released without a person; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from posthorn.archive.directions import Direction, Reading
from posthorn.documents.findings import Verdict
from posthorn.tenancy.life import ClientState

if TYPE_CHECKING:
    from posthorn.archive.models import Document

_INVOICES = frozenset({"invoice", "credit_note"})
_STATEMENT = "statement"


class Refused(StrEnum):
    """Why a document is not released."""

    NOT_FOUND = "not_found"
    UNREAD = "unread"
    UNREADABLE = "unreadable"
    QUARANTINED = "quarantined"
    UNASSIGNED = "unassigned"
    NO_DIRECTION = "no_direction"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    CLIENT_NOT_ACTIVE = "client_not_active"
    NOT_A_PURCHASE = "not_a_purchase"
    NOT_A_SALE = "not_a_sale"
    CUT = "cut"
    SEVERAL_CLIENTS = "several_clients"
    CHECK_FAILED = "check_failed"


class ReleaseBasis(StrEnum):
    """What a release rests on."""

    APPROVED = "approved"
    SENT = "sent"
    ON_ARRIVAL = "on_arrival"
    TRUSTED_SUPPLIER = "trusted_supplier"
    ALL_VALID = "all_valid"
    SENT_ANYWAY = "sent_anyway"
    MOVED = "moved"


_READINGS = {
    Reading.PENDING.value: Refused.UNREAD,
    Reading.UNREADABLE.value: Refused.UNREADABLE,
    Reading.QUARANTINED.value: Refused.QUARANTINED,
}


# Somebody looked at it and said that it goes.
_ON_WORD = frozenset({ReleaseBasis.SENT_ANYWAY, ReleaseBasis.MOVED})


def refusal_of(document: Document, basis: ReleaseBasis | None = None) -> Refused | None:
    """Say what stands against releasing a document on this basis; None when nothing does."""
    if document.reading in _READINGS:
        return _READINGS[document.reading]
    if document.parts:
        return Refused.CUT
    if document.rejected_at is not None:
        return Refused.REJECTED
    return _of_client(document) or _of_content(document, basis)


def _of_client(document: Document) -> Refused | None:
    if document.client is None:
        return Refused.UNASSIGNED
    if document.client.state != ClientState.ACTIVE.value:
        return Refused.CLIENT_NOT_ACTIVE
    return None


def _of_content(document: Document, basis: ReleaseBasis | None) -> Refused | None:
    if not document.direction and document.category != _STATEMENT:
        return Refused.NO_DIRECTION
    if document.duplicate_of_id is not None and basis is not ReleaseBasis.SENT_ANYWAY:
        return Refused.DUPLICATE
    if is_doubtful(document) and basis not in _ON_WORD:
        return Refused.CHECK_FAILED
    return None


def is_doubtful(document: Document) -> bool:
    """Tell whether it is a bank's file that contradicts itself, so that a person must look first.

    Nobody approves a statement: an invoice that fails its check is stopped there instead.
    """
    return document.category == _STATEMENT and document.verdict == Verdict.INVALID.value


def approval_refusal(document: Document) -> Refused | None:
    """Say why a document is not approved: only what a client bought is."""
    is_purchase = document.direction == Direction.PURCHASE.value
    return None if is_purchase else Refused.NOT_A_PURCHASE


def sending_refusal(document: Document) -> Refused | None:
    """Say why a document is not sent: only what a client sold is."""
    return None if document.direction == Direction.SALES.value else Refused.NOT_A_SALE


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a client's purchase documents are released: its approval mode and whom it trusts."""

    approval: str
    trusts_seller: bool


def automatic_basis(document: Document, policy: Policy) -> ReleaseBasis | None:
    """Say on what basis a document is released without a person; None when one is needed."""
    if document.problem or document.released_at is not None or refusal_of(document) is not None:
        return None
    if document.category == _STATEMENT:
        return ReleaseBasis.ON_ARRIVAL
    is_asked = approval_refusal(document) is None and is_complete(document)
    return _of_policy(document, policy) if is_asked else None


def _of_policy(document: Document, policy: Policy) -> ReleaseBasis | None:
    if policy.approval == "all_valid" and document.verdict == Verdict.VALID.value:
        return ReleaseBasis.ALL_VALID
    if policy.approval == "trusted_suppliers" and policy.trusts_seller:
        return ReleaseBasis.TRUSTED_SUPPLIER
    return None


def is_complete(document: Document) -> bool:
    """Tell whether an e-invoice says all that a bookkeeper needs, valid or not."""
    facts = (
        document.number,
        document.issue_date,
        document.currency,
        document.total is not None,
        document.seller_name or document.seller_number,
        document.buyer_name or document.buyer_number,
    )
    return document.category in _INVOICES and not document.problem and all(facts)

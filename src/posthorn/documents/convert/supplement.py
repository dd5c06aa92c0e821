"""Adds what the receiver of an invoice knows and its sender left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from posthorn.documents.codelists import codelist
from posthorn.documents.convert.draft import Draft
from posthorn.documents.invoice import Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    """Terms for an invoice without them; none takes the place of what the sender wrote."""

    seller_address: Identifier | None = None  # BT-34, of a scheme of Peppol's list
    buyer_address: Identifier | None = None  # BT-49
    buyer_reference: str | None = None  # BT-10, where there is no order number either


NOTHING_MORE: Final = Supplement()


def add_supplement(draft: Draft, supplement: Supplement) -> None:
    """Add the terms that the invoice has not, once its own numbers made what they could."""
    _add_address(draft, "seller", "BT-34", supplement.seller_address)
    _add_address(draft, "buyer", "BT-49", supplement.buyer_address)
    references, known = draft.invoice.references, supplement.buyer_reference
    if known is not None and not (references.buyer or references.purchase_order):
        draft.note("CONVERT-SUPPLEMENT", "BT-10", None, known)
        draft.put(references=replace(references, buyer=known))


def _add_address(draft: Draft, role: str, term: str, known: Identifier | None) -> None:
    party = getattr(draft.invoice, role)
    if known is None or party is None:
        return
    sent: Identifier | None = party.endpoint
    if sent is None or sent.scheme not in codelist("peppol-address-schemes"):
        draft.note("CONVERT-SUPPLEMENT", term, sent.value if sent else None, known.value)
        draft.put(**{role: replace(party, endpoint=known)})

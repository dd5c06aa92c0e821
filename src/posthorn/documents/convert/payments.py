"""Writes the ways to pay so that UBL can carry them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from posthorn.documents.convert.draft import Draft
from posthorn.documents.invoice import PaymentMeans

# UNTDID 4461: the instrument is not defined.
_UNDEFINED: Final = "1"
# UBL wants a network of cards, EN 16931 has none (UBL 2.1, CardAccount).
_NO_NETWORK: Final = "NA"


def part_accounts(draft: Draft) -> None:
    """Write each account as a way to pay of its own, and the text of a way (BT-82) once."""
    draft.put(payment=tuple(_parted(draft.invoice.payment)))


def _parted(payment: tuple[PaymentMeans, ...]) -> Iterator[PaymentMeans]:
    texts: set[str] = set()
    for means in payment:
        for transfer in means.transfers or (None,):
            text = None if means.text in texts else means.text
            texts.update(filter(None, (means.text,)))
            yield replace(means, text=text, transfers=(transfer,) if transfer else ())


def complete_payment(draft: Draft) -> None:
    """Add the codes without which UBL cannot carry a payment reference or a card."""
    draft.put(payment=tuple(_completed(draft, means) for means in draft.invoice.payment))


def _completed(draft: Draft, means: PaymentMeans) -> PaymentMeans:
    if means.code is None:
        draft.note("CONVERT-PAYMENT-CODE", "BT-81", None, _UNDEFINED)
        means = replace(means, code=_UNDEFINED)
    if means.card is not None and means.card.network is None:
        draft.note("CONVERT-CARD-NETWORK", "BG-18", None, _NO_NETWORK)
        means = replace(means, card=replace(means.card, network=_NO_NETWORK))
    return means

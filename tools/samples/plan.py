"""The sixty documents of the demonstration and what must become of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.samples import coda, pdf, trade, ubl
from tools.samples.clients import CLIENTS
from tools.samples.coda import Movement, Statement
from tools.samples.companies import COMPANIES
from tools.samples.invoices import Invoice

Direction = Literal["purchase", "sales"]
_RETURNED = ("waterlinie", "ijsseldal")  # its mailbox is full
_DOCTYPE = b'<!DOCTYPE Invoice SYSTEM "invoice.dtd">\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A file and what must become of it; the fields are those of the manifest."""

    stem: str
    content: bytes
    suffix: str = "xml"
    client: str | None = None
    kind: str | None = None
    category: str = "invoice"
    released: bool = True
    is_given: bool = False
    result: str = "delivered"
    reason: str | None = None
    original: str | None = None

    def entry(self, place: int, files: dict[str, str]) -> dict[str, object]:
        """Return the manifest's entry; `files` are the names given to the stems so far."""
        client = CLIENTS[self.client] if self.client else None
        delivered = client is not None and self.result in ("delivered", "returned")
        return {
            "file": self.file(place),
            "client": client.dossier if client else None,
            "direction": self.kind if self.kind in ("purchase", "sales") else None,
            "kind": self.kind,
            "category": self.category,
            "released": self.released,
            "is_given": self.is_given,
            "result": self.result,
            "address": client.addresses[self.kind or ""] if client and delivered else None,
            "reason": self.reason,
            "original": files[self.original] if self.original else None,
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }

    def file(self, place: int) -> str:
        """Return the file's name: the files are imported in the order of their names."""
        return f"{place:03}-{self.stem}.{self.suffix}"


def samples() -> list[Sample]:
    """Return all documents in the order in which they arrive."""
    purchases = {
        pair: trade.invoice(pair[1], pair[0], serial)
        for serial, pair in enumerate(trade.PURCHASES, start=1)
    }
    sales = {
        pair: trade.invoice(*pair, serial) for serial, pair in enumerate(trade.SALES, start=41)
    }
    return [
        *(
            replace(
                _sample(made, pair[0], "purchase"),
                result="returned" if pair == _RETURNED else "delivered",
            )
            for pair, made in purchases.items()
        ),
        *(_sample(made, pair[0], "sales") for pair, made in sales.items()),
        *_credit_notes(purchases, sales),
        *_statements(purchases, sales),
        *_odd_ones(purchases),
    ]


def _stem(invoice: Invoice) -> str:
    return f"{invoice.seller.key}-{invoice.number.replace('/', '-')}"


def _bytes(invoice: Invoice) -> bytes:
    return ubl.write(invoice, pdf.write(invoice) if invoice.has_pdf else None)


def _sample(invoice: Invoice, client: str, kind: Direction) -> Sample:
    return Sample(
        stem=_stem(invoice),
        content=_bytes(invoice),
        client=client,
        kind=kind,
        category="credit_note" if invoice.credits else "invoice",
    )


_Trades = dict[tuple[str, str], Invoice]


def _credit_notes(purchases: _Trades, sales: _Trades) -> Iterator[Sample]:
    for serial, (client, other, has_bought) in enumerate(trade.CREDITS, start=71):
        credited = (purchases if has_bought else sales)[client, other]
        note = trade.credit_note(credited, serial)
        yield _sample(note, client, "purchase" if has_bought else "sales")


def _received(invoice: Invoice) -> Movement:
    digits = "".join(sign for sign in invoice.payment if sign.isdigit())
    return Movement(
        amount=invoice.total - invoice.prepaid,
        party=invoice.buyer,
        message=digits,
        is_structured=True,
    )


def _paid(invoice: Invoice) -> Movement:
    return Movement(
        amount=invoice.prepaid - invoice.total,
        party=invoice.seller,
        message=f"Betaling factuur {invoice.number}",
    )


def _statements(purchases: _Trades, sales: _Trades) -> Iterator[Sample]:
    days = (
        ("de-linde", "papierhuis", "zilverberg", 214, "8412.37"),
        ("vermaelen", "molens", "wolkenhof", 187, "2960.05"),
        ("ardenne-auto", "condroz", "pressoir", 231, "512.80"),
    )
    for client, supplier, customer, number, opening in days:
        statement = Statement(
            holder=COMPANIES[client],
            number=number,
            day=date(2026, 11, 13),
            before=date(2026, 11, 12),
            opening=Decimal(opening),
            movements=(
                _received(sales[client, customer]),
                _paid(purchases[client, supplier]),
            ),
        )
        yield Sample(
            stem=f"coda-{client}-{number}",
            suffix="cod",
            content=coda.write(statement),
            client=client,
            kind="statement",
            category="statement",
        )


def _odd_ones(purchases: _Trades) -> Iterator[Sample]:
    """Yield what does not simply go its way."""
    first = purchases["de-linde", "papierhuis"]
    flour = purchases["vermaelen", "molens"]
    copied = replace(flour, note="Kopie op uw verzoek.", has_pdf=False)
    yield replace(
        _sample(trade.invoice("sablon", "pressoir", 61), "sablon", "sales"),
        result="held",
        reason="missing_address",
    )
    yield replace(
        _sample(trade.invoice("de-linde", "kempenhof", 62), "kempenhof", "purchase"),
        is_given=True,  # seller and buyer are both clients: somebody has to say whose it is
    )
    yield _again(_sample(first, "de-linde", "purchase"), first, "kopie-van-factuur")
    yield _again(_sample(copied, "vermaelen", "purchase"), flour, f"{_stem(flour)}-kopie")
    stranger = _sample(trade.invoice("condroz", "zilverberg", 63), "de-linde", "purchase")
    yield replace(stranger, client=None, kind=None, released=False, result="unassigned")
    hostile = _sample(trade.invoice("westfries", "noorderlicht", 64), "noorderlicht", "purchase")
    opening, _, body = hostile.content.partition(b"\n")
    yield replace(
        hostile,
        content=opening + b"\n" + _DOCTYPE + body,
        client=None,
        kind=None,
        category="other",
        released=False,
        result="refused",
        reason="xml.doctype",
    )
    for client, supplier, serial in (("maasoever", "kranen", 65), ("eupener-tal", "demer", 66)):
        waiting = _sample(trade.invoice(supplier, client, serial), client, "purchase")
        yield replace(waiting, released=False, result="not_released")


def _again(sample: Sample, original: Invoice, stem: str) -> Sample:
    return replace(sample, stem=stem, released=False, result="duplicate", original=_stem(original))

"""Makes a year of documents, what became of their deliveries, and the trail behind them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from posthorn.archive.models import Blob, Document
from posthorn.archive.search import search_text
from posthorn.delivery.models import Attempt, Delivery
from posthorn.tenancy.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from benchmarks.copying import Writer
    from benchmarks.filling import Binding

    Row = dict[str, Any]

_YEAR = timedelta(days=365)
_CHUNK = 20_000
_FRESH = timedelta(days=3)
"""Younger documents may still wait for somebody."""
_SUPPLIERS = (
    "Drukkerij Maes", "Electrabel", "Proximus", "Telenet", "Colruyt Professionals", "Bpost",
    "Café Müller", "Garage Verhoeven", "Société Générale d'Eau", "Løvenskiold AS", "Coolblue",
    "Slagerij De Smet", "Bâtiment Lefèvre", "IT Services Gent", "Kantoorcentrum", "Schoonmaak Plus",
)  # fmt: skip
# Of a thousand deliveries that came to an end or did not.
_STATES = {
    "accepted": 700, "delivered": 280, "refused": 6, "bounced": 3, "cancelled": 3, "held": 4,
    "unknown": 1, "expired": 1, "queued": 1, "retrying": 1,
}  # fmt: skip
_HOLDS = ("connection_paused", "by_hand", "missing_address")
_FATES = {
    "waits": 1, "nobody's": 3, "rejected": 3, "unreadable": 1, "nowhere": 5, "released": 987,
}  # fmt: skip
_YOUNG_FATES = {**_FATES, "waits": 600}
_OUTCOMES = {"accepted": "receipt", "delivered": "receipt"}


def write_papers(
    writer: Writer, firm: UUID, worker: UUID, bound: Mapping[UUID, Binding], count: int
) -> None:
    """Write documents of the clients, most of them delivered, oldest first."""
    # Some clients get many documents and some few; those with the fewest seem to go quiet.
    weights = [writer.chance.paretovariate(1.5) for _ in bound]
    owners = writer.chance.choices(list(bound), weights, k=count)
    for first in range(0, count, _CHUNK):
        rows = [
            _document(writer, firm, owner, writer.at - _YEAR * (count - number) / count, number)
            for number, owner in enumerate(owners[first : first + _CHUNK], start=first)
        ]
        _write(writer, rows, bound, worker=worker, first=first)


def _write(
    writer: Writer,
    rows: Sequence[Row],
    bound: Mapping[UUID, Binding],
    *,
    worker: UUID,
    first: int,
) -> None:
    blobs = ({"id": writer.id(), "firm_id": row["firm_id"], **_blob(row)} for row in rows)
    writer.copy(Blob, blobs)
    writer.copy(Document, rows)
    sent = list(_deliveries(writer, rows, bound, first))
    writer.copy(Delivery, sent)
    writer.copy(Attempt, _attempts(writer, sent, worker))
    writer.copy(AuditEntry, _entries(rows, sent))


def _blob(row: Row) -> Row:
    return {"sha256": row["sha256"], "size": row["size"]}


def _document(writer: Writer, firm: UUID, client: UUID, at: datetime, number: int) -> Row:
    chance = writer.chance
    seller = chance.choice(_SUPPLIERS)
    row: Row = {
        "id": writer.id(at),
        "firm_id": firm,
        "client_id": client,
        "arrived_at": at,
        "source": "upload",
        "file_name": f"{seller.split()[0].lower()}-{number}.xml",
        "sha256": sha256(firm.bytes + number.to_bytes(8)).hexdigest(),
        "size": chance.randrange(4_000, 400_000),
        "reading": "read",
        "verdict": "valid",
        "format": "ubl_invoice",
        "category": chance.choices(["invoice", "credit_note", "statement"], [86, 6, 8])[0],
        "number": f"{at.year}/{number:06d}",
        "issue_date": at.date(),
        "currency": "EUR",
        "total": Decimal(round(chance.lognormvariate(5.5, 1.3) * 100)) / 100,
        "seller_name": seller,
        "seller_number": f"BE07{chance.randrange(10**8):08d}",
        "buyer_name": f"Client {client.hex[-6:]}",
        "buyer_number": f"BE04{chance.randrange(10**8):08d}",
        "direction": chance.choices(["purchase", "sales"], [4, 1])[0],
        "assigned_at": at,
    }
    _decide(writer, row, at)
    row["search"] = search_text(SimpleNamespace(account="", **row))
    return row


def _decide(writer: Writer, row: Row, at: datetime) -> None:
    """Let most be released; some wait, belong to nobody, were rejected or cannot be read."""
    fates = _YOUNG_FATES if writer.at - at < _FRESH else _FATES
    fate = writer.chance.choices(list(fates), list(fates.values()))[0]
    changes: dict[str, Row] = {
        "waits": {},
        "nobody's": {"client_id": None, "direction": "", "assigned_at": None},
        "rejected": {"rejected_at": at, "rejected_reason": "Not ours"},
        "unreadable": {"reading": "unreadable", "problem": "not_xml", "direction": ""},
        "nowhere": {"released_at": at, "not_planned": "no_integration"},
        "released": {"released_at": at + timedelta(hours=2)},
    }
    row.update(changes[fate])


def _deliveries(
    writer: Writer, rows: Sequence[Row], bound: Mapping[UUID, Binding], first: int
) -> Iterator[Row]:
    states = writer.chance.choices(list(_STATES), list(_STATES.values()), k=len(rows))
    for position, (row, state) in enumerate(zip(rows, states, strict=True), start=first + 1):
        if row.get("released_at") and not row.get("not_planned"):
            yield _delivery(writer, row, state, bound[row["client_id"]], position)


def _delivery(writer: Writer, row: Row, state: str, to: Binding, position: int) -> Row:
    at, delivery = row["released_at"], writer.id(row["released_at"])
    is_due = state in {"queued", "retrying", "unknown"}
    was_sent = state in _OUTCOMES
    return {
        "id": delivery,
        "firm_id": row["firm_id"],
        "client_id": row["client_id"],
        "document_id": row["id"],
        "integration_id": to.integration,
        "connection_id": to.connection,
        "lane_id": to.integration,
        "key": delivery.hex,
        "position": position,
        "state": state,
        "reason": writer.chance.choice(_HOLDS) if state == "held" else "",
        "code": "" if was_sent else f"mail.{writer.chance.choice(['550', '552', '554'])}",
        "next_at": writer.at if is_due else None,
        "planned_at": at,
        "released_at": at,
        "moved_at": at + timedelta(seconds=40),
        "attempts": 1,
        "revision": 1,
        "remote_id": f"<{delivery.hex}@kantoor.example>" if was_sent else "",
    }


def _attempts(writer: Writer, sent: Sequence[Row], worker: UUID) -> Iterator[Row]:
    for row in sent:
        yield {
            "id": writer.id(row["moved_at"]),
            "firm_id": row["firm_id"],
            "delivery_id": row["id"],
            "number": 1,
            "revision": 1,
            "incarnation_id": worker,
            "started_at": row["planned_at"],
            "finished_at": row["moved_at"],
            "outcome": _OUTCOMES.get(row["state"], "rejected"),
            "evidence": {"reply": "250 2.0.0 Ok: queued"},
        }


def _entries(rows: Sequence[Row], sent: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        yield _entry(row, row["arrived_at"], "document.arrived", "document")
    for row in sent:
        yield _entry(row, row["moved_at"], f"delivery.{row['state']}", "delivery")


def _entry(row: Row, at: datetime, action: str, kind: str) -> Row:
    subject = {"subject_kind": kind, "subject_id": row["id"]}
    return {"firm_id": row["firm_id"], "at": at, "actor": "engine", "action": action, **subject}

"""Documents and deliveries as the command line lists and shows them."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Any

from posthorn.cli.found import records
from posthorn.cli.viewers import OPERATOR
from posthorn.delivery.queries.deliveries import list_deliveries, open_delivery
from posthorn.delivery.queries.documents import list_documents, open_document
from posthorn.delivery.states import HOLDS, STATES, Hold, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from posthorn.delivery.queries.deliveries import DeliveryFilter, DeliveryRow
    from posthorn.delivery.queries.documents import DocumentFilter, DocumentRow

Record = dict[str, Any]


def documents(firm: UUID, wanted: DocumentFilter, limit: int) -> Iterator[Record]:
    """Give documents, the newest first; inside the firm's scope."""

    def pages() -> Iterator[Record]:
        after = ""
        while True:
            page = list_documents(firm, OPERATOR, wanted, after=after)
            yield from map(_document, page.rows)
            after = page.after
            if not after:
                return

    return islice(pages(), limit)


def _document(row: DocumentRow) -> Record:
    return {
        "id": row.id,
        "arrived_at": row.arrived_at,
        "client": row.dossier_number,
        "client_name": row.client_name,
        "category": row.category,
        "direction": row.direction,
        "number": row.number,
        "issue_date": row.issue_date,
        "counterparty": row.counterparty,
        "total": row.total,
        "currency": row.currency,
        "file": row.file_name,
        "state": row.standing.where.value,
        "reason": row.standing.reason,
    }


def document_record(firm: UUID, document: UUID) -> Record | None:
    """Give everything about one document, None when there is none; inside the firm's scope."""
    page = open_document(firm, OPERATOR, document)
    if page is None:
        return None
    found = page.document
    return {
        **_document(page.row),
        "sha256": found.sha256,
        "size": found.size,
        "format": found.format,
        "source": found.source,
        "seller": found.seller_name,
        "buyer": found.buyer_name,
        "assigned_by": found.assigned_basis,
        "direction_by": found.direction_basis,
        "problem": found.problem,
        "problem_detail": found.problem_detail,
        "duplicate_of": page.duplicate_of,
        "released_at": found.released_at,
        "released_by": found.released_by,
        "release_basis": found.release_basis,
        "rejected_at": found.rejected_at,
        "rejected_reason": found.rejected_reason,
        "not_planned": found.not_planned,
        "verdict": found.verdict or "not checked",
        "findings": records(found.findings),
        "cut_from": page.parent,
        "parts": [part.id for part in page.parts],
        "deliveries": [_delivery(one) for one in page.deliveries],
    }


def deliveries(firm: UUID, wanted: DeliveryFilter, limit: int) -> Iterator[Record]:
    """Give deliveries, the last planned first; inside the firm's scope."""

    def pages() -> Iterator[Record]:
        after = ""
        while True:
            page = list_deliveries(firm, OPERATOR, wanted, after=after)
            yield from map(_delivery, page.rows)
            after = page.after
            if not after:
                return

    return islice(pages(), limit)


def _delivery(row: DeliveryRow) -> Record:
    return {
        "id": row.id,
        "number": row.number,
        "file": row.file_name,
        "document": row.document,
        "client": row.dossier_number,
        "client_name": row.client_name,
        "connection": row.connection_name,
        "state": row.state.value,
        "reason": row.reason,
        "code": row.code,
        "detail": row.detail,
        "why": _why(row),
        "attempts": row.attempts,
        "copy": row.copy,
        "planned_at": row.planned_at,
        "moved_at": row.moved_at,
        "next_at": row.next_at,
        "processed_at": row.processed_at,
        "take_out_at": row.take_out_at,
    }


def _why(row: DeliveryRow) -> str:
    if row.state is State.HELD and row.reason in set(Hold):
        return HOLDS[Hold(row.reason)].why
    return STATES[row.state].why


def delivery_record(firm: UUID, delivery: UUID) -> Record | None:
    """Give everything about one delivery, None when there is none; inside the firm's scope."""
    page = open_delivery(firm, OPERATOR, delivery)
    if page is None:
        return None
    return {
        **_delivery(page.row),
        "remote_id": page.remote_id,
        "url": page.url,
        "resend_reason": page.resend_reason,
        "released_at": page.released_at,
        "sent": asdict(page.sent) if page.sent else None,
        "attempt_list": [asdict(one) for one in page.attempts],
        "reports": [asdict(one) for one in page.reports],
        "copies": [asdict(one) for one in page.copies],
        "possible": sorted(page.moves),
    }

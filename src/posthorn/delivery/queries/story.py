"""Reads what happened to a document's deliveries: every try, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.delivery.models import Attempt, Delivery, Revision
from posthorn.delivery.queries.deliveries import AttemptRow
from posthorn.delivery.queries.reports import reports_of
from posthorn.delivery.queries.visibility import deliveries_of, needs_attention
from posthorn.tenancy.access import may_add_documents
from posthorn.tenancy.life import ClientState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from posthorn.delivery.queries.deliveries import DeliveryFilter, DeliveryRow
    from posthorn.delivery.queries.reports import ReportRow
    from posthorn.tenancy.access import Viewer

_MAX_TRIES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One delivery with its tries, the first one first, and the bytes of what it sent."""

    row: DeliveryRow
    remote_id: str
    url: str
    attempts: tuple[AttemptRow, ...]
    reports: tuple[ReportRow, ...]
    size: int | None


def stories_of(firm: UUID, rows: Sequence[DeliveryRow]) -> tuple[Story, ...]:
    """Give what happened to deliveries that a person may see; four queries."""
    ids = [row.id for row in rows]
    own = Delivery.objects.filter(firm_id=firm, pk__in=ids)
    answers = {pk: (remote, url) for pk, remote, url in own.values_list("pk", "remote_id", "url")}
    tries, sizes = _tries(firm, rows), _sizes(firm, ids)
    reports = reports_of(firm, {row.id: row.is_open for row in rows})
    return tuple(
        Story(
            row=row,
            remote_id=answers[row.id][0],
            url=answers[row.id][1],
            attempts=tuple(tries.get(row.id, ())),
            reports=tuple(reports.get(row.id, ())),
            size=sizes.get(row.id),
        )
        for row in rows
    )


def _tries(firm: UUID, rows: Iterable[DeliveryRow]) -> Mapping[UUID, Sequence[AttemptRow]]:
    is_open = {row.id: row.is_open for row in rows}
    found: dict[UUID, list[AttemptRow]] = {}
    tries = Attempt.objects.filter(firm_id=firm, delivery_id__in=is_open)
    for one in tries.order_by("-started_at")[:_MAX_TRIES]:
        found.setdefault(one.delivery_id, []).insert(
            0, AttemptRow.of(one, is_open=is_open[one.delivery_id])
        )
    return found


def _sizes(firm: UUID, ids: Sequence[UUID]) -> Mapping[UUID, int]:
    rows = Revision.objects.filter(firm_id=firm, delivery_id__in=ids).order_by("number")
    return dict(rows.values_list("delivery_id", "size"))


def deliveries_of_cause(
    firm: UUID, viewer: Viewer, cause: DeliveryFilter, *, most: int
) -> tuple[UUID, ...]:
    """Give the deliveries of one cause that a person may act on, the first planned first."""
    exact = {
        "connection_id": cause.connection,
        "state": cause.state,
        "reason": cause.reason,
        "code": cause.code,
    }
    rows = deliveries_of(firm, viewer).filter(needs_attention(), **exact).order_by("position")
    found = rows.values_list("pk", "client_id", "client__state")
    return tuple(
        pk
        for pk, client, state in found[:most]
        if may_add_documents(viewer, client, ClientState(state))
    )

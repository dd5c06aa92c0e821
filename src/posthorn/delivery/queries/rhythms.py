"""Tells how often documents usually come for clients that have been silent for a while."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from posthorn.delivery.queries.quiet import ARRIVALS, is_quiet, usual_gap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from uuid import UUID

KEPT_FOR = timedelta(minutes=10)
"""How long an answer holds. A silent client's changes only when an older document is given to it:
whatever arrives ends the silence, and then nobody asks."""
_FIRMS = 1_000


class Rhythm(NamedTuple):
    """When the last document came, and the usual gap; None while too little is known."""

    last_at: datetime | None
    usual: timedelta | None

    def is_broken(self, now: datetime) -> bool:
        """Tell whether documents have stayed away far longer than usual."""
        return self.last_at is not None and is_quiet(self.usual, now - self.last_at)


_UNKNOWN = Rhythm(None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    since: datetime
    rhythms: dict[UUID, Rhythm] = field(default_factory=dict)


_kept: dict[UUID, _Kept] = {}
_lock = Lock()


def quiet_among(firm: UUID, clients: Collection[UUID], *, now: datetime) -> frozenset[UUID]:
    """Choose who is quiet among clients from whom nothing came for a week.

    One query, and none for those that were asked about a moment ago.
    """
    known = _known(firm, now)
    unknown = [client for client in clients if client not in known]
    if unknown:
        known.update({**dict.fromkeys(unknown, _UNKNOWN), **dict(_read(firm, unknown))})
    return frozenset(client for client in clients if known[client].is_broken(now))


def _known(firm: UUID, now: datetime) -> dict[UUID, Rhythm]:
    with _lock:
        kept = _kept.get(firm)
        if kept is None or not timedelta(0) <= now - kept.since < KEPT_FOR:
            _kept.pop(firm, None)
            while len(_kept) >= _FIRMS:
                del _kept[next(iter(_kept))]  # the one kept longest
            kept = _kept[firm] = _Kept(since=now)
        return kept.rhythms


def _read(firm: UUID, clients: list[UUID]) -> Iterator[tuple[UUID, Rhythm]]:
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVALS, [clients, firm, ARRIVALS])
        for client, last_at, days in cursor.fetchall():
            yield client, Rhythm(last_at, usual_gap(days))


# One row per client: a hundred thousand would take longer to read than to find.
_ARRIVALS = """
SELECT client.id, known.last_at, known.days
FROM unnest(%s::uuid[]) AS client (id) CROSS JOIN LATERAL (
    SELECT max(last.arrived_at) AS last_at, count(*) AS number,
        array_agg(last.at_utc::date - DATE '1970-01-01') AS days
    FROM (
        SELECT arrived_at, arrived_at AT TIME ZONE 'UTC' AS at_utc FROM archive_document
        WHERE firm_id = %s AND client_id = client.id
        ORDER BY arrived_at DESC, id DESC LIMIT %s
    ) AS last
) AS known
WHERE known.number > 1
"""

"""Loads all that sending threads need of claimed lanes: they read no database themselves."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import connection

from posthorn.archive.kinds import kind_of
from posthorn.archive.models import Document
from posthorn.connections import routing
from posthorn.connections.keyring import KeyringError
from posthorn.connections.models import Integration
from posthorn.connections.registry import registry
from posthorn.delivery.models import Step
from posthorn.delivery.revisions import StoredRevision
from posthorn.delivery.states import Hold, State
from posthorn.sdk import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from posthorn.connections.registry import Loaded
    from posthorn.delivery.turns import Held

_log = logging.getLogger(__name__)
SLICE = 32
"""Deliveries that a lane sends before it queues up again behind the others."""

_DUE = """
SELECT d.lane_id, d.id, d.key, d.state, d.attempts, d.spent, d.unknowns, d.copy, d.revision,
       d.released_at, d.document_id, d.take_out_at IS NOT NULL,
       r.settings_digest, r.media_type, r.envelope, r.summary, r.skeleton, r.sha256
FROM unnest(%s::uuid[]) AS l(id)
CROSS JOIN LATERAL (
    SELECT * FROM delivery_delivery
    WHERE lane_id = l.id AND next_at <= clock_timestamp() ORDER BY position LIMIT %s
) d
LEFT JOIN delivery_revision r ON r.delivery_id = d.id AND r.number = d.revision
ORDER BY d.lane_id, d.position
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One due delivery."""

    delivery_id: UUID
    key: str
    state: State
    attempts: int
    spent: int
    unknowns: int
    copy: int
    released_at: datetime
    document: Document
    kind: Kind
    is_withdrawn: bool
    revision: int
    stored: StoredRevision | None
    steps: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One claimed lane: its fence, where it leads, and what is due in it, in order."""

    held: Held
    integration: Integration
    connector: Loaded | None
    obstacle: Hold | None
    settings: Mapping[str, str]
    settings_digest: str
    works: tuple[Work, ...]


def load(claimed: Sequence[tuple[Held, UUID]]) -> list[Run]:
    """Read the due deliveries of claimed lanes, at most SLICE each, in order of arrival."""
    rows = Integration.objects.select_related("connection", "client")
    integrations = rows.in_bulk([target for _, target in claimed])
    works = _works([held.lane_id for held, _ in claimed])
    return [
        _run(held, integrations[target], works.get(held.lane_id, ())) for held, target in claimed
    ]


def _run(held: Held, integration: Integration, works: Iterable[Work]) -> Run:
    loaded = registry().get(integration.connection.connector_id)
    settings: Mapping[str, str] = {}
    obstacle = None if loaded else Hold.CONNECTOR_MISSING
    try:
        settings = routing.runtime_settings(loaded, integration) if loaded else {}
    except KeyringError as error:
        _log.error("Lane %s: %s", held.lane_id, error)  # says itself what to do
        obstacle = Hold.KEY_MISSING
    return Run(
        held=held,
        integration=integration,
        connector=loaded,
        obstacle=obstacle,
        settings=settings,
        settings_digest=digest_of(settings),
        works=tuple(works),
    )


def digest_of(settings: Mapping[str, str]) -> str:
    """Tell settings apart without keeping them; lower-case hex."""
    return sha256(json.dumps(dict(settings), sort_keys=True).encode()).hexdigest()


def _works(lanes: list[UUID]) -> dict[UUID, list[Work]]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [lanes, SLICE])
        rows = cursor.fetchall()
    documents = Document.objects.in_bulk({row[10] for row in rows})
    steps = _steps([row[1] for row in rows if row[4]])
    works: dict[UUID, list[Work]] = {}
    for row in rows:
        works.setdefault(row[0], []).append(_work(row, documents[row[10]], steps.get(row[1], {})))
    return works


def _steps(tried: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    steps: dict[UUID, dict[str, str]] = {}
    if tried:
        for step in Step.objects.filter(delivery_id__in=tried):
            steps.setdefault(step.delivery_id, {})[step.name] = step.remote_id
    return steps


def _work(row: Sequence[object], document: Document, steps: Mapping[str, str]) -> Work:
    (
        _,
        delivery_id,
        key,
        state,
        attempts,
        spent,
        unknowns,
        copy,
        revision,
        released_at,
        _,
        withdrawn,
        *stored,
    ) = row
    return Work(  # type: ignore[misc]  # columns of _DUE, in its order
        delivery_id=delivery_id,
        key=key,
        state=State(str(state)),
        attempts=attempts,
        spent=spent,
        unknowns=unknowns,
        copy=copy,
        released_at=released_at,
        document=document,
        kind=kind_of(document),
        is_withdrawn=withdrawn,
        revision=revision,
        stored=_stored(revision, stored) if stored[0] is not None else None,
        steps=steps,
    )


def _stored(revision: object, columns: Sequence[object]) -> StoredRevision:
    settings_digest, media_type, envelope, summary, skeleton, digest = columns
    return StoredRevision(  # type: ignore[misc]  # columns of _DUE, in its order
        number=revision,
        settings_digest=settings_digest,
        media_type=media_type,
        envelope=_json(envelope),
        summary=_json(summary),
        skeleton=_json(skeleton),
        sha256=digest,
    )


def _json(value: object) -> object:
    # Django's cursor gives jsonb as text.
    return json.loads(value) if isinstance(value, str) else value

"""Loads all that sending threads need of claimed lanes: they read no database themselves."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from posthorn.archive.kinds import kind_of
from posthorn.archive.models import Document
from posthorn.connections import routing
from posthorn.connections.domains import keeping
from posthorn.connections.keyring import KeyringError
from posthorn.connections.models import Integration
from posthorn.connections.registry import registry
from posthorn.delivery import holds
from posthorn.delivery.models import Step
from posthorn.delivery.revisions import StoredRevision
from posthorn.delivery.states import Hold, State
from posthorn.kernel.digest import sha256_hex
from posthorn.sdk import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from posthorn.connections.domains.signing import Signer
    from posthorn.connections.models import SendingDomain
    from posthorn.connections.registry import Loaded
    from posthorn.delivery.turns import Held

_log = logging.getLogger(__name__)
SLICE = 32
"""Deliveries that a lane sends before it queues up again behind the others."""

_DUE = """
SELECT d.lane_id, d.id, d.key, d.state, d.attempts, d.spent, d.unknowns, d.copy, d.revision,
       d.released_at, d.document_id, d.take_out_at IS NOT NULL,
       r.settings_version, r.media_type, r.envelope, r.summary, r.skeleton, r.sha256
FROM unnest(%s::uuid[]) AS l(id)
CROSS JOIN LATERAL (
    SELECT * FROM delivery_delivery
    WHERE lane_id = l.id AND next_at <= clock_timestamp() ORDER BY position LIMIT %s
) d
LEFT JOIN delivery_revision r ON r.delivery_id = d.id AND r.number = d.revision
ORDER BY d.lane_id, d.position
"""

# One array instead of a list of placeholders, and no column that no connector is shown.
_DOCUMENTS = """
SELECT id, firm_id, category, direction, format, file_name, media_type, sha256, number, issue_date,
       currency, total, seller_name, buyer_name
FROM archive_document WHERE id = ANY(%s)
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
    settings_version: str
    works: tuple[Work, ...]
    signers: Mapping[str, Signer] = field(default_factory=dict)


def load(claimed: Sequence[tuple[Held, UUID]]) -> list[Run]:
    """Read the due deliveries of claimed lanes, at most SLICE each, in order of arrival."""
    rows = Integration.objects.select_related("connection", "client")
    integrations = rows.in_bulk([target for _, target in claimed])
    blocked = holds.hold_blocked(integrations.values())
    domains = keeping.proven_of({held.firm_id for held, _ in claimed})
    works = _works([held.lane_id for held, target in claimed if target not in blocked])
    return [
        _run(held, integrations[target], _slice(held, works.get(held.lane_id, [])), domains)
        for held, target in claimed
    ]


def _slice(held: Held, works: Sequence[Work]) -> Sequence[Work]:
    """Probe a connection that backs off with one delivery; the lane then looks again."""
    return works[:1] if held.connection_step else works


def _run(
    held: Held,
    integration: Integration,
    works: Iterable[Work],
    domains: Mapping[UUID, Sequence[SendingDomain]],
) -> Run:
    connection_row = integration.connection
    loaded = registry().get(connection_row.connector_id)
    settings: Mapping[str, str] = {}
    signers: Mapping[str, Signer] = {}
    obstacle = None if loaded else Hold.CONNECTOR_MISSING
    try:
        settings = routing.runtime_settings(loaded, integration) if loaded else {}
        signers = keeping.signers_among(domains.get(held.firm_id, ()))
    except KeyringError as error:
        _log.error("Lane %s: %s", held.lane_id, error)  # says itself what to do
        obstacle = Hold.KEY_MISSING
    return Run(
        held=held,
        integration=integration,
        connector=loaded,
        obstacle=obstacle,
        settings=settings,
        settings_version=_version(integration, signers),
        works=tuple(works),
        signers=signers,
    )


def _version(integration: Integration, signers: Mapping[str, Signer]) -> str:
    """Name what a prepared mail depends on: settings, and the keys that sign it."""
    versions = f"{integration.connection.version}.{integration.version}"
    selectors = ",".join(sorted(signer.selector for signer in signers.values()))
    return f"{versions}.{sha256_hex(selectors.encode())[:8]}" if selectors else versions


class _Due(NamedTuple):
    """One row of _DUE, in its order; the columns of a revision are None where there is none."""

    lane: UUID
    delivery: UUID
    key: str
    state: str
    attempts: int
    spent: int
    unknowns: int
    copy: int
    revision: int
    released_at: datetime
    document: UUID
    is_withdrawn: bool
    settings_version: str | None
    media_type: str
    envelope: str
    summary: str
    skeleton: str
    sha256: str


def _works(lanes: list[UUID]) -> dict[UUID, list[Work]]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [lanes, SLICE])
        rows = [_Due._make(row) for row in cursor.fetchall()]
    found = Document.objects.raw(_DOCUMENTS, [[row.document for row in rows]])
    documents = {document.id: document for document in found}
    steps = _steps([row.delivery for row in rows if row.attempts])
    works: dict[UUID, list[Work]] = {}
    for row in rows:
        work = _work(row, documents[row.document], steps.get(row.delivery, {}))
        works.setdefault(row.lane, []).append(work)
    return works


def _steps(tried: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    steps: dict[UUID, dict[str, str]] = {}
    if tried:
        for step in Step.objects.filter(delivery_id__in=tried):
            steps.setdefault(step.delivery_id, {})[step.name] = step.remote_id
    return steps


def _work(row: _Due, document: Document, steps: Mapping[str, str]) -> Work:
    return Work(
        delivery_id=row.delivery,
        key=row.key,
        state=State(row.state),
        attempts=row.attempts,
        spent=row.spent,
        unknowns=row.unknowns,
        copy=row.copy,
        released_at=row.released_at,
        document=document,
        kind=kind_of(document),
        is_withdrawn=row.is_withdrawn,
        revision=row.revision,
        stored=_stored(row, row.settings_version) if row.settings_version is not None else None,
        steps=steps,
    )


def _stored(row: _Due, settings_version: str) -> StoredRevision:
    # Django's cursor gives jsonb as text.
    return StoredRevision(
        number=row.revision,
        settings_version=settings_version,
        media_type=row.media_type,
        envelope=json.loads(row.envelope),
        summary=json.loads(row.summary),
        skeleton=json.loads(row.skeleton),
        sha256=row.sha256,
    )

"""Writes what was done, seals it in chained batches and verifies the chain."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from posthorn.kernel.clock import now
from posthorn.tenancy.models import AuditEntry, AuditSeal
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_NO_SEAL = "0" * 64
_SEALER_LOCK = 7_401_001
_BATCH = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry before it is written; `detail` holds JSON values and no content of documents."""

    firm: UUID | None
    actor: str
    action: str
    subject_kind: str
    subject_id: UUID | None
    detail: Mapping[str, Any] = field(default_factory=dict)


def record(entries: Iterable[Entry]) -> None:
    """Write entries inside the running transaction."""
    rows = [
        (
            entry.firm,
            now(),
            entry.actor[:200],
            entry.action,
            entry.subject_kind,
            entry.subject_id,
            json.dumps(entry.detail),
        )
        for entry in entries
    ]
    if not rows:
        return
    firms, times, actors, actions, kinds, subjects, details = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancy_auditentry (firm_id, at, actor, action, subject_kind, subject_id, detail)"
            " SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::uuid[],"
            " %s::jsonb[])",
            [
                list(firms),
                list(times),
                list(actors),
                list(actions),
                list(kinds),
                list(subjects),
                list(details),
            ],
        )


def seal() -> int:
    """Chain committed entries that no seal holds yet, 5,000 at most; gives the number sealed."""
    with system("audit seal"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            "DELETE FROM tenancy_auditunsealed WHERE entry_id IN"
            " (SELECT entry_id FROM tenancy_auditunsealed ORDER BY entry_id LIMIT %s) RETURNING firm_id, entry_id",
            [_BATCH],
        )
        waiting: dict[UUID | None, list[int]] = {}
        for firm, entry in cursor.fetchall():
            waiting.setdefault(firm, []).append(entry)
        for firm, entry_ids in waiting.items():
            _seal_firm(firm, sorted(entry_ids))
    return sum(len(entry_ids) for entry_ids in waiting.values())


def _seal_firm(firm: UUID | None, entry_ids: list[int]) -> None:
    last = AuditSeal.objects.filter(firm_id=firm).order_by("-number").first()
    previous = last.digest if last else _NO_SEAL
    AuditSeal.objects.create(
        firm_id=firm,
        number=last.number + 1 if last else 1,
        entry_ids=entry_ids,
        previous=previous,
        digest=_digest(previous, entry_ids),
    )


def _digest(previous: str, entry_ids: Sequence[int]) -> str:
    entries = AuditEntry.objects.in_bulk(entry_ids)
    chain = sha256(previous.encode())
    for entry_id in entry_ids:
        entry = entries.get(entry_id)
        chain.update(_canonical(entry) if entry else b"missing")
    return chain.hexdigest()


def _canonical(entry: AuditEntry) -> bytes:
    fields = [
        entry.pk,
        str(entry.firm_id),
        entry.at.isoformat(),
        entry.actor,
        entry.action,
        entry.subject_kind,
        str(entry.subject_id),
        entry.detail,
    ]
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a verification found; `problems` is empty when the trail is whole."""

    entries: int
    seals: int
    unsealed: int
    heads: Mapping[str, str]
    problems: tuple[str, ...]


def verify() -> Verdict:
    """Recompute every firm's chain; finds changed, removed, added and reordered entries. Reads only."""
    problems: list[str] = []
    heads: dict[str, str] = {}
    sealed: set[int] = set()
    seals = 0
    with system("audit verify"):
        for row in AuditSeal.objects.order_by("firm_id", "number").iterator():
            seals += 1
            problems += _check_seal(row, heads.get(str(row.firm_id), _NO_SEAL), sealed)
            sealed.update(row.entry_ids)
            heads[str(row.firm_id)] = row.digest
        problems += _check_numbers()
        with connection.cursor() as cursor:
            cursor.execute("SELECT entry_id FROM tenancy_auditunsealed")
            unsealed = {entry_id for (entry_id,) in cursor.fetchall()}
        every = set(AuditEntry.objects.values_list("pk", flat=True))
    strangers = sorted(every - sealed - unsealed)
    problems += [f"entry {entry} was added outside the trail" for entry in strangers]
    return Verdict(
        entries=len(every),
        seals=seals,
        unsealed=len(unsealed),
        heads=heads,
        problems=tuple(problems),
    )


def _check_seal(row: AuditSeal, previous: str, sealed: set[int]) -> list[str]:
    name = f"seal {row.number} of firm {row.firm_id}"
    problems = []
    if row.previous != previous:
        problems.append(f"{name} does not follow the seal before it")
    if row.digest != _digest(row.previous, row.entry_ids):
        problems.append(f"{name} holds an entry that was changed or removed")
    if sealed.intersection(row.entry_ids):
        problems.append(f"{name} holds an entry of another seal")
    return problems


def _check_numbers() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT firm_id, count(*), max(number) FROM tenancy_auditseal"
            " GROUP BY firm_id HAVING count(*) <> max(number)"
        )
        return [
            f"firm {firm} has {count} seals but the last is number {last}"
            for firm, count, last in cursor.fetchall()
        ]
